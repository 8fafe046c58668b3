using Gbi.Events;
using Gbi.Infer;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Truncation;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Infer;

/// <summary>θ ~ U(−10, 10), x ~ N(θ, 0.1²), half of the simulations at negative θ fail: the posterior at x = 3 is N(3, 0.1²).</summary>
[TestFixture]
internal sealed class LocalInferenceTests
{
    private const double Width = 0.1;

    private static readonly Prior Box = Prior.Uniform("theta", -10, 10);

    private static readonly EventTable At3 = EventTable.FromColumns(("x", [3]));

    private static readonly LocalInferenceOptions Three = new()
    {
        RoundCount = 3,
        Inference = new PosteriorInferenceOptions { Training = new TreePosteriorOptions { MemberCount = 2 }, TestDrawCount = 99 },
    };

    private static readonly FunctionSimulator Noise = new(["theta"], ["x"], (theta, random, x) =>
        x[0] = theta[0] < 0 && random.NextDouble() < 0.5 ? double.NaN : theta[0] + random.NextNormal(0, Width))
    { Fingerprint = "noise" };

    private static readonly Lazy<LocallyInferredPosterior> Found = new(() =>
        new LocalInference(Noise, Box, Three).Run(At3, 1500, new Seed(1)));

    [Test]
    public void Rounds_close_in_on_the_observation_and_find_its_posterior()
    {
        TruncatedPosterior posterior = Found.Value.Posterior;
        ParameterSummary summary = posterior.Given().Summarise(5000, new Seed(2)).Parameters[0];
        IReadOnlyList<InferenceRound> rounds = Found.Value.Rounds;
        Assert.Multiple(() =>
        {
            Assert.That(summary.Mean, Is.EqualTo(3).Within(0.03));
            Assert.That(summary.StandardDeviation, Is.EqualTo(Width).Within(0.02));
            Assert.That(rounds.Select(round => round.SimulationCount), Is.EqualTo((int[])[500, 500, 500]));
            Assert.That(rounds[0].PriorShare, Is.EqualTo(1));
            Assert.That(rounds[0].FailedCount, Is.EqualTo(125).Within(50));
            Assert.That(rounds[1].PriorShare, Is.InRange(0.01, 0.5));

            // Six standard deviations of 20 units are 0.03 of the prior.
            Assert.That(rounds[2].PriorShare, Is.InRange(0.01, 0.1));
            // All of 1,500 but failed ones, 125 or so, and a tenth of those in the region.
            Assert.That(rounds[2].TrainingCount, Is.InRange(1200, 1330));
            Assert.That(posterior.Prior.Range(0), Is.EqualTo((-10.0, 10.0)));
            Assert.That(Found.Value.Report.IsOverConfident, Is.False);
            Assert.That(Found.Value.Failures.Count, Is.EqualTo(1500));
        });
    }

    [Test]
    public void Its_density_is_normalised_in_the_region_and_0_elsewhere_and_no_draw_lies_outside()
    {
        TruncatedPosterior posterior = Found.Value.Posterior;
        const int Cells = 8000;
        EventTable grid = EventTable.FromColumns(
            ("theta", [.. Enumerable.Range(0, Cells).Select(k => (float)(2 + ((k + 0.5) * 2 / Cells)))]));
        double[] densities = posterior.LogDensity(grid, At3);
        double[] near = posterior.LogDensity(grid, EventTable.FromColumns(("x", [3.05f])));
        PosteriorDraws draws = posterior.Given().Draw(3000, new Seed(3));
        Assert.Multiple(() =>
        {
            Assert.That(densities.Sum(Math.Exp) * 2 / Cells, Is.EqualTo(1).Within(0.02));
            Assert.That(near.Sum(Math.Exp) * 2 / Cells, Is.EqualTo(1).Within(0.1));
            Assert.That(densities[0], Is.EqualTo(double.NegativeInfinity));
            Assert.That(draws.LogDensities, Is.All.GreaterThan(double.NegativeInfinity));
            Assert.That(posterior.Coverage, Is.InRange(0.9, 1));
        });
    }

