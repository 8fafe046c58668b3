using System.Text.Json;

namespace Gbi.Tests.Reports.Json;

/// <summary>The schemas and the reference in docs are those of the records that are written.</summary>
internal sealed class DocumentSchemaTests
{
    private static readonly bool Accepts = Environment.GetEnvironmentVariable("GBI_ACCEPT") == "1";

    private static IEnumerable<string> Kinds => DocumentSchema.Kinds.Keys.Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Kinds))]
    public void A_published_schema_is_that_of_its_record(string kind) =>
        Compare(PublishedSchemas.FileOf(kind), DocumentSchema.Of(DocumentSchema.Kinds[kind]));

    [Test]
    public void No_schema_is_left_of_a_document_that_is_gone() => Assert.That(
        Directory.GetFiles(Checkout.File("docs", "schemas")).Select(path => Path.GetFileName(path)),
        Is.EquivalentTo(Kinds.Concat([PublishedSchemas.Model, PublishedSchemas.Prior]).Select(kind => $"{kind}.schema.json")));

    [Test]
    public void The_reference_has_the_tables_of_the_schemas()
    {
        string page = Checkout.File("docs", "json.md");
        Compare(
            page, DocumentReference.Fill(File.ReadAllText(page), Kinds.Select(kind => DocumentSchema.Of(DocumentSchema.Kinds[kind]))));
    }

    [TestCaseSource(nameof(Kinds))]
    public void Every_member_has_a_meaning(string kind)
    {
        using var schema = JsonDocument.Parse(DocumentSchema.Of(DocumentSchema.Kinds[kind]));
        Assert.That(Unexplained(schema.RootElement, ""), Is.Empty);
    }

    private static IEnumerable<string> Unexplained(JsonElement schema, string path) => schema.EnumerateObject().SelectMany(member =>
        member.Name switch
        {
            "properties" => member.Value.EnumerateObject()
                .Where(property => !property.Value.TryGetProperty("description", out _)).Select(property => $"{path}.{property.Name}"),
            "$defs" => member.Value.EnumerateObject().SelectMany(record => Unexplained(record.Value, record.Name)),
            _ => [],
        });

    private static void Compare(string file, string expected)
    {
        if (Accepts)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, expected);
        }

        Assert.That(
            File.Exists(file) ? File.ReadAllText(file) : "", Is.EqualTo(expected),
            $"{Path.GetFileName(file)} is another one; if this is meant: GBI_ACCEPT=1 dotnet test -c Release --filter DocumentSchema");
    }
}
