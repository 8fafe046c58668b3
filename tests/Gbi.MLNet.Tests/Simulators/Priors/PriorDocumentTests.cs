using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using Gbi.Tests.Reports.Json;

namespace Gbi.Tests.Simulators.Priors;

/// <summary>The document of a prior, its schema, and the sentences for what is wrong in it.</summary>
internal sealed class PriorDocumentTests
{
    private static readonly string Example =
        File.ReadAllText(Checkout.File("docs", "json.md")).Split("## The prior document")[1].Split("```json\n")[1].Split("```")[0];

    [Test]
    public void The_example_of_the_reference_is_a_prior_and_is_written_as_it_is_read()
    {
        PublishedSchemas.Require(Example);
        var prior = Prior.FromJson(Example);
        string written = prior.ToJson();
        PublishedSchemas.Require(written);
        var again = Prior.FromJson(written);
        EventTable draws = prior.Draw(100, new Seed(1));
        Assert.Multiple(() =>
        {
            Assert.That(again.ToJson(), Is.EqualTo(written));
            Assert.That(prior.Parameters, Has.Count.EqualTo(13));
            Assert.That(prior.Kind(2), Is.EqualTo(ParameterKind.Periodic));
            foreach (string name in prior.Parameters)
            {
                Assert.That(again.Draw(100, new Seed(1))[name].ToArray(), Is.EqualTo(draws[name].ToArray()));
            }
        });
    }

    // What is replaced in the example, by what, and the sentence.
    [TestCase("\"gbiPrior\": \"1\"", "\"gbiPrior\": \"2\"", "/gbiPrior is '2', expected '1', the only version known here.")]
    [
        TestCase(
            "\"name\": \"m1\", \"uniform\"", "\"name\": \"m1\", \"unifrom\"",
            "/parameters/0/unifrom is unknown; allowed here, the most similar first: uniform, ")
    ]
    [TestCase("\"uniform\": [80, 120] },\n    { \"name\": \"m2\"", "\"uniform\": [120, 80] },\n    { \"name\": \"m2\"",
        "/parameters/0/uniform: Parameter 'm1' has the range [120, 80], expected two finite numbers, the lower one first.")]
    [TestCase("\"uniform\": [80, 120] },\n    { \"name\": \"m2\"", "\"uniform\": [1e9, 1000000001] },\n    { \"name\": \"m2\"",
        "/parameters/0/uniform: Parameter 'm1' varies by 1 at 1000000001, where single precision, which carries parameters, has 0 numbers")]
    [TestCase("\"name\": \"m2\"", "\"name\": \"m1\"", "/parameters/1 has the parameter 'm1' a second time; list each parameter once.")]
    [TestCase("\"sd\": 0.1", "\"sd\": -0.1", "/parameters/3/normal/sd is -0.1, expected a finite number above 0.")]
    [
        TestCase(
            "\"lower\": 0.5, \"upper\": 1.5", "\"lower\": 5.5",
            "/parameters/3/normal: Parameter 'scale' has the range [5.5, Infinity], more than 8 standard deviations from the mean 1; ")
    ]
    [
        TestCase(
            "\"mean\": 1, \"sd\": 0.1, \"lower\": 0.5, \"upper\": 1.5",
            "\"mean\": 0, \"sd\": 1e10, \"lower\": 1e9, \"upper\": 1000000001",
            "/parameters/3/normal: Parameter 'scale' varies by 1 at 1000000001, where single precision, which carries parameters, ")
    ]
    [
        TestCase(
            "\"sigma\": 0.5", "\"sigma\": 15",
            "/parameters/4/logNormal: Parameter 'rate' has the median 10 and sigma 15, with values beyond single precision; ")
    ]
    [
        TestCase(
            "\"a\": 8", "\"a\": 0.01",
            "/parameters/6/beta: The beta density of parameter 'efficiency' has a = 0.01 and b = 2, expected 0.1 or more: ")
    ]
    [
        TestCase(
            "[0, 1, 2]", "[0, 1.5, 2]",
            "/parameters/7/integer: Parameter 'jets' has the value 1.5, expected whole numbers up to 16,777,216.")
    ]
    [
        TestCase(
            "[0.5, 0.3, 0.2]", "[0.5, 0.3, 0.3]",
            "/parameters/7/integer: Parameter 'jets' has 3 values and 3 probabilities with sum 1.1, expected one above 0 a value, ")
    ]
    [
        TestCase(
            "[[1, 0.5], [0.5, 1]]", "[[1, 1.5], [1.5, 1]]",
            "/parameters/9/normal/covariance: The covariance of a, b is not positive definite; ")
    ]
    [
        TestCase(
            "[[1, 0.5], [0.5, 1]]", "[[1, 0.5], [0.4, 1]]",
            "/parameters/9/normal/covariance: The matrix of covariances is not symmetric: row 1 has 0.4 in column 0, and row 0 has ")
    ]
    [TestCase("\"mean\": [0, 0]", "\"mean\": [0]", "/parameters/9/normal/mean has 1 numbers, expected 2.")]
    [
        TestCase(
            "[2, 2, 1]", "[2, 2]",
            "/parameters/10/dirichlet: There are 2 concentrations for 2 shares, expected 3: one a share and one for ")
    ]
    [TestCase("\"m2\": -1", "\"m3\": -1", "/constraints/0/sum/m3 is unknown; allowed here, the most similar first: m1, m2, ")]
    [TestCase("\"m2\": -1", "\"m2\": 0", "/constraints/0/sum/m2 is 0, expected a finite number other than 0.")]
    [TestCase(", \"above\": 0", "", "/constraints: The constraint on m1, m2 is above -Infinity and below Infinity, expected one or both ")]
    [
        TestCase(
            "\"above\": 0", "\"above\": 39.99",
            "/constraints: The constraints on m1, m2, phase, scale, rate, width, efficiency, jets, spin, a, b, quark, gluon hold in 0 of ")
    ]
    [
        TestCase(
            "\"halfNormal\": { \"sd\": 2 }", "\"halfNormal\": { \"sd\": 2 }, \"uniform\": [0, 1]",
            "/parameters/5 has uniform, halfNormal, expected exactly one of uniform, normal, ")
    ]
    [TestCase("\"names\": [\"a\", \"b\"], \"normal\"", "\"names\": [\"a\", \"a\"], \"normal\"",
        "/parameters/9/normal/covariance: Parameter 'a' is listed twice; list each parameter once.")]
    public void A_wrong_document_is_refused_by_a_sentence(string right, string wrong, string sentence)
    {
        string changed = Example.Replace(right, wrong, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(Example));
        Assert.That(() => Prior.FromJson(changed), Throws.TypeOf<DocumentException>().With.Message.StartsWith(sentence));
    }

