using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Posteriors.Ratios;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Cli.Verbs.Posteriors;

/// <summary>gbi posterior and gbi calibrate: what is done with a posterior that was learnt.</summary>
internal sealed class PosteriorCommandTests
{
    private PosteriorExample _files = null!;

    private string Model => _files["posterior.zip"];

    [OneTimeSetUp]
    public void Learn()
    {
        _files = new PosteriorExample();
        CliRun run = CliRun.Of(_files.Infer("posterior.zip", "--simulations", _files.Simulations("simulations.parquet", 1000, 1)));
        Assert.That(File.Exists(Model), run.Error);
    }

    [OneTimeTearDown]
    public void Delete() => _files.Dispose();

    [Test]
    public void One_observation_has_a_table_of_its_parameters()
    {
        CliRun run = CliRun.Done("posterior", Model, _files["observed.csv"]);
        CliRun json = CliRun.Done("posterior", Model, _files["observed.csv"], "--json");
        Assert.That(run.Output, Does.Contain("Posterior of observed.csv, from 10,000 draws:").And.Contain("│ a ")
            .And.Not.Contain("Warning"));
        JsonNode a = JsonNode.Parse(json.Output)!["observations"]![0]!["parameters"]![0]!;
        Assert.That((double)a["mean"]!, Is.EqualTo(0.5).Within(0.03));
        Assert.That((double)a["central"]![0]!["upper"]! - (double)a["mean"]!, Is.EqualTo(PosteriorExample.Width).Within(0.03));
    }

    [Test]
    public void Several_observations_have_a_row_each_and_draws_with_their_number()
    {
        CliRun run = CliRun.Done("posterior", Model, _files["several.csv"], "--draws", "200", "--out", _files["draws.parquet"]);
        var draws = new ParquetEventReader(_files["draws.parquet"]).Read(["observation", "a", "log_density"], new EventReadOptions());
        float[] means = [.. Enumerable.Range(0, 3).Select(row => draws.Slice(200 * row, 200)["a"].ToArray().Average())];
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.Contain("Posteriors of 3 observations in several.csv, from 200 draws each")
                .And.Contain("Warning: Row 2: ").And.Contain("Wrote 600 draws to"));
            Assert.That(run.Output.Split("Warning:").Length, Is.EqualTo(2), "the third alone is unlike the simulations");
            Assert.That(draws["observation"].ToArray(), Is.EqualTo(Enumerable.Range(0, 600).Select(draw => (float)(draw / 200))));
            Assert.That(means[..2], Is.EqualTo(new[] { 0.25f, 0.5f }).Within(0.06f));
            Assert.That(draws["log_density"].ToArray(), Has.All.InRange(-20, 20));
        });
        CliRun again = CliRun.Of("posterior", Model, _files["several.csv"], "--out", _files["draws.parquet"]);
        Assert.That((again.Code, again.Error), Is.EqualTo((2,
            $"{_files["draws.parquet"]} exists already; choose another --out, or allow replacing it with --force.\n")));
    }

    [Test]
    public void A_posterior_is_tested_on_pairs_and_regions_are_repaired()
    {
        string pairs = _files.Simulations("pairs.parquet", 300, 7);
        CliRun run = CliRun.Done("calibrate", Model, pairs, "--draws", "199");
        JsonNode found = JsonNode.Parse(CliRun.Done("calibrate", Model, pairs, "--draws", "199", "--json").Output)!;
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.Contain("Tests on 300 pairs, 199 draws each:").And.Contain("in `a`")
                .And.Contain("information gain: ").And.Contain("level to take"));
            Assert.That(found["repairedLevels"]!.AsArray().Select(level => (double)level!["level"]!["value"]!), Is.Ordered.Ascending);
            Assert.That((bool)found["tests"]!["isOverConfident"]!, Is.False);
        });
    }

    [Test]
    public void A_posterior_by_ratios_is_taken_as_well()
    {
        string ratios = _files["ratios.zip"];
        EventTable simulations = new ParquetEventReader(_files["simulations.parquet"]).Read(["a", "x", "y"], new EventReadOptions());
        RatioPosterior.Train(
            Prior.Uniform("a", 0, 1), simulations.WithColumns(["a"]), simulations.WithColumns(["x", "y"]),
            RatioPosteriorOptions.CorrectedTrees with { Contrast = RatioContrast.NearMean, MemberCount = 1 }, new Seed(1)).Save(ratios);
        JsonNode found = JsonNode.Parse(CliRun.Done("posterior", ratios, _files["observed.csv"], "--json").Output)!;
        JsonNode a = found["observations"]![0]!["parameters"]![0]!;
        CliRun tested = CliRun.Done("calibrate", ratios, _files.Simulations("few.parquet", 100, 7), "--draws", "99");
        Assert.Multiple(() =>
        {
            Assert.That((double)a["mean"]!, Is.EqualTo(0.5).Within(0.04));
            Assert.That((double)a["central"]![0]!["upper"]! - (double)a["mean"]!, Is.EqualTo(PosteriorExample.Width).Within(0.04));
            Assert.That(tested.Output, Does.Contain("Tests on 100 pairs, 99 draws each:"));
        });
    }

    [Test]
    public void Regions_that_hold_the_truth_too_seldom_end_with_exit_code_3()
    {
        // Noise of the pairs is three times that of the training: 68 % intervals hold about Φ(1/3) − Φ(−1/3) = 26 %.
        string pairs = _files.Simulations("wide.parquet", 300, 8, 3 * PosteriorExample.Width);
        CliRun run = CliRun.Of("calibrate", Model, pairs, "--draws", "199");
        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(3));
            Assert.That(run.Error, Does.StartWith("posterior.zip is over-confident in `a`: ").And.EndWith(
                " Take the levels of the table for its regions, or learn from more simulations.\n"));
            Assert.That(run.Output, Does.Contain("level to take"));
        });
    }

    [Test]
    public void What_does_not_fit_the_posterior_is_refused()
    {
        File.WriteAllText(_files["lacking.csv"], "x\n1\n");
        File.WriteAllText(_files["outside.csv"], "a,x,y\n0.5,0.5,0\n3,3,0\n");
        File.WriteAllText(_files["broken.zip"], "no zip");
        Refused("There is no column 'y' in lacking.csv", "posterior", Model, _files["lacking.csv"]);
        Refused("absent.zip", "posterior", _files["absent.zip"], _files["observed.csv"]);
        Refused("cannot be read as a posterior", "posterior", _files["broken.zip"], _files["observed.csv"]);
        Refused("There is no column 'a' in observed.csv", "calibrate", Model, _files["observed.csv"]);
        Refused("draw test pairs from the prior", "calibrate", Model, _files["outside.csv"]);
        Refused(
            "30 of 300 pairs have a feature that is NaN or infinite (first in row 0)", "calibrate", Model,
            _files.Simulations("failed.parquet", 300, 9, failsEvery: 10));

        void Refused(string sentence, params string[] args)
        {
            CliRun run = CliRun.Of(args);
            Assert.That(run.Code, Is.EqualTo(1), run.Error);
            Assert.That(run.Error, Does.Contain(sentence).And.Not.Contain("defect"));
        }
    }
}
