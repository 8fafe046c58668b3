using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Scoring;

namespace Gbi.Tests.Cli.Verbs.Posteriors;

/// <summary>gbi infer: from simulations, made before or by a program, to a posterior.</summary>
internal sealed class InferCommandTests
{
    private PosteriorExample _files = null!;

    [OneTimeSetUp]
    public void Write()
    {
        _files = new PosteriorExample();
        _files.Simulations("simulations.parquet", 1000, 1);
    }

    [OneTimeTearDown]
    public void Delete() => _files.Dispose();

    private CliRun Infer(string output, params string[] others) => CliRun.Of(_files.Infer(output, others));

    private void Refused(int code, string sentence, params string[] args)
    {
        string[] prior = args[0] == "--prior" ? [] : ["--prior", _files["prior.json"]];
        CliRun run = CliRun.Of(["infer", .. prior, "--out", _files["refused.zip"], .. args]);
        Assert.That((run.Code, File.Exists(_files["refused.zip"])), Is.EqualTo((code, false)), sentence);
        Assert.That(run.Error, Does.Contain(sentence).And.Not.Contain("defect"));
    }

    [Test]
    public void Simulations_made_before_give_a_posterior_and_its_tests()
    {
        CliRun run = Infer("text.zip", "--simulations", _files["simulations.parquet"], "--observed", _files["observed.csv"]);
        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
            Assert.That(run.Output, Does.Contain("Features      x, y").And.Contain("None of 1,000 simulations failed.")
                .And.Contain("Learnt from 900 simulations").And.Contain("Tests on 100 pairs, 499 draws each:")
                .And.Contain("Posterior of observed.csv, from 10,000 draws:").And.Contain("68 % interval").And.Not.Contain("Warning"));
        });
        CliRun again = CliRun.Done(
            _files.Infer("json.zip", "--simulations", _files["simulations.parquet"], "--observed", _files["observed.csv"], "--json"));
        JsonNode found = JsonNode.Parse(again.Output)!;
        JsonNode a = found["observation"]!["parameters"]![0]!;
        Assert.Multiple(() =>
        {
            // Half-way between the bounds, the posterior of x = a + n is that of n: mean 0.5, width 0.1.
            Assert.That((double)a["mean"]!, Is.EqualTo(0.5).Within(0.05));
            Assert.That((double)a["standardDeviation"]!, Is.EqualTo(PosteriorExample.Width).Within(0.03));
            Assert.That((int)found["simulations"]!["count"]!, Is.EqualTo(1000));
            Assert.That((string?)found["simulationFolder"], Is.Null);
            Assert.That(File.ReadAllBytes(_files["json.zip"]), Is.EqualTo(File.ReadAllBytes(_files["text.zip"])));
        });
    }

    [Test]
    public void A_classifier_corrects_where_it_finds_something()
    {
        CliRun run = Infer(
            "corrected.zip", "--simulations", _files["simulations.parquet"], "--observed", _files["observed.csv"], "--correct", "--json");
        JsonNode found = JsonNode.Parse(run.Output)!;
        CliRun posterior = CliRun.Done("posterior", _files["corrected.zip"], _files["observed.csv"], "--json");
        CliRun exported = CliRun.Of("export", _files["corrected.zip"], "--out", _files["corrected.onnx"]);
        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
            Assert.That(found["correctionTrees"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That((double)found["observation"]!["parameters"]![0]!["mean"]!, Is.EqualTo(0.5).Within(0.05));
            Assert.That(
                JsonNode.Parse(posterior.Output)!["observations"]![0]!["parameters"]!.ToJsonString(),
                Is.EqualTo(found["observation"]!["parameters"]!.ToJsonString()), "the file is what was printed");
            Assert.That((exported.Code, exported.Error), Is.EqualTo((1,
                "corrected.zip is a posterior by a classifier, which is normalised by draws at each observation, as no network is. Export "
                    + "a posterior that was inferred without --correct.\n")));
        });
    }

    [Test]
    public void Features_are_named_by_wildcards_and_failures_counted_by_region()
    {
        string file = _files.Simulations("failing.parquet", 300, 2, failsEvery: 5);
        CliRun run = Infer("failing.zip", "--simulations", file, "--features", "x*");
        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
            Assert.That(run.Output, Does.Contain("Features      x\n").And.Contain("60 of 300 simulations failed (20 %), evenly over the ")
                .And.Contain("They are left out.").And.Contain("Failed most where").And.Contain("Learnt from 216 simulations"));
        });
    }

    [Test]
    public void A_prior_that_the_simulations_were_not_drawn_from_is_refused_or_warned_of()
    {
        File.WriteAllText(_files["narrow.json"], PosteriorExample.PriorOf(0, 0.5));
        File.WriteAllText(_files["wide.json"], PosteriorExample.PriorOf(0, 2));
        CliRun narrow = WithPrior("narrow.json");
        CliRun wide = WithPrior("wide.json");
        Assert.Multiple(() =>
        {
            Assert.That(narrow.Code, Is.EqualTo(1));
            Assert.That(narrow.Error, Does.Contain("outside the prior's range from 0 to 0.5; give the prior that the simulations were"));
            Assert.That(File.Exists(_files["narrow.json.zip"]), Is.False);
            Assert.That(wide.Output, Does.Contain("Warning: Parameter 'a' of the simulations is not distributed as in the prior"));
        });

        CliRun WithPrior(string prior) => CliRun.Of(
            "infer", "--prior", _files[prior], "--members", "1", "--simulations", _files["simulations.parquet"], "--out",
            _files[prior + ".zip"]);
    }

    [Test]
    public void Simulations_of_a_proposal_are_weighted_by_a_column_that_is_no_feature()
    {
        // a ~ U(0, 1) with the density 2a as the prior's is the triangle on (0, 1), which a prior of beta(2, 1) is.
        File.WriteAllText(_files["beta.json"], """{ "gbiPrior": "1", "parameters": [ { "name": "a", "beta": { "a": 2, "b": 1 } } ] }""");
        EventTable drawn = TableFile.Read(_files["simulations.parquet"], ["a", "x"], new EventReadOptions(), CancellationToken.None);
        string Weighted(string name, Func<float, int, float> weight)
        {
            float[] weights = [.. drawn["a"].ToArray().Select(weight)];
            ParquetEventWriter.Write(_files[name], drawn.WithColumn("weight", weights));
            return _files[name];
        }

        string file = Weighted("weighted.parquet", (a, _) => a);
        CliRun run = CliRun.Done(
            "infer", "--prior", _files["beta.json"], "--members", "1", "--simulations", file, "--weight", "weight", "--out",
            _files["weighted.zip"], "--json");
        JsonNode found = JsonNode.Parse(run.Output)!;
        CliRun text = CliRun.Done(
            "infer", "--prior", _files["beta.json"], "--members", "1", "--simulations", file, "--weight", "weight", "--features", "*",
            "--out", _files["again.zip"]);
        CliRun unnamed = Infer("no.zip", "--simulations", file);
        Assert.Multiple(() =>
        {
            Assert.That(found["features"]!.ToJsonString(), Is.EqualTo("""["x"]"""));
            Assert.That(found["warnings"]!.AsArray(), Is.Empty);

            // (Σw)²/Σw² of a uniform weight is ¾ of the number, Σw/max w half of it.
            Assert.That((double)found["weights"]!["effectiveTrainingSimulations"]!, Is.EqualTo(675).Within(30));
            Assert.That((int)found["weights"]!["heldOut"]!, Is.EqualTo(100));
            Assert.That((int)found["weights"]!["tested"]!, Is.EqualTo((int)found["tests"]!["pairs"]!).And.EqualTo(50).Within(15));
            Assert.That(FileContent.HashOf(_files["again.zip"]), Is.EqualTo(FileContent.HashOf(_files["weighted.zip"])));
            Assert.That(text.Output, Does.Contain("By their weights they are worth 6").And.Contain("of 100 held out, "));
            Assert.That(
                (unnamed.Code, unnamed.Error), Is.EqualTo((1, "weighted.parquet has a column 'weight', which may hold the weights of the "
                    + "simulations or be a feature; say which by --weight or --features.\n")));
            Refused(1, "Weight column 'weight' in lacks.parquet has 1 value that is missing, NaN or infinite (at row 3); drop those rows.",
                "--simulations", Weighted("lacks.parquet", (a, row) => row == 3 ? float.NaN : a), "--weight", "weight");
            Refused(1, "The weight in column 'weight' of zero.parquet is 0 in row 3, expected a finite number above 0",
                "--simulations", Weighted("zero.parquet", (a, row) => row == 3 ? 0 : a), "--weight", "weight");
            Refused(1, "The weight in column 'weight' of signed.parquet is -1 in row 3, expected a finite number above 0",
                "--simulations", Weighted("signed.parquet", (a, row) => row == 3 ? -1 : a), "--weight", "weight");
            Refused(1, "There is no column 'w' in weighted.parquet", "--simulations", file, "--weight", "w");
            Refused(1, "Column 'a' of weighted.parquet holds the weights and is named as a param", "--simulations", file, "--weight", "a");
            Refused(1, "holds the weights and is named as a feature", "--simulations", file, "--weight", "x", "--features", "x");
            Refused(2, "--weight and --simulator exclude", "--simulations", "100", "--simulator", "sim {in} {out}", "--weight", "w");
            Refused(2, "--weight and --events exclude", "--simulations", file, "--events", "n", "--weight", "w");
            Refused(2, "--weight and --rounds exclude", "--simulations", file, "--rounds", "2", "--weight", "w");
        });
    }

    [Test]
    public void What_cannot_be_done_is_said_in_a_sentence()
    {
        string file = _files["simulations.parquet"];
        File.WriteAllText(_files["other.json"], PosteriorExample.PriorOf(0, 1).Replace("\"a\"", "\"mass\"", StringComparison.Ordinal));
        File.WriteAllText(_files["lacking.csv"], "x\n1\n");
        Refused(1, "There is no column 'mass' in simulations.parquet", "--prior", _files["other.json"], "--simulations", file);
        Refused(1, "There is no column 'y' in lacking.csv", "--simulations", file, "--observed", _files["lacking.csv"]);
        Refused(1, "several.csv has 3 rows, expected one observation", "--simulations", file, "--observed", _files["several.csv"]);
        Refused(1, "absent.parquet", "--simulations", _files["absent.parquet"]);
        Refused(1, "absent.csv", "--simulations", file, "--observed", _files["absent.csv"]);
        Refused(1, "fits 'z*'", "--simulations", file, "--features", "z*");
        Refused(2, "--simulations 100 needs --simulator", "--simulations", "100");
        Refused(2, "expected a whole number of 1 or more", "--simulator", "sim {in} {out}", "--simulations", file);
        Refused(2, "twice; the same simulations", "--simulations", file, file);
        Refused(2, "--folder needs --simulator", "--simulations", file, "--folder", _files["folder"]);
        Refused(1, "9 of 9 simulations have not failed", "--simulations", _files.Simulations("few.parquet", 9, 3));
        File.WriteAllText(_files["there.zip"], "");
        CliRun exists = Infer("there.zip", "--simulations", file);
        Assert.That((exists.Code, exists.Error), Is.EqualTo((2, $"{_files["there.zip"]} exists already; choose another --out, or allow "
            + "replacing it with --force.\n")));
    }

    [Test, Platform(Exclude = "Win")]
    public void Rounds_near_an_observation_give_its_posterior_and_no_other()
    {
        string[] command = ["--simulator", _files.Simulator(), "--simulations", "400", "--batch", "200"];
        CliRun run = Infer(
            "rounds.zip",
            [.. command, "--rounds", "2", "--observed", _files["observed.csv"], "--technical-failures", "--report", _files["rounds.html"]]);
        CliRun same = CliRun.Of("posterior", _files["rounds.zip"], _files["observed.csv"]);
        File.WriteAllText(_files["another.csv"], "x\n0.7\n");
        CliRun another = CliRun.Of("posterior", _files["rounds.zip"], _files["another.csv"]);
        CliRun calibrated = CliRun.Of("calibrate", _files["rounds.zip"], _files["simulations.parquet"]);
        CliRun exported = CliRun.Of("export", _files["rounds.zip"], "--out", _files["rounds.onnx"]);
        CliRun unobserved = Infer("no.zip", [.. command, "--rounds", "2"]);
        CliRun few = Infer(
            "no.zip", "--simulator", _files.Simulator(), "--simulations", "3", "--rounds", "5", "--observed", _files["observed.csv"]);
        CliRun unsimulated = Infer(
            "no.zip", "--simulations", _files["simulations.parquet"], "--rounds", "2", "--observed", _files["observed.csv"]);
        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
            Assert.That(run.Output, Does.Contain("Share of the prior").And.Contain("Tests on ").And.Contain("Posterior of observed.csv")
                .And.Contain("It is the posterior of observed.csv only: for another observation, infer again."));
            Assert.That(Directory.Exists(Path.Combine(_files["rounds.simulations"], "round-2")));
            Assert.That(
                File.ReadAllText(_files["rounds.html"]), Does.Contain("Posterior of observed.csv").And.Contain("Simulations and training"));
            Assert.That((same.Code, same.Error), Is.EqualTo((0, "")));
            Assert.That(another.Code, Is.EqualTo(1));
            Assert.That(another.Error, Does.Contain("with x = 0.5 and holds for no other; this one has x = 0.7"));
            Assert.That(calibrated.Code, Is.EqualTo(1));
            Assert.That(calibrated.Error, Does.Contain("was inferred in rounds and holds for one observation"));
            Assert.That(exported.Code, Is.EqualTo(1));
            Assert.That(exported.Error, Does.Contain("rounds.zip was inferred in rounds").And.Contain("inferred without --rounds"));
            Assert.That(unobserved.Code, Is.EqualTo(2));
            Assert.That(unobserved.Error, Does.Contain("--rounds 2 needs --observed"));
            Assert.That(few.Code, Is.EqualTo(2));
            Assert.That(few.Error, Does.Contain("--simulations 3 are fewer than --rounds 5"));
            Assert.That(unsimulated.Code, Is.EqualTo(2));
            Assert.That(unsimulated.Error, Does.Contain("--rounds 2 needs --simulator"));
        });
    }

    [Test, Platform(Exclude = "Win")]
    public void An_interrupted_program_is_resumed_and_gives_the_same_bytes()
    {
        string[] command = ["--simulator", _files.Simulator(0.3), "--simulations", "120", "--batch", "20"];
        CliRun whole = Infer("whole.zip", command);
        Assert.That((whole.Code, whole.Error), Is.EqualTo((0, "")));
        using var stop = new CancellationTokenSource();
        string first = Path.Combine(_files["stopped.simulations"], "batch-000000.parquet");
        var watch = Task.Run(() =>
        {
            SpinWait.SpinUntil(() => File.Exists(first), TimeSpan.FromSeconds(30));
            stop.Cancel();
        });
        CliRun stopped = CliRun.Of(stop.Token, _files.Infer("stopped.zip", command));
        watch.Wait();
        Assert.Multiple(() =>
        {
            Assert.That((stopped.Code, stopped.Error), Is.EqualTo((75,
                $"Interrupted; finished simulations stay in {_files["stopped.simulations"]}, and the same command resumes.\n")));
            Assert.That(Directory.GetFiles(_files["stopped.simulations"], "batch-*"), Has.Length.InRange(1, 5));
            Assert.That(File.Exists(_files["stopped.zip"]), Is.False);
        });
        CliRun resumed = Infer("stopped.zip", command);
        CliRun other = Infer("stopped.zip", [.. command, "--seed", "2", "--force"]);
        CliRun read = Infer("read.zip", ["--simulations", .. Directory.GetFiles(_files["whole.simulations"], "batch-*").Order()]);
        Assert.Multiple(() =>
        {
            Assert.That((resumed.Code, resumed.Error), Is.EqualTo((0, "")));
            byte[] expected = File.ReadAllBytes(_files["whole.zip"]);
            Assert.That(File.ReadAllBytes(_files["stopped.zip"]), Is.EqualTo(expected));
            Assert.That((read.Code, read.Error), Is.EqualTo((0, "")));
            Assert.That(
                FileContent.HashOf(_files["read.zip"]), Is.EqualTo(FileContent.HashOf(_files["whole.zip"])),
                "the files of the folder are simulations made before");
            Assert.That((other.Code, other.Error.Split(';')[0]), Is.EqualTo((1,
                $"{_files["stopped.simulations"]} holds simulations with the seed 1, expected 2")));
        });
    }
}