    [TestCase("\"gbiPrior\": \"1\"", "\"gbiPrior\": \"2\"")]
    [TestCase("\"name\": \"m1\", \"uniform\"", "\"name\": \"m1\", \"unifrom\"")]
    [TestCase("\"sd\": 0.1", "\"sd\": -0.1")]
    [TestCase("\"a\": 8", "\"a\": 0.01")]
    [TestCase("[0, 1, 2]", "[0, 1.5, 2]")]
    [TestCase("\"halfNormal\": { \"sd\": 2 }", "\"halfNormal\": { \"sd\": 2 }, \"uniform\": [0, 1]")]
    [TestCase(", \"above\": 0", "")]
    public void The_schema_refuses_the_same(string right, string wrong) => Assert.That(
        () => PublishedSchemas.Require(Example.Replace(right, wrong, StringComparison.Ordinal)), Throws.TypeOf<AssertionException>());

    [Test]
    public void Rows_of_a_file_are_read_from_the_documents_folder()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["rows.parquet"], EventTable.FromColumns(("a", [1, 2]), ("b", [3, 4]), ("w", [1, 0])));
        File.WriteAllText(folder["rows.csv"], "a,b\n1,3\n");
        File.WriteAllText(folder["prior.json"], Document("rows.parquet", "\"weight\": \"w\""));
        var prior = Prior.Read(folder["prior.json"]);
        Assert.Multiple(() =>
        {
            Assert.That(prior.Draw(10, new Seed(1))["b"].ToArray(), Has.All.EqualTo(3f));
            Assert.That(Prior.FromJson(prior.ToJson(holdsRows: true)).Range(1), Is.EqualTo((3, 4)));
            Assert.That(Prior.FromJson(prior.ToJson()).ToJson(), Is.EqualTo(prior.ToJson()));
            Assert.That(Prior.FromJson(Document("rows.csv"), folder.Root).Range(0), Is.EqualTo((1, 1)));
            Assert.That(
                () => Prior.FromJson(Document("lost.csv"), folder.Root),
                Throws.TypeOf<DocumentException>().With.Message.StartsWith("/parameters/0/rows: There is no file "));
        });

        static string Document(string file, string more = "") => new JsonObject
        {
            ["gbiPrior"] = "1",
            ["parameters"] = new JsonArray(new JsonObject
            {
                ["names"] = new JsonArray("a", "b"),
                ["rows"] = JsonNode.Parse($"{{ \"file\": \"{file}\"{(more.Length > 0 ? ", " : "")}{more} }}"),
            }),
        }.ToJsonString();
    }

    [Test]
    public void Rows_can_stand_in_the_document()
    {
        Prior prior = Prior.Rows(EventTable.FromColumns(("a", [0.1f, 2]), ("b", [3, 4])).WithWeights(new[] { 1, 0.5 }));
        string written = prior.ToJson();
        PublishedSchemas.Require(written);
        Assert.Multiple(() =>
        {
            Assert.That(written, Does.Contain("{ \"values\": [[0.1, 2], [3, 4]], \"weights\": [1, 0.5] }"));
            Assert.That(
                Prior.FromJson(written).Draw(50, new Seed(1))["a"].ToArray(), Is.EqualTo(prior.Draw(50, new Seed(1))["a"].ToArray()));
            Assert.That(
                () => Prior.FromJson(written.Replace("[3, 4]", "[3]", StringComparison.Ordinal)),
                Throws.TypeOf<DocumentException>().With.Message.StartsWith("/parameters/0/rows: Column 'b' has 1 values, expected 2"));
            Assert.That(
                () => Prior.FromJson(written.Replace("[0.1, 2], ", "", StringComparison.Ordinal)),
                Throws.TypeOf<DocumentException>().With.Message.StartsWith("/parameters/0/rows/values has 1 columns, expected 2"));
            Assert.That(
                () => Prior.FromJson(written.Replace("[1, 0.5]", "[1, -0.5]", StringComparison.Ordinal)),
                Throws.TypeOf<DocumentException>().With.Message.StartsWith("/parameters/0/rows: The weight of row 1 of the table is -0.5"));
        });
    }

    [Test]
    public void An_error_names_the_file()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["prior.json"], Example.Replace("\"sd\": 2", "\"sd\": 0", StringComparison.Ordinal));
        Assert.That(
            () => Prior.Read(folder["prior.json"]),
            Throws.TypeOf<DocumentException>().With.Message.StartsWith("prior.json: /parameters/5/halfNormal/sd is 0, expected "));
    }
}
