using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Tests.Cli.Verbs.Posteriors;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>gbi score with a posterior: its means and standard deviations beside the events.</summary>
internal sealed class PosteriorScoreTests
{
    private const string Mean = "posterior_mean_a";
    private const string Deviation = "posterior_deviation_a";

    private PosteriorExample _files = null!;

    [OneTimeSetUp]
    public void Infer()
    {
        _files = new PosteriorExample();
        _files.Simulations("simulations.parquet", 2000, 1);
        CliRun.Done(_files.Infer("posterior.zip", "--simulations", _files["simulations.parquet"]));

        // Far from the bounds, the posterior of x is N(x, 0.1²), whatever y is; the last row is the first one again.
        float[] x = [.. Enumerable.Range(0, 99).Select(row => 0.3f + (0.004f * row)), 0.3f];
        ParquetEventWriter.Write(
            _files["events.parquet"],
            EventTable.FromColumns(
                ("y", [.. x.Select((_, row) => row is 0 or 99 ? 0f : (row % 7) - 3)]), ("x", x), ("run", new float[100])),
            new ParquetWriteOptions { RowGroupSize = 40 });
    }

    [OneTimeTearDown]
    public void Delete() => _files.Dispose();

    private EventTable Scored(string file, params string[] columns) => new ParquetEventReader(_files[file]).Read(columns);

    private string[] Score(string events, string output, params string[] others) =>
        ["score", _files[events], "--out", _files[output], .. others];

    [Test]
    public void Means_and_deviations_of_each_event_are_appended()
    {
        CliRun run = CliRun.Done(Score("events.parquet", "out.parquet", "--model", _files["posterior.zip"], "--draws", "400"));
        EventTable scored = Scored("out.parquet", "x", "run", Mean, Deviation);
        float[] distances = [.. scored[Mean].ToArray().Zip(scored["x"].ToArray(), (mean, x) => mean - x)];
        JsonNode json = JsonNode.Parse(CliRun.Done(Score(
            "events.parquet", "again.parquet", "--model", _files["posterior.zip"], "--draws", "400", "--columns", "x", "--json")).Output)!;
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.Contain("Scored 100 events with means and standard deviations of a of posterior.zip; wrote "));

            // 2,000 simulations know means to a fifth of a width; 400 draws add a twentieth.
            Assert.That(distances, Is.All.InRange(-0.04f, 0.04f));
            Assert.That(scored[Deviation].ToArray(), Is.All.InRange(0.08f, 0.12f));
            Assert.That(
                (scored[Mean][99], scored[Deviation][99]), Is.EqualTo((scored[Mean][0], scored[Deviation][0])), "of another row group");
            Assert.That(json["columns"]!.ToJsonString(), Is.EqualTo($"""["{Mean}","{Deviation}"]"""));
            Assert.That(json["models"]![0]!["parameters"]!.ToJsonString(), Is.EqualTo("""["a"]"""));
            Assert.That(Scored("again.parquet", Mean)[Mean].ToArray(), Is.EqualTo(scored[Mean].ToArray()));
        });
    }

    [Test]
    public void A_finished_output_is_kept_unless_the_draws_are_others()
    {
        string[] command = Score("events.parquet", "kept.parquet", "--model", _files["posterior.zip"], "--draws", "50", "--resume");
        CliRun.Done(command);
        CliRun again = CliRun.Done(command);
        CliRun other = CliRun.Of(Score("events.parquet", "kept.parquet", "--model", _files["posterior.zip"], "--draws", "60", "--resume"));
        Assert.Multiple(() =>
        {
            Assert.That(again.Output, Does.Contain("finished before by the same command"));
            Assert.That(other.Code, Is.EqualTo(2));
            Assert.That(other.Error, Does.Contain("was made with other models, columns or events"));
        });
    }

    [Test]
    public void Several_posteriors_have_columns_of_their_own_and_missing_features_are_told()
    {
        EventTable events = EventTable.FromColumns(("x", [0.5f, float.NaN]), ("y", [float.NaN, 0]));
        ParquetEventWriter.Write(_files["missing.parquet"], events);
        ParquetEventWriter.Write(_files["infinite.parquet"], EventTable.FromColumns(("x", [0.5f, float.PositiveInfinity]), ("y", [0f, 0])));
        File.Copy(_files["posterior.zip"], _files["second.zip"]);
        string[] two = ["--model", _files["posterior.zip"], "--model", _files["second.zip"]];
        CliRun.Done(Score("missing.parquet", "filled.parquet", [.. two, "--draws", "2000"]));
        EventTable scored = Scored("filled.parquet", $"posterior_{Mean}", $"second_{Mean}", $"second_{Deviation}");
        Assert.Multiple(() =>
        {
            Assert.That(scored[$"posterior_{Mean}"].ToArray(), Is.EqualTo(scored[$"second_{Mean}"].ToArray()));
            Assert.That(scored[$"second_{Mean}"][0], Is.EqualTo(0.5).Within(0.05), "y says nothing");

            // Without x the trees know no more than their training tells of rows without x, of which there were none.
            Assert.That(scored[$"second_{Mean}"][1], Is.InRange(0, 1));
            Refused(1, "Column 'x' in infinite.parquet has 1 value that is NaN or infinite (at row 1)", "infinite.parquet", two);
        });
    }

    [Test]
    public void Posteriors_that_give_no_columns_are_refused()
    {
        CliRun.Done(_files.Infer("corrected.zip", "--simulations", _files.Simulations("few.parquet", 300, 2), "--correct"));
        CliRun.Done(Score("events.parquet", "plain.parquet", "--model", _files["posterior.zip"], "--draws", "2"));
        Refused(
            1, "is a posterior by a classifier, which is sampled at each observation", "events.parquet",
            ["--model", _files["corrected.zip"]]);
        Refused(
            1, "There is no column 'y' in lacking.parquet", Write("lacking.parquet", EventTable.FromColumns(("x", [0.5f]))),
            ["--model", _files["posterior.zip"]]);
        Refused(1, $"Column '{Mean}' is in plain.parquet already", "plain.parquet", ["--model", _files["posterior.zip"]]);
        Refused(2, "--draws", "events.parquet", ["--model", _files["posterior.zip"], "--draws", "1"]);

        string Write(string name, EventTable events)
        {
            ParquetEventWriter.Write(_files[name], events);
            return name;
        }
    }

    private void Refused(int code, string sentence, string events, string[] others)
    {
        CliRun run = CliRun.Of(Score(events, "refused.parquet", others));
        Assert.That((run.Code, File.Exists(_files["refused.parquet"])), Is.EqualTo((code, false)), sentence);
        Assert.That(run.Error, Does.Contain(sentence).And.Not.Contain("defect"));
    }
}
