using System.Text;
using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using static System.Globalization.CultureInfo;

namespace Gbi.Tests.Cli.Verbs.Posteriors;

/// <summary>Observations that are sets of events: gbi infer, posterior and calibrate with --events.</summary>
internal sealed class EventSetCommandTests
{
    private const int Events = 25;

    private PosteriorExample _files = null!;
    private string _model = "";

    [OneTimeSetUp]
    public void Infer()
    {
        _files = new PosteriorExample();
        _model = _files["sets.zip"];
        Write("simulations.csv", 1500, 1);
        CliRun.Done(_files.Infer("sets.zip", "--simulations", _files["simulations.csv"], "--events", "set", "--features", "x"));
    }

    [OneTimeTearDown]
    public void Delete() => _files.Dispose();

    [Test]
    public void All_rows_are_one_observation_or_those_with_one_value_of_a_column()
    {
        Write("events.csv", 3, 7, 0.5f);
        string first = _files["first.csv"];
        File.WriteAllLines(first, File.ReadLines(_files["events.csv"]).Take(1 + Events));
        CliRun one = CliRun.Done("posterior", _model, first, "--events", "--json");
        CliRun three = CliRun.Done("posterior", _model, _files["events.csv"], "--events", "set", "--json");
        JsonArray observations = JsonNode.Parse(three.Output)!["observations"]!.AsArray();
        JsonNode a = JsonNode.Parse(one.Output)!["observations"]![0]!["parameters"]![0]!;
        double mean = File.ReadLines(first).Skip(1).Average(line => double.Parse(line.Split(',')[1], InvariantCulture));
        Assert.Multiple(() =>
        {
            // Far from the bounds of a, 25 events of N(a, 0.2) have the posterior N(x̄, 0.04).
            Assert.That((double)a["mean"]!, Is.EqualTo(mean).Within(0.015));
            Assert.That((double)a["standardDeviation"]!, Is.EqualTo(0.04).Within(0.006));
            Assert.That(observations, Has.Count.EqualTo(3));
            Assert.That((double)observations[0]!["parameters"]![0]!["mean"]!, Is.EqualTo((double)a["mean"]!).Within(1e-12));
        });
    }

    [Test]
    public void A_posterior_of_sets_is_tested_on_sets()
    {
        Write("pairs.csv", 200, 3);
        CliRun run = CliRun.Done("calibrate", _model, _files["pairs.csv"], "--events", "set", "--draws", "99");
        Assert.That(run.Output, Does.Contain("Tests on 200 pairs"));
    }

    [Test]
    public void A_program_of_one_event_makes_sets()
    {
        CliRun run = CliRun.Of(_files.Infer(
            "made.zip", "--simulator", _files.Simulator(), "--simulations", "300", "--events", "5..20", "--observed", _files["o.csv"]));
        Assert.That((run.Code, run.Error), Is.EqualTo((1, $"There is no file {_files["o.csv"]}; check the path.\n")));
        File.WriteAllText(_files["o.csv"], "x\n0.45\n0.5\n0.55\n0.5\n0.5\n0.5\n");
        run = CliRun.Done(_files.Infer(
            "made.zip", "--simulator", _files.Simulator(), "--simulations", "300", "--events", "5..20", "--observed", _files["o.csv"]));
        Assert.That(run.Output, Does.Contain("Features      count, mean(x), deviation(x), q5(x), q25(x), q50(x), q75(x), q95(x)\n")
            .And.Contain("Learnt from 270 simulations").And.Contain("Posterior of o.csv"));
    }

    [Test]
    public void A_posterior_of_single_events_takes_their_sum_and_tests_it()
    {
        string model = _files["one.zip"];
        CliRun.Done(_files.Infer("one.zip", "--simulator", _files.Simulator(), "--simulations", "2000", "--batch", "1000"));
        string events = _files["few.csv"];
        File.WriteAllText(events, "x\n0.45\n0.5\n0.62\n0.5\n0.38\n0.55\n");
        CliRun plain = CliRun.Done("posterior", model, events, "--events", "--draws", "500");
        CliRun tested = CliRun.Of(
            "posterior", model, events, "--events", "--draws", "500", "--simulator", _files.Simulator(), "--json");
        JsonNode found = JsonNode.Parse(tested.Output)!;
        JsonNode a = found["observations"]![0]!["parameters"]![0]!;
        Assert.Multiple(() =>
        {
            Assert.That(plain.Output, Does.Contain(
                "Warning: It is a sum over 6 events, in which errors of the posterior of one event add up; test it with"));
            Assert.That(tested.Code, Is.EqualTo(0).Or.EqualTo(3));
            Assert.That((int)found["tests"]!["pairs"]!, Is.EqualTo(600));
            Assert.That(found["observations"]![0]!["warnings"]!.AsArray(), Has.Count.InRange(0, 1));

            // x − a is 0.2 (u + v + w − 1.5), of the standard deviation 0.1: six of them have 0.1/√6 = 0.041.
            Assert.That((double)a["mean"]!, Is.EqualTo(0.5).Within(0.02));
            Assert.That((double)a["standardDeviation"]!, Is.EqualTo(0.041).Within(0.01));
            Refuses(2, "--simulator tests a sum over events, which this is not: give --events and a posterior of single events, or leave "
                + "it out.\n", "posterior", model, events, "--simulator", "true {in} {out}");
        });
    }

    [Test]
    public void What_is_no_set_of_events_is_refused()
    {
        string plain = _files["plain.csv"];
        File.WriteAllText(plain, "x\n0.5\n0.6\n");
        Assert.Multiple(() =>
        {
            Refuses(1, "plain.csv has the columns x of events, and the posterior is one of sets of events; add --events, if all rows are "
                + "one observation, or --events COLUMN.\n", "posterior", _model, plain);
            Refuses(2, "--events is '20..5', expected the number of events that --simulator makes for a simulation, such as 100, or a "
                + "range, such as 50..500.\n",
                _files.Infer("no.zip", "--simulator", _files.Simulator(), "--simulations", "300", "--events", "20..5"));
            Refuses(1, "--events names 'x', which is a feature of the posterior; name the column that numbers the sets of events.\n",
                "posterior", _model, plain, "--events", "x");
            Refuses(1, "'a' is a parameter, expected a column that numbers the sets of events; name another column.\n",
                _files.Infer("no.zip", "--simulations", _files["simulations.csv"], "--events", "a"));
            Refuses(1, "simulations.csv has no column 'run' of numbers, which should say to which set an event belongs; name another "
                + "column.\n", _files.Infer("no.zip", "--simulations", _files["simulations.csv"], "--events", "run"));
        });
    }

    private static void Refuses(int code, string sentence, params string[] command)
    {
        CliRun run = CliRun.Of(command);
        Assert.That((run.Code, run.Error), Is.EqualTo((code, sentence)));
    }

    /// <summary>Sets of events x ~ N(a, 0.2) with a ~ U(0, 1).</summary>
    private void Write(string name, int count, ulong seed, float? at = null)
    {
        EventTable points = Prior.Uniform("a", 0, 1).Draw(count, new Seed(seed));
        var text = new StringBuilder("a,x,set\n");
        for (int set = 0; set < count; set++)
        {
            float a = at ?? points["a"][set];
            Seed ofSet = new Seed(seed).Child("events").Child(set);
            for (int i = 0; i < Events; i++)
            {
                double x = a + (0.2 * ofSet.NormalPair(i).First);
                text.Append(InvariantCulture, $"{a:R},{x:F6},{set}\n");
            }
        }

        File.WriteAllText(_files[name], text.ToString());
    }
}