    [Test]
    public void Values_of_an_integer_that_are_not_negligible_stay_in_all_rounds()
    {
        // Poisson probabilities of a count of 3 at 1 to 8: densities of draws are equal by values, the border is that of one of them.
        Prior counts = Prior.Integer("n", [1, 2, 3, 4, 5, 6, 7, 8]);
        var simulator = new FunctionSimulator(["n"], ["x"], (theta, random, x) => x[0] = random.NextPoisson(theta[0]));
        LocallyInferredPosterior found = new LocalInference(simulator, counts, Three with { RoundCount = 4 }).Run(At3, 4000, new Seed(1));
        double[] exact = [.. Enumerable.Range(1, 8).Select(n => Math.Pow(n, 3) * Math.Exp(-n))];
        float[] drawn = found.Posterior.Given().Draw(20_000, new Seed(2)).Table["n"].ToArray();
        for (int n = 1; n <= 8; n++)
        {
            double share = drawn.Count(value => value == n) / 20_000.0;
            Assert.That(share, Is.EqualTo(exact[n - 1] / exact.Sum()).Within(0.05), $"n = {n}");
            Assert.That(share, Is.GreaterThan(0), $"n = {n}");
        }
    }

    [Test]
    public void It_holds_for_its_observation_only()
    {
        TruncatedPosterior posterior = Found.Value.Posterior;
        Assert.Multiple(() =>
        {
            Assert.That(posterior.Given(At3).Observation["x"][0], Is.EqualTo(3));
            Assert.That(
                () => posterior.Given(EventTable.FromColumns(("x", [4]))),
                Throws.TypeOf<DataException>().With.Message.Contains("with x = 3 and holds for no other; this one has x = 4"));
            Assert.That(
                () => posterior.Given(EventTable.FromColumns(("x", [3, 3]))),
                Throws.TypeOf<DataException>().With.Message.Contains("there are 2"));
        });
    }

    [Test]
    public void It_is_saved_and_read()
    {
        using var folder = new ScratchFolder();
        TruncatedPosterior posterior = Found.Value.Posterior;
        posterior.Save(folder["local.zip"]);
        TruncatedPosterior read = TruncatedPosterior.Load(folder["local.zip"]);
        EventTable points = posterior.Given().Draw(200, new Seed(4)).Table;
        Assert.Multiple(() =>
        {
            Assert.That(read.LogDensity(points, At3), Is.EqualTo(posterior.LogDensity(points, At3)));
            Assert.That(read.Given().Draw(200, new Seed(4)).Table["theta"].ToArray(), Is.EqualTo(points["theta"].ToArray()));
            Assert.That(read.Observation["x"][0], Is.EqualTo(3));
            Assert.That(
                () => TreePosterior.Load(folder["local.zip"]),
                Throws.TypeOf<DataException>().With.Message.Contains("it has the entry 'truncated-posterior.json'"));
        });
    }

