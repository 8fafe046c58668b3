using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods;

namespace Gbi.Tests.Likelihoods.Documents;

/// <summary>Everything that can be wrong in a document is one sentence that starts with its place.</summary>
public sealed class ModelDocumentErrorTests
{
    private const string Signal = "/channels/0/processes/0";

    // What is replaced in the example, by what, and the sentence.
    [TestCase("\"gbiModel\": \"1\"", "\"gbiModel\": \"2\"", "/gbiModel is '2', expected '1', the only version known here.")]
    [TestCase("\"gbiModel\": \"1\"", "\"gbiModel\": 1", "/gbiModel is 1, expected a text.")]
    [
        TestCase(
            "\"parameterOfInterest\": \"mu\"", "\"parameterOfInterest\": \"nu\"",
            "/parameterOfInterest: The parameter of interest refers to the parameter 'nu', which the model lacks; it has mu, c, jes, tes, "
                + "lumi, rate, gamma.")
    ]
    [
        TestCase(
            "\"parameterOfInterest\"", "\"parameterOfIntrest\"",
            "/parameterOfIntrest is unknown; allowed here, the most similar first: parameterOfInterest, parameters, gbiModel, channels.")
    ]
    [
        TestCase(
            "\"initial\": 1, \"lower\": 0", "\"lower\": 0",
            "/parameters/0 has no 'initial', where fits start; only a constraint can say it instead.")
    ]
    [
        TestCase(
            "\"initial\": 1, \"lower\": 0", "\"initial\": 1, \"lower\": 11",
            "/parameters/0: Parameter 'mu' starts at 1 within [11, 10]; expected a finite start and ordered bounds.")
    ]
    [TestCase("\"upper\": 10", "\"upper\": 1e999", "/parameters/0/upper is 1e999, expected a finite number.")]
    [
        TestCase(
            "\"name\": \"c\"", "\"name\": \"mu\"",
            "/parameters/1/name: The parameter 'mu' is listed twice; list a parameter that channels share once.")
    ]
    [TestCase("\"name\": \"c\"", "\"name\": \" \"", "/parameters/1/name is empty, expected a name.")]
    [TestCase("\"lower\": -5", "\"lower\": -5, \"lower\": -6", "Duplicate property")]
    [
        TestCase(
            "\"logNormal\"", "\"lognormal\"",
            "/parameters/4/constraint/lognormal is unknown; allowed here, the most similar first: logNormal, gaussian, poisson.")
    ]
    [
        TestCase(
            "\"kappa\": 1.1", "\"kappa\": 1",
            "/parameters/4/constraint/logNormal/kappa is 1, expected a finite number above 1, the factor of one standard deviation.")
    ]
    [TestCase("\"width\": 0.8", "\"width\": 0", "/parameters/3/constraint/gaussian/width is 0, expected a finite number above 0.")]
    [
        TestCase(
            "\"observed\": 24, \"expected\": 25", "\"observed\": -1, \"expected\": 25",
            "/parameters/5/constraint/poisson: The count of a Poisson constraint must be finite and not negative.")
    ]
    [TestCase("\"fixed\": true", "\"fixed\": \"yes\"", "/parameters/6/fixed is \"yes\", expected true or false.")]
    [
        TestCase(
            "\"name\": \"lumi\", \"initial\": 1, \"fixed\": true", "\"name\": \"idle\", \"initial\": 1",
            "/factors/1: Process 'signal' refers to the parameter 'lumi', which the model lacks; it has mu, c,")
    ]
    [TestCase("\"yield\": 100", "\"yield\": \"ten\"", Signal + "/yield is \"ten\", expected a finite number of 0 or more.")]
    [TestCase("\"yield\": 100", "\"yield\": -1", Signal + "/yield is -1, expected a finite number of 0 or more.")]
    [
        TestCase(
            "\"yield\": 100", "\"yeild\": 100", Signal + "/yeild is unknown; allowed here, the most similar first: yield, name, ratio")
    ]
    [TestCase("\"yield\": 100,", "", Signal + " has no 'yield'.")]
    [
        TestCase(
            "{ \"strength\": \"mu\" }", "{ \"strength\": \"me\" }",
            Signal + "/factors/0: Process 'signal' refers to the parameter 'me', which the model lacks; it has mu, c, jes,")
    ]
    [
        TestCase(
            "{ \"strength\": \"mu\" }", "{ }",
            Signal + "/factors/0 has 0 members, expected exactly one of strength, polynomial, exponential, interpolated.")
    ]
    [TestCase("{ \"strength\": \"mu\" }", "\"mu\"", Signal + "/factors/0 is \"mu\", expected an object.")]
    [TestCase("[1, 0.3, -0.1]", "[]", Signal + "/factors/2/polynomial: The polynomial of 'c' needs one coefficient or more, all finite.")]
    [TestCase("[1, 0.3, -0.1]", "[1, null]", Signal + "/factors/2/polynomial/coefficients/1 is null, expected a finite number.")]
    [
        TestCase(
            "\"down\": 0.95", "\"down\": 0",
            Signal + "/factors/3/interpolated/down is 0, expected a finite number above 0, because the law raises it to a power.")
    ]
    [
        TestCase(
            "\"law\": \"piecewiseLinear\"", "\"law\": \"linear\"",
            "/channels/0/processes/1/factors/0/interpolated/law is 'linear', expected one of piecewiseLinear, piecewiseExponential, "
                + "quadraticLinear, polynomialExponential, polynomialLinear.")
    ]
    [
        TestCase(
            "\"logRatio\": \"log_ratio_signal\"", "\"logRatio\": \"l\", \"ratio\": \"r\"",
            Signal + ": Process 'signal' of channel 'sr' has both a ratio ('r') and a log ratio ('l'); give one.")
    ]
    [
        TestCase(
            "\"monomial\": \"jes^2\"", "\"monomial\": \"jes*tes*c\"",
            Signal
                + "/shapes/0/exponential/1/monomial: The monomial 'jes*tes*c' has more than two factors, expected one such as a, a^2 or "
                + "a*b.")
    ]
    [
        TestCase(
            "\"monomial\": \"jes^2\"", "\"monomial\": \"jes*tas\"",
            Signal + "/shapes/0: Process 'signal' refers to the parameter 'tas', which the model lacks; it has tes, jes,")
    ]
    [
        TestCase(
            "\"file\": \"data.parquet\", \"weight\"", "\"file\": \"data.parquet\", \"weights\"",
            "/channels/0/events/weights is unknown; allowed here, the most similar first: weight, file, asimov.")
    ]
    [
        TestCase(
            "\"name\": \"other\"", "\"name\": \"signal\"",
            "/channels/0/processes/1/name: Two processes of channel 'sr' have the name 'signal'; names must differ.")
    ]
    [TestCase("\"name\": \"cr\"", "\"name\": \"sr\"", "/channels/1/name: Two channels have the name 'sr'; names must differ.")]
    [TestCase("\"samples\"", "\"sample\"", "/channels/1 must have either 'processes', for events, or 'samples', for bins.")]
    [TestCase("[120, 80]", "[120]", "/channels/1/observed has 1 numbers, expected 2.")]
    [TestCase("[120, 80]", "[120, -80]", "/channels/1/observed/1 is -80, expected a finite count of 0 or more.")]
    [TestCase("[117, 80]", "[117, 80, 1]", "/channels/1/samples/0/shifts/0/down has 3 numbers, expected 2.")]
    [
        TestCase(
            "quadraticLinear", "polynomialExponential",
            "/channels/1/samples/0/shifts/0/law: Sample 'background' of channel 'cr' has a shift by the law PolynomialExponential, which "
                + "is one of factors;")
    ]
    [TestCase(
        "[\"gamma\", null]", "[\"gamma\"]", "/channels/1/samples/0/binFactors/0 has 1 names, expected 2: one per bin, null for none.")]
    [
        TestCase(
            "[\"gamma\", null]", "[\"gama\", null]",
            "/channels/1/samples/0/binFactors/0: Sample 'background' of channel 'cr' refers to the parameter 'gama', which the model "
                + "lacks; it has gamma,")
    ]
    [TestCase("\"channels\": [", "\"channels\": [3, ", "/channels/0 is 3, expected an object.")]
    public void A_document_that_is_wrong_is_told_where(string part, string replacement, string sentence)
    {
        int at = ExampleModel.Json.IndexOf(part);
        Assert.That(at, Is.Not.Negative, "the example has this part");
        string json = ExampleModel.Json[..at] + replacement + ExampleModel.Json[(at + part.Length)..];
        string found = Assert.Throws<DocumentException>(() => LikelihoodModelBuilder.FromJson(json))!.Message;
        Assert.That(found, Does.Contain(sentence));
        Assert.That(found, Does.EndWith("."));
    }

