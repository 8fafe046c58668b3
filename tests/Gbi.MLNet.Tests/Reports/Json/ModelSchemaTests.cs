using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Reports.Json;

/// <summary>The schema of model documents and the reader of them say the same.</summary>
internal sealed class ModelSchemaTests
{
    private static readonly string Page = File.ReadAllText(Checkout.File("docs", "json.md"));

    private static string Example => Page.Split("```json\n")[1].Split("```")[0];

    [Test]
    public void The_example_of_the_reference_is_a_model()
    {
        PublishedSchemas.Require(Example);
        Assert.That(LikelihoodModelBuilder.FromJson(Example).Channels, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_model_is_written_as_its_schema_says() => PublishedSchemas.Require(LikelihoodModelBuilder.FromJson(Example).ToJson());

    [TestCase("\"gbiModel\": \"1\"", "\"gbiModel\": \"2\"")]
    [TestCase("\"lower\": 0, \"upper\"", "\"low\": 0, \"upper\"")]
    [TestCase("\"yield\": 150", "\"yield\": -1")]
    [TestCase("\"kappa\": 1.1", "\"kappa\": 1")]
    [TestCase("\"law\": \"polynomialExponential\"", "\"law\": \"spline\"")]
    [TestCase("\"nominal\": [200, 195]", "\"nominal\": [\"many\", 195]")]
    [TestCase("{ \"strength\": \"mu\" }", "{ \"strength\": \"mu\", \"exponential\": { \"parameter\": \"jes\", \"linear\": 1 } }")]
    public void Both_refuse_the_same(string right, string wrong)
    {
        string changed = Example.Replace(right, wrong, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(Example));
        Assert.Multiple(() =>
        {
            Assert.That(() => LikelihoodModelBuilder.FromJson(changed), Throws.TypeOf<DocumentException>());
            Assert.That(() => PublishedSchemas.Require(changed), Throws.TypeOf<AssertionException>());
        });
    }

    [Test]
    public void A_schema_refuses_a_missing_and_an_unknown_member()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["counting.json"], SmallWorkspace.Counting(10, 50, 55));
        JsonObject limit = JsonNode.Parse(Cli.CliRun.Done("limit", folder["counting.json"], "--json").Output)!.AsObject();
        JsonNode unknown = limit.DeepClone();
        unknown["more"] = 1;
        limit.Remove("upperLimit");
        Assert.Multiple(() =>
        {
            Assert.That(
                () => PublishedSchemas.Require(limit.ToJsonString()),
                Throws.TypeOf<AssertionException>().With.Message.Contains("upperLimit"));
            Assert.That(() => PublishedSchemas.Require(unknown.ToJsonString()), Throws.TypeOf<AssertionException>());
        });
    }
}