    /// <summary>x = θ₁² + θ₂² + noise, θ ~ U(−1, 1)²: at x = 0.5 the posterior is a ring, blurred by trees of one parameter.</summary>
    [Test]
    public void The_last_round_is_corrected_by_a_classifier()
    {
        using var folder = new ScratchFolder();
        var prior = Prior.Independent(Prior.Uniform("a", -1, 1), Prior.Uniform("b", -1, 1));
        var ring = new FunctionSimulator(["a", "b"], ["x"], (theta, random, x) =>
            x[0] = (theta[0] * theta[0]) + (theta[1] * theta[1]) + random.NextNormal(0, 0.02));
        LocalInferenceOptions two = Three with { RoundCount = 2, Inference = Three.Inference with { IsCorrected = true } };
        EventTable half = EventTable.FromColumns(("x", [0.5f]));
        LocallyInferredPosterior found = new LocalInference(ring, prior, two).Run(half, 1000, new Seed(1));
        TruncatedPosterior posterior = found.Posterior;
        posterior.Save(folder["local.zip"]);
        TruncatedPosterior read = TruncatedPosterior.Load(folder["local.zip"]);
        PosteriorDraws draws = posterior.Given().Draw(300, new Seed(4));
        int[] cells = [.. Enumerable.Range(0, 100 * 100)];
        EventTable grid = EventTable.FromColumns(
            ("a", [.. cells.Select(cell => (((cell / 100) + 0.5f) / 50) - 1)]),
            ("b", [.. cells.Select(cell => (((cell % 100) + 0.5f) / 50) - 1)]));
        double[] densities = posterior.LogDensity(grid, half);
        Assert.Multiple(() =>
        {
            Assert.That(posterior.Corrected!.TreeCounts, Is.All.Positive);
            Assert.That(densities, Has.Some.EqualTo(double.NegativeInfinity), "points outside the region");

            // Normalised by 256 draws, whose weights scatter by as much as they have.
            Assert.That(densities.Sum(Math.Exp) * 4 / 10_000, Is.EqualTo(1).Within(0.25));
            Assert.That(draws.LogDensities, Is.All.GreaterThan(double.NegativeInfinity));
            Assert.That(read.LogDensity(draws.Table, half), Is.EqualTo(posterior.LogDensity(draws.Table, half)));
            Assert.That(read.Given().Draw(300, new Seed(4)).Table["a"].ToArray(), Is.EqualTo(draws.Table["a"].ToArray()));
        });
    }

    [Test]
    public void A_folder_keeps_the_simulations_of_each_round()
    {
        using var folder = new ScratchFolder();
        int made = 0;
        var counted = new FunctionSimulator(["theta"], ["x"], (theta, random, x) =>
        {
            Interlocked.Increment(ref made);
            x[0] = theta[0] + random.NextNormal(0, Width);
        })
        { Fingerprint = "counted" };
        LocalInferenceOptions two = Three with { RoundCount = 2, Folder = folder["runs"] };
        LocallyInferredPosterior first = new LocalInference(counted, Box, two).Run(At3, 401, new Seed(5));
        Directory.Delete(Path.Combine(folder["runs"], "round-2"), recursive: true);
        LocallyInferredPosterior second = new LocalInference(counted, Box, two).Run(At3, 401, new Seed(5));
        Assert.That(made, Is.EqualTo(401 + 201));
        Assert.That(second.Rounds, Is.EqualTo(first.Rounds));
        Assert.That(
            second.Posterior.Given().Draw(50, new Seed(6)).Table["theta"].ToArray(),
            Is.EqualTo(first.Posterior.Given().Draw(50, new Seed(6)).Table["theta"].ToArray()));
    }

    [Test]
    public void What_cannot_be_inferred_is_refused_in_a_sentence()
    {
        var inference = new LocalInference(Noise, Box, Three);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => inference.Run(EventTable.FromColumns(("x", [float.NaN])), 1500, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("Feature 'x' of the observation is NaN"));
            Assert.That(
                () => inference.Run(EventTable.FromColumns(("x", [1, 2])), 1500, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("2 observations, expected 1"));
            Assert.That(
                () => inference.Run(EventTable.FromColumns(("y", [1])), 150, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("no column 'x'"));
            Assert.That(
                () => inference.Run(At3, 90, new Seed(1)), Throws.TypeOf<DataException>().With.Message.Contains("50 at least"));
            Assert.That(
                () => inference.Run(At3, 1500, new Seed(1), cancellation: new CancellationToken(canceled: true)),
                Throws.InstanceOf<OperationCanceledException>());
            Assert.That(() => new LocalInferenceOptions { LostProbability = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        });
    }
}