    [TestCase("{", "The model is not valid JSON")]
    [TestCase("[]", "The document is an array, expected an object.")]
    [TestCase("{}", "The document has no 'gbiModel'.")]
    [TestCase("""{ "gbiModel": "1" }""", "The document has no 'parameters'.")]
    [TestCase("""{ "gbiModel": "1", "parameters": [], "channels": [] }""", "/channels: The model has no channel; give one or more.")]
    [TestCase("""{ "gbiModel": "1", "parameters": [], "channels": ["""
        + """{ "name": "c", "samples": [] }] }""", "/channels/0/samples is empty, expected one sample or more.")]
    [TestCase("""{ "gbiModel": "1", "parameters": [], "channels": [{ "name": "c", "samples": ["""
        + """{ "name": "s", "nominal": [] }] }] }""", "/channels/0/samples/0/nominal is empty, expected one number per bin.")]
    [TestCase("""{ "gbiModel": "1", "parameters": [], "channels": ["""
        + """{ "name": "c", "processes": [] }] }""", "/channels/0/processes is empty, expected one process or more.")]
    [TestCase("""{ "gbiModel": "1", "parameters": [], "channels": [{ "name": "c", "processes": ["""
        + """{ "name": "p", "yield": 1 }] }] }""", "/channels/0: No process of channel 'c' reads a column")]
    [TestCase("""{ "gbiModel": "1", "parameters": [{ "name": "a", "initial": 0 }], "channels": [{ "name": "c", "samples": ["""
        + """{ "name": "s", "nominal": [1] }] }] }""", "/parameters/0: The parameter 'a' has no constraint and changes no yield")]
    public void A_document_that_is_no_model_is_told_why(string json, string sentence) =>
        Assert.That(() => LikelihoodModelBuilder.FromJson(json), Throws.TypeOf<DocumentException>().With.Message.Contains(sentence));

