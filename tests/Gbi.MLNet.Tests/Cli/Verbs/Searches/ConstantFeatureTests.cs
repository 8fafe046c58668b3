using System.Net;
using System.Text.RegularExpressions;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Tests.Peaks;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>A feature of one value is named once on the terminal, once in JSON and once in the report.</summary>
public sealed class ConstantFeatureTests
{
    private const string Spectrum = "--spectrum dijet --collision-energy 13 --trees 4 --background-trees 4 --folds 2 --members 1";

    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void Simulate()
    {
        _example = new SearchExample();
        string[] columns = ["mjj", .. SearchExample.Features.Split(',')];
        foreach (string path in (string[])[_example.Events, _example.Signal])
        {
            EventTable events = new ParquetEventReader(path).Read(columns);
            Write(Path.GetFileName(path), events);
        }

        Write("pairs.parquet", PeakSample.Draw(300, 3000, seed: 1));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [TestCase(
        "search", "search flat-events.parquet --mass mjj --features mj1,tau21_j1,flat --signal-region 3.3:3.7 " + Spectrum, "20,000 ")]
    [TestCase(
        "blind",
        "search flat-events.parquet --mass mjj --features mj1,tau21_j1,flat --signal-region 3.3:3.7 --signal flat-signal.parquet --blind "
            + Spectrum, "")]
    [TestCase(
        "hunt", "hunt flat-events.parquet --mass mjj --features mj1,flat --scan 3.1:3.5:0.4 --width 0.4 --cuts 0.05 " + Spectrum,
        "20,000 ")]
    [TestCase(
        "peak",
        "peak flat-pairs.parquet --mass mass --features feature,flat --signal-region 4.1:5.9 --spectrum-parameters 2 --categories 0.5 "
            + "--replicas 0 --toys 0", "")]
    public void It_is_named_once(string name, string line, string count)
    {
        string[] args = [.. line.Split(' ').Select(word => word.EndsWith(".parquet", StringComparison.Ordinal) ? _example[word] : word)];
        string folder = _example[name];
        string printed = CliRun.Done([.. args, "--out", folder]).Output;
        string sentence = $"Feature 'flat' is 3 in all {count}";
        string json = Directory.GetFiles(folder, "*.json")
            .Single(file => Path.GetFileName(file) is not ("likelihood.json" or "manifest.json"));
        string report = WebUtility.HtmlDecode(File.ReadAllText(Path.Combine(folder, "report.html")));

        Assert.Multiple(() =>
        {
            Assert.That(Count(printed, sentence), Is.EqualTo(1), "terminal");
            Assert.That(Count(File.ReadAllText(json).Replace("\\u0027", "'", StringComparison.Ordinal), sentence), Is.EqualTo(1), "JSON");
            Assert.That(Count(report, sentence), Is.EqualTo(1), "report");
        });
    }

    private static int Count(string text, string sentence) =>
        Regex.Count(Regex.Replace(text, @"\s+", " "), Regex.Escape(sentence) + "[0-9,]* ?events; it separates nothing");

    private void Write(string name, EventTable events) => ParquetEventWriter.Write(
        _example["flat-" + name], events.WithColumn("flat", Enumerable.Repeat(3f, events.Count).ToArray()));
}
