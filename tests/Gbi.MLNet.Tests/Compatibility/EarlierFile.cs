using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Tests.Compatibility;

/// <summary>Files that version 0.2.0 wrote, and the numbers that it gave for them; see README.md here.</summary>
internal static class EarlierFile
{
    /// <summary>A file of the folder Files.</summary>
    public static string Path(params ReadOnlySpan<string> path) =>
        Checkout.File(["tests", "Gbi.MLNet.Tests", "Compatibility", "Files", .. path]);

    public static JsonNode Expected(string name) => JsonNode.Parse(File.ReadAllText(Path("Expected", name)))!;

    /// <summary>The columns of a table of comma-separated values; nothing between two commas is NaN.</summary>
    public static Dictionary<string, float[]> Columns(string path)
    {
        string[][] lines = [.. File.ReadLines(path).Select(line => line.Split(','))];
        return lines[0].Select((name, column) => (name, column)).ToDictionary(
            pair => pair.name,
            pair => lines.Skip(1).Select(line => Number(line[pair.column])).ToArray());

        static float Number(string text) => text.Length == 0 ? float.NaN : float.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Every column that 0.2.0 wrote is in a Parquet file with the same values, those of trees to the last digits.</summary>
    public static void RequireColumns(string parquet, string expected)
    {
        foreach ((string name, float[] values) in Columns(Path("Expected", expected)))
        {
            EventTable table = new ParquetEventReader(parquet).Read([name], new EventReadOptions { MissingValue = double.NaN });
            Assert.That(table[name].ToArray(), Is.EqualTo(values).Within(1e-6), name);
        }
    }

    /// <summary>Keys of 0.2.0, where needed with those around them, and what they are called now, in capitals.</summary>
    private static readonly (string Old, string New)[] Renamed =
    [
        ("/CONFIDENCE/", "/CONFIDENCELEVEL/"),
        ("/UPPERLIMITOBS/", "/UPPERLIMIT/"),
        ("/UPPERLIMITEXP/", "/EXPECTEDUPPERLIMIT/"),
        ("/CLSOBS/", "/CLS/"),
        ("/Q/", "/OBSERVED/"),
        ("/P/", "/PROBABILITY/"),
        ("/P0/", "/PROBABILITY/"),
        ("/PERROR/", "/PROBABILITYERROR/"),
        ("/P0ERROR/", "/PROBABILITYERROR/"),
        ("/LOWER68/", "/INTERVAL68/LOWER/"),
        ("/UPPER68/", "/INTERVAL68/UPPER/"),
        ("/LOWER95/", "/INTERVAL95/LOWER/"),
        ("/UPPER95/", "/INTERVAL95/UPPER/"),
        ("/INTERVAL68/0/", "/INTERVAL68/LOWER/"),
        ("/INTERVAL68/1/", "/INTERVAL68/UPPER/"),
        ("/INTERVAL95/0/", "/INTERVAL95/LOWER/"),
        ("/INTERVAL95/1/", "/INTERVAL95/UPPER/"),
        ("/FAMILYRANGE/0/", "/FAMILYRANGE/LOWER/"),
        ("/FAMILYRANGE/1/", "/FAMILYRANGE/UPPER/"),
        ("/SPECTRUM/LOW/", "/SPECTRUM/MASSRANGE/LOWER/"),
        ("/SPECTRUM/HIGH/", "/SPECTRUM/MASSRANGE/UPPER/"),
        ("/CLOSURE/MEANRATIO/", "/CLOSURE/MEANRATIO/VALUE/"),
        ("/CLOSURE/ERROR/", "/CLOSURE/MEANRATIO/ERROR/"),
        ("/BEST/WINDOW/0/", "/BEST/SIGNALREGION/LOWER/"),
        ("/BEST/WINDOW/1/", "/BEST/SIGNALREGION/UPPER/"),
        ("/SIGNALREGION/0/", "/SIGNALREGION/LOWER/"),
        ("/SIGNALREGION/1/", "/SIGNALREGION/UPPER/"),
        ("/GLOBALFROMTOYS/FAILURES/", "/GLOBALFROMTOYS/FAILED/"),
        ("/GLOBALFROMUPCROSSINGS/UPPERBOUND/", "/GLOBALFROMUPCROSSINGS/VALUE/"),
    ];

    private static readonly Regex SignificanceOfWindow = new("^/WINDOWS/([0-9]+)/SIGNIFICANCE/");

    /// <summary>
    /// Every number that 0.2.0 printed is in a document under the same or the renamed key, whatever the key's case and dashes, to a
    /// relative <paramref name="tolerance"/>.
    /// </summary>
    public static void RequireNumbers(string json, string expected, double tolerance = 1e-9)
    {
        Dictionary<string, double> found = Numbers(JsonNode.Parse(json)!);
        Dictionary<string, double> all = Numbers(Expected(expected));
        Assert.That(all, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach ((string old, double value) in all)
            {
                string key = found.ContainsKey(old) ? old : NowCalled(old);
                Assert.That(found, Contains.Key(key));
                Assert.That(found.GetValueOrDefault(key), Is.EqualTo(value).Within(tolerance * Math.Abs(value)), key);
            }
        });
    }

    private static string NowCalled(string path) => Renamed.Aggregate(
        SignificanceOfWindow.Replace(path + "/", "/WINDOWS/$1/LOCALSIGNIFICANCE/"),
        (now, key) => now.Replace(key.Old, key.New, StringComparison.Ordinal)).TrimEnd('/');

    private static Dictionary<string, double> Numbers(JsonNode document)
    {
        var numbers = new Dictionary<string, double>();
        Collect("", document);
        return numbers;

        void Collect(string path, JsonNode? node)
        {
            if (node is JsonObject properties)
            {
                foreach ((string key, JsonNode? value) in properties)
                {
                    Collect($"{path}/{key.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant()}", value);
                }
            }
            else if (node is JsonArray items)
            {
                for (int i = 0; i < items.Count; i++)
                {
                    Collect($"{path}/{i}", items[i]);
                }
            }
            else if (node?.GetValueKind() == JsonValueKind.Number)
            {
                numbers.Add(path, (double)node);
            }
        }
    }
}