    [
        TestCase("null"), TestCase("-1.5"), TestCase("0"), TestCase("\"\""), TestCase("\"mu\""), TestCase("true"), TestCase("[]"),
        TestCase("[null]"), TestCase("{}"), TestCase(null)
    ]
    public void Whatever_stands_in_a_place_is_read_or_refused_with_a_place(string? junk)
    {
        int refused = 0;
        foreach (string path in Paths(JsonNode.Parse(ExampleModel.Json)!).ToArray())
        {
            string json = Replaced(path, junk);
            try
            {
                Assert.That(LikelihoodModelBuilder.FromJson(json).ToJson(), Is.Not.Empty);
            }
            catch (DocumentException failure)
            {
                refused++;
                Assert.That(failure.Message, Does.StartWith("/").Or.StartWith("The document "), path);
            }
        }

        Assert.That(refused, Is.Positive);
    }

    /// <summary>All nodes below one, by the keys that lead to them.</summary>
    private static IEnumerable<string> Paths(JsonNode? node) => node switch
    {
        JsonObject members =>
            members.SelectMany(member => Paths(member.Value).Select(path => $"/{member.Key}{path}").Prepend($"/{member.Key}")),
        JsonArray items => items.SelectMany((item, at) => Paths(item).Select(path => $"/{at}{path}").Prepend($"/{at}")),
        _ => [],
    };

    /// <summary>The example with other content in a place; without the place for null.</summary>
    private static string Replaced(string path, string? junk)
    {
        JsonNode document = JsonNode.Parse(ExampleModel.Json)!;
        string[] keys = path[1..].Split('/');
        JsonNode parent = keys[..^1].Aggregate(document, (node, key) => node is JsonArray items ? items[int.Parse(key)]! : node[key]!);
        switch (parent)
        {
            case JsonArray items when junk is null:
                items.RemoveAt(int.Parse(keys[^1]));
                break;
            case JsonArray items:
                items[int.Parse(keys[^1])] = JsonNode.Parse(junk);
                break;
            case JsonObject members when junk is null:
                members.Remove(keys[^1]);
                break;
            default:
                parent[keys[^1]] = JsonNode.Parse(junk!);
                break;
        }

        return document.ToJsonString();
    }
}
