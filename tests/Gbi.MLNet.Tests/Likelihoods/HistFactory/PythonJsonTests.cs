using System.Text.Json.Nodes;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>Digests of documents; the text is that of Python 3, json.dumps(document, sort_keys=True, ensure_ascii=False).</summary>
public sealed class PythonJsonTests
{
    [TestCase("sha256", "a38f6093800189b79bc22ef677baf90c75705af2cfc7ff594159eca54eaa7928")]
    [TestCase("md5", "2c0633f242928eb55c3672fed5ba8612")]
    public void The_digest_is_that_of_pyhfs_documentation(string algorithm, string expected) =>
        Assert.That(PythonJson.Digest(JsonNode.Parse("""{"c": 1.0, "a": 2.0, "b": 3.0}""")!, algorithm), Is.EqualTo(expected));

    [Test]
    public void Numbers_texts_and_keys_are_written_as_Python_writes_them()
    {
        JsonNode document = JsonNode.Parse(
            """
            {"b": [1, 1.0, -0.0, 1e16, 1e15, 123456789012345680.0, 1e-4, 1e-5, 0.1, 2.5e-10, 12345678901234567890123, 1E5, 5e-324,
              1.7976931348623157e308, -1234.5], "a": {"z": null, "é": true, "Z": "q\"\\\n\u0001/é\ud83d\ude00"}}
            """)!;

        Assert.That(PythonJson.Text(document), Is.EqualTo(
            "{\"a\": {\"Z\": \"q\\\"\\\\\\n\\u0001/é😀\", \"z\": null, \"é\": true}, \"b\": [1, 1.0, -0.0, 1e+16, 1000000000000000.0, "
            + "1.2345678901234568e+17, 0.0001, 1e-05, 0.1, 2.5e-10, 12345678901234567890123, 100000.0, 5e-324, "
            + "1.7976931348623157e+308, -1234.5]}"));
    }

    [Test]
    public void Keys_are_ordered_by_code_points() =>
        Assert.That(
            PythonJson.Text(JsonNode.Parse("""{"\ud83d\ude00": 1, "\uffee": 2}""")!), Is.EqualTo("{\"\uffee\": 2, \"😀\": 1}"));
}
