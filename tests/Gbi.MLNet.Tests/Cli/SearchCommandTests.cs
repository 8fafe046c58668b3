using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gbi.Events;
using Gbi.IO;
using Gbi.Pipeline;
using Gbi.Ratios;
using Gbi.Tests.Onnx;

namespace Gbi.Tests.Cli;

/// <summary>gbi search on small simulated events.</summary>
public sealed class SearchCommandTests
{
    private static readonly string[] Files = ["model.zip", "report.html", "result.json", "scores.parquet"];

    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void SearchOnce()
    {
        _example = new SearchExample();
        CliRun.Done(_example.Search("result", "--signal", _example.Signal));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void A_background_can_be_drawn_from_a_network()
    {
        File.WriteAllBytes(_example["flow.onnx"], GaussianFlow.Generator(
            SearchExample.Features, [0.03f, 0.05f, 0.06f, 0.06f], [0, 0, 0.37f, 0.27f], [0.06f, 0.15f, 0.17f, 0.18f]).ToBytes());
        CliRun run = CliRun.Done(_example.Search("with-flow", "--background", _example["flow.onnx"], "--json"));

        JsonNode result = JsonNode.Parse(run.Output)!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)result["settings"]!["backgroundGenerator"], Is.EqualTo("flow.onnx"));
            Assert.That(result["settings"]!["background"], Is.Null);
            Assert.That((double)result["expectedBackground"]!["value"]!, Is.EqualTo(3340).Within(300));
            Assert.That(File.ReadAllText(Path.Combine(_example["with-flow"], "report.html")), Does.Contain("flow.onnx"));
        });
    }

    [Test]
    public void A_search_writes_its_four_files_and_no_other() =>
        Assert.That(Directory.GetFileSystemEntries(_example["result"]).Select(Path.GetFileName).Order(), Is.EqualTo(Files));

    [Test]
    public void Scores_lie_beside_all_input_columns_in_the_order_of_the_input()
    {
        string[] input = ["mjj", "mj1", "delta_mj", "tau21_j1", "tau21_j2", "label"];
        var scores = new ParquetEventReader(Scores("result"));
        EventTable before = new ParquetEventReader(_example.Events).Read(input);
        EventTable after = scores.Read(input);

        Assert.Multiple(() =>
        {
            Assert.That(
                scores.Columns.Select(column => column.Name),
                Is.EqualTo((string[])[.. input, "region", "log_ratio", "log_ratio_spread", "anomaly_log_ratio", "background_weight"]));
            foreach (string name in input)
            {
                Assert.That(after[name].SequenceEqual(before[name]), name);
            }
        });
    }

    [Test]
    public void The_region_of_an_event_is_where_its_mass_lies()
    {
        EventTable scores = new ParquetEventReader(Scores("result")).Read(["mjj", "region"]);
        var window = new MassWindow(3.3, 3.7);

        Assert.That(
            scores["region"].ToArray().Select(region => region == 1),
            Is.EqualTo(scores["mjj"].ToArray().Select(mass => window.RegionOf(mass) == MassRegion.SignalRegion)));
    }

    [Test]
    public void Background_weights_sum_to_the_expected_background()
    {
        EventTable scores = new ParquetEventReader(Scores("result")).Read([], new EventReadOptions { WeightColumn = "background_weight" });
        using JsonDocument result = Result("result");

        Assert.That(
            scores.SumOfWeights,
            Is.EqualTo(result.RootElement.GetProperty("expectedBackground").GetProperty("value").GetDouble()).Within(1e-6).Percent);
    }

    [Test]
    public void The_signal_that_was_simulated_is_found()
    {
        // 200 signal events were simulated, 77 % of them in the signal region.
        using JsonDocument result = Result("result");

        Assert.Multiple(() =>
        {
            Assert.That(result.RootElement.GetProperty("signalYield").GetDouble(), Is.EqualTo(154).Within(60));
            Assert.That(result.RootElement.GetProperty("significance").GetDouble(), Is.GreaterThan(5));
        });
    }

    [Test]
    public void Same_seed_same_bytes_on_one_thread_and_on_two()
    {
        CliRun.Done(_example.Search("one", "--signal", _example.Signal, "--threads", "1"));
        CliRun.Done(_example.Search("two", "--signal", _example.Signal, "--threads", "2"));

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(Scores("two")), Is.EqualTo(File.ReadAllBytes(Scores("one"))));
            Assert.That(WithoutTime(_example["two/result.json"]), Is.EqualTo(WithoutTime(_example["one/result.json"])));
            Assert.That(WithoutTimes(_example["two/report.html"]), Is.EqualTo(WithoutTimes(_example["one/report.html"])));
        });
    }

    [Test]
    public void The_truth_column_is_copied_but_does_not_change_a_score()
    {
        string[] features = SearchExample.Features.Split(',');
        EventTable unlabelled = new ParquetEventReader(_example.Events).Read([.. features, "mjj"]);
        float[] nonsense = new float[unlabelled.Count];
        Array.Fill(nonsense, 7);
        ParquetEventWriter.Write(_example["nonsense.parquet"], unlabelled.WithColumn("label", nonsense));
        string[] args = _example.Search("relabelled", "--signal", _example.Signal);
        args[1] = _example["nonsense.parquet"];
        CliRun.Done(args);

        EventTable expected = new ParquetEventReader(Scores("result")).Read(["log_ratio"], new EventReadOptions { MissingValue = double.NaN });
        EventTable found = new ParquetEventReader(Scores("relabelled")).Read(["log_ratio"], new EventReadOptions { MissingValue = double.NaN });
        Assert.That(found["log_ratio"].SequenceEqual(expected["log_ratio"]));
    }

    [Test]
    public void Its_model_scores_a_file_as_the_ratio_itself_does()
    {
        string model = _example["result/model.zip"];
        CliRun.Done("score", "--model", model, "--in", _example.Events, "--out", _example["scored.parquet"], "--columns", "mjj,mj1");
        RatioModel ratio = RatioModelFile.Load(model);
        EventTable events = new ParquetEventReader(_example.Events).Read(ratio.Features);

        var scored = new ParquetEventReader(_example["scored.parquet"]);
        Assert.Multiple(() =>
        {
            Assert.That(scored.Columns.Select(column => column.Name), Is.EqualTo((string[])["mjj", "mj1", "log_ratio", "log_ratio_spread", "log_ratio_uncertainty"]));
            Assert.That(scored.Read(["log_ratio"])["log_ratio"].SequenceEqual(ratio.Score(events).LogRatio));
            Assert.That(ratio.Numerator, Is.EqualTo("signal"));
        });
    }

    [Test]
    public void Without_signal_it_counts_the_excess_and_prints_one_JSON_document()
    {
        CliRun run = CliRun.Done(_example.Search("excess", "--json"));

        using JsonDocument printed = JsonDocument.Parse(run.Output);
        Assert.Multiple(() =>
        {
            Assert.That(printed.RootElement.GetProperty("signalFraction").GetProperty("method").GetString(), Is.EqualTo("excess"));
            Assert.That(run.Output, Is.EqualTo(File.ReadAllText(_example["excess/result.json"])));
        });
    }

    [Test]
    public void A_text_file_gives_the_same_scores_and_keeps_its_columns()
    {
        EventTable events = new ParquetEventReader(_example.Events).Read(["mjj", .. SearchExample.Features.Split(',')]);
        File.WriteAllLines(
            _example["events.csv"],
            Enumerable.Range(0, events.Count)
                .Select(row => string.Join(',', events.ColumnNames.Select(name => events[name][row].ToString("R"))) + $",{row},run \"\"A\"\"")
                .Prepend(string.Join(',', events.ColumnNames) + ",number,note"));
        string[] args = _example.Search("text", "--signal", _example.Signal);
        args[1] = _example["events.csv"];
        CliRun.Done(args);

        var read = new EventReadOptions { MissingValue = double.NaN };
        EventTable found = new ParquetEventReader(Scores("text")).Read(["log_ratio", "number"], read);
        EventTable expected = new ParquetEventReader(Scores("result")).Read(["log_ratio"], read);
        Assert.Multiple(() =>
        {
            Assert.That(found["log_ratio"].SequenceEqual(expected["log_ratio"]));
            Assert.That(found["number"][12_345], Is.EqualTo(12_345));
            Assert.That(
                new ParquetEventReader(Scores("text")).Columns.Select(column => (column.Name, column.TypeName)), Does.Contain(("note", "text")));
            Assert.That(Directory.GetFiles(_example["text"]).Select(Path.GetFileName).Order(), Is.EqualTo(Files));
        });
    }

    [Test]
    public void A_settings_file_says_what_is_not_typed()
    {
        File.WriteAllText(
            _example["settings.json"],
            """{"mass": "mjj", "features": ["mj1", "delta_mj"], "signal-region": "3.2:3.6", "trees": 4, "background-trees": 4, "folds": 2, "seed": 9}""");
        CliRun.Done("search", _example.Events, "--config", _example["settings.json"], "--seed", "10", "--out", _example["configured"]);

        using JsonDocument result = Result("configured");
        JsonElement settings = result.RootElement.GetProperty("settings");
        Assert.Multiple(() =>
        {
            Assert.That(result.RootElement.GetProperty("seed").GetInt32(), Is.EqualTo(10));
            Assert.That(settings.GetProperty("signalRegion").EnumerateArray().Select(end => end.GetDouble()), Is.EqualTo((double[])[3.2, 3.6]));
            Assert.That(settings.GetProperty("features").GetArrayLength(), Is.EqualTo(2));
        });
    }

    [Test]
    public void Force_replaces_its_own_files_and_keeps_others()
    {
        string folder = Directory.CreateDirectory(_example["kept"]).FullName;
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "mine");
        File.WriteAllText(Path.Combine(folder, "result.json"), "old");
        CliRun.Done(_example.Search("kept", "--force"));

        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName).Order(), Is.EqualTo((string[])[.. Files.Append("notes.txt").Order()]));
            Assert.That(File.ReadAllText(Path.Combine(folder, "result.json")), Does.StartWith("{"));
        });
    }

    [Test]
    public void Interrupted_it_leaves_nothing_behind()
    {
        string[] before = _example.Names;
        using var cancellation = new CancellationTokenSource();
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(150));
        string[] args = _example.Search("interrupted", "--signal", _example.Signal);
        args[Array.IndexOf(args, "--trees") + 1] = "5000";

        CliRun run = CliRun.Of(cancellation.Token, args);

        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error.Trim()), Is.EqualTo((1, "Interrupted; nothing was written.")));
            Assert.That(_example.Names, Is.EqualTo(before));
        });
    }

    private string Scores(string folder) => Path.Combine(_example[folder], "scores.parquet");

    private JsonDocument Result(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(_example[folder], "result.json")));

    private static string WithoutTime(string path) => Regex.Replace(File.ReadAllText(path), "\"elapsedSeconds\": [0-9.]+", "");

    private static string WithoutTimes(string path) => Regex.Replace(File.ReadAllText(path), "<td>[0-9.]+ s</td>", "");
}
