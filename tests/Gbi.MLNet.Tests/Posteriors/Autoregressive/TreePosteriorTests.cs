using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Autoregressive;

[TestFixture]
internal sealed class TreePosteriorTests
{
    private static readonly TreePosteriorOptions Two = new() { MemberCount = 2 };

    private static TreePosterior Train(Prior prior, Simulated data, ulong seed = 1) =>
        TreePosterior.Train(prior, data.Parameters, data.Observations, Two, new Seed(seed));

    private static Prior Normals(int count) =>
        Prior.Independent([.. Enumerable.Range(0, count).Select(k => Prior.Normal($"t{k}", 0, 1))]);

    private static void AddNoise(Random random, ReadOnlySpan<double> parameters, Span<double> features)
    {
        for (int k = 0; k < features.Length; k++)
        {
            features[k] = Normal.Sample(random, parameters[k], 0.5);
        }
    }

    [Test]
    public void A_linear_Gaussian_posterior_is_learnt_to_a_few_hundredths_of_a_nat()
    {
        // θ ~ N(0, 1), x ~ N(θ, ½²): the posterior is N(0.8 x, 0.2).
        Prior prior = Normals(3);
        TreePosterior posterior = Train(prior, Simulated.Of(prior, 3, 4000, 1, AddNoise));
        Simulated fresh = Simulated.Of(prior, 3, 4000, 2, AddNoise);
        double[] learnt = posterior.LogDensity(fresh.Parameters, fresh.Observations);
        double gap = 0;
        for (int row = 0; row < learnt.Length; row++)
        {
            double exact = Enumerable.Range(0, 3).Sum(k => Normal.PDFLn(
                0.8 * fresh.Observations[$"x{k}"][row], Math.Sqrt(0.2), fresh.Parameters[$"t{k}"][row]));
            gap += (exact - learnt[row]) / learnt.Length;
        }

        Assert.That(gap, Is.InRange(0, 0.05));
        PosteriorSummary summary = posterior.Given(Simulated.Observation(1, 0, -0.5f)).Summarise(10_000, new Seed(3));
        Assert.That(summary.Parameters.Select(parameter => parameter.Mean), Is.EqualTo((double[])[0.8, 0, -0.4]).Within(0.05));
        Assert.That(summary.Parameters.Select(parameter => parameter.StandardDeviation), Is.All.EqualTo(Math.Sqrt(0.2)).Within(0.025));
    }

    [Test]
    public void A_width_that_depends_on_another_parameter_is_learnt()
    {
        // One scale for both noises: what the first parameter's residual says of it belongs to the second one's density.
        Prior prior = Prior.Independent(Prior.Uniform("a", -10, 10), Prior.Uniform("b", -10, 10));
        static void Mixture(Random random, ReadOnlySpan<double> point, Span<double> x)
        {
            double scale = random.NextDouble() < 0.5 ? 1 : 0.1;
            x[0] = Normal.Sample(random, point[0], scale);
            x[1] = Normal.Sample(random, point[1], scale);
        }

        TreePosterior posterior = Train(prior, Simulated.Of(prior, 2, 5000, 1, Mixture));
        Simulated fresh = Simulated.Of(prior, 2, 5000, 2, Mixture);
        double learnt = -posterior.LogDensity(fresh.Parameters, fresh.Observations).Average();

        // Exact is 1.01 (the mean over 10⁶ pairs); independent densities of the two would be worth 1.28 at best.
        Assert.That(learnt, Is.LessThan(1.24));
    }

    [TestCase(-0.9f), TestCase(0.2f), TestCase(1.3f)]
    public void The_density_of_a_bounded_parameter_integrates_to_one_and_draws_follow_it(float x)
    {
        Prior prior = Prior.Uniform("t0", -1, 1);
        TreePosterior posterior = Train(prior, Simulated.Of(prior, 1, 3000, 1, AddNoise));
        const int Cells = 4000;
        float[] grid = [.. Enumerable.Range(0, Cells).Select(k => (float)(-1 + ((k + 0.5) * 2 / Cells)))];
        Posterior given = posterior.Given(Simulated.Observation(x));
        double[] densities = Array.ConvertAll(given.LogDensity(EventTable.FromColumns(("t0", grid))), Math.Exp);
        Assert.That(densities.Sum() * 2 / Cells, Is.EqualTo(1).Within(2e-3));
        Assert.That(given.LogDensity(EventTable.FromColumns(("t0", [-1.001f, 1.001f]))), Is.All.EqualTo(double.NegativeInfinity));

        PosteriorDraws draws = given.Draw(20_000, new Seed(5));
        float[] sorted = [.. draws.Table["t0"].ToArray().Order()];
        double below = 0;
        double distance = 0;
        for (int cell = 0, draw = 0; cell < Cells; cell++)
        {
            below += densities[cell] * 2 / Cells;
            while (draw < sorted.Length && sorted[draw] <= grid[cell] + (1f / Cells))
            {
                draw++;
            }

            distance = Math.Max(distance, Math.Abs(below - ((double)draw / sorted.Length)));
        }

        // Kolmogorov and Smirnov: 1.95/√n is exceeded once in a thousand.
        Assert.That(distance, Is.LessThan((1.95 / Math.Sqrt(20_000)) + 2e-3));
    }

    [Test]
    public void Single_draws_of_many_observations_come_from_all_members()
    {
        // One draw of each of 2,000 equal observations and 2,000 draws of one follow the same density.
        Prior prior = Normals(1);
        TreePosterior posterior = Train(prior, Simulated.Of(prior, 1, 300, 1, AddNoise));
        EventTable one = Simulated.Observation(1);
        float[] single = [.. posterior.Draw(one.Select(new int[2000]), 1, new Seed(2)).Table["t0"].ToArray().Order()];
        float[] many = [.. posterior.Draw(one, 2000, new Seed(3)).Table["t0"].ToArray().Order()];
        double distance = single.Select((value, k) =>
            Math.Abs(((k + 1) / 2000.0) - (many.Count(other => other <= value) / 2000.0))).Max();

        // Kolmogorov and Smirnov: 1.95 √(2/n) is exceeded once in a thousand.
        Assert.That(distance, Is.LessThan(1.95 * Math.Sqrt(2.0 / 2000)));
    }

    [Test]
    public void Draws_of_a_sharp_posterior_have_finite_densities()
    {
        // A crescent of width 0.01: scales and locations are fitted to few of the places where draws of one member lie for another one.
        Prior prior = Prior.Independent(Prior.Uniform("a", -1, 1), Prior.Uniform("b", -1, 1));
        Simulated data = Simulated.Of(prior, 2, 3000, 1, (random, point, x) =>
        {
            (double sine, double cosine) = Math.SinCos(Math.PI * (random.NextDouble() - 0.5));
            double radius = Normal.Sample(random, 0.1, 0.01);
            x[0] = (radius * cosine) + 0.25 - (Math.Abs(point[0] + point[1]) / Math.Sqrt(2));
            x[1] = (radius * sine) + ((point[1] - point[0]) / Math.Sqrt(2));
        });
        PosteriorDraws draws = Train(prior, data).Draw(data.Observations.Slice(0, 1000), 50, new Seed(2));
        Assert.That(draws.LogDensities.All(density => Math.Abs(density) < 30), Is.True);
    }

    [Test]
    public void No_draw_leaves_a_simplex()
    {
        Prior prior = Prior.Dirichlet(["f0", "f1"], [1, 2, 1.5]);
        Simulated data = Simulated.Of(prior, 2, 2000, 1, (random, point, x) =>
        {
            x[0] = Normal.Sample(random, point[0], 0.1);
            x[1] = Normal.Sample(random, point[1], 0.1);
        });
        TreePosterior posterior = Train(prior, data);
        EventTable draws = posterior.Draw(data.Observations.Slice(0, 500), 20, new Seed(2)).Table;
        for (int row = 0; row < draws.Count; row++)
        {
            double first = draws["f0"][row];
            double second = draws["f1"][row];
            Assert.That(first >= 0 && second >= 0 && first + second <= 1, Is.True, $"{first} + {second}");
        }
    }

    [Test]
    public void Probabilities_of_a_hypothesis_are_those_of_Bayes()
    {
        Prior prior = Prior.Independent(Prior.Category("kind", [2, 5, 7], [0.5, 0.3, 0.2]), Prior.Integer("number", [0, 1, 2, 3]));
        static double Mean(double kind) => kind == 5 ? 1 : kind == 7 ? -1 : 0;
        static void Simulate(Random random, ReadOnlySpan<double> point, Span<double> x)
        {
            x[0] = Normal.Sample(random, Mean(point[0]), 0.5);
            x[1] = Normal.Sample(random, point[1], 0.6);
        }

        Simulated data = Simulated.Of(prior, 2, 6000, 1, Simulate);
        Simulated fresh = Simulated.Of(prior, 2, 500, 2, Simulate);
        TreePosterior posterior = Train(prior, data);
        (float Kind, float Number)[] points = [.. ((float[])[2, 5, 7]).SelectMany(kind => ((float[])[0, 1, 2, 3]).Select(n => (kind, n)))];
        EventTable table = EventTable.FromColumns(
            ("kind", [.. points.Select(point => point.Kind)]), ("number", [.. points.Select(point => point.Number)]));
        double divergence = 0;
        for (int row = 0; row < fresh.Observations.Count; row++)
        {
            double[] learnt = posterior.LogDensity(table, fresh.Observations.Slice(row, 1));
            Assert.That(learnt.Sum(Math.Exp), Is.EqualTo(1).Within(1e-6));
            double[] exact = [.. points.Select(point => (point.Kind == 2 ? 0.5 : point.Kind == 5 ? 0.3 : 0.2)
                * Normal.PDF(Mean(point.Kind), 0.5, fresh.Observations["x0"][row])
                * Normal.PDF(point.Number, 0.6, fresh.Observations["x1"][row]))];
            divergence += exact.Select((value, k) => value / exact.Sum() * (Math.Log(value / exact.Sum()) - learnt[k])).Sum() / 500;
        }

        // Kullback and Leibler's distance from the exact probabilities.
        Assert.That(divergence, Is.InRange(0, 0.05));
        EventTable draws = posterior.Draw(data.Observations.Slice(0, 100), 10, new Seed(3)).Table;
        Assert.That(draws["kind"].ToArray().Distinct(), Is.SubsetOf((float[])[2, 5, 7]));
    }

    [Test]
    public void An_angle_has_no_seam()
    {
        Prior prior = Prior.Uniform("phi", 0, Math.Tau, isPeriodic: true);
        Simulated data = Simulated.Of(prior, 2, 4000, 1, (random, point, x) =>
        {
            double angle = Normal.Sample(random, point[0], 0.3);
            (x[1], x[0]) = Math.SinCos(angle);
        });
        TreePosterior posterior = Train(prior, data);

        // x = (1, 0) is the seam: half of the probability lies on either side, with a spread of 0.3.
        float[] draws = posterior.Given(Simulated.Observation(1, 0)).Draw(10_000, new Seed(2)).Table["phi"].ToArray();
        double[] turned = [.. draws.Select(phi => Math.IEEERemainder(phi, Math.Tau))];
        Assert.That(turned.Average(), Is.EqualTo(0).Within(0.045));
        Assert.That(Math.Sqrt(turned.Average(phi => phi * phi)), Is.EqualTo(0.3).Within(0.03));
        Assert.That(draws, Is.All.InRange(0, (float)Math.Tau));
    }

    [Test]
    public void A_missing_feature_leaves_what_the_others_say()
    {
        Prior prior = Normals(1);
        Simulated data = Simulated.Of(prior, 2, 6000, 1, (random, point, x) =>
        {
            x[0] = random.NextDouble() < 0.5 ? double.NaN : Normal.Sample(random, point[0], 0.5);
            x[1] = Normal.Sample(random, point[0], 0.5);
        });
        TreePosterior posterior = Train(prior, data);

        // With both, precision 1 + 4 + 4; without the first, 1 + 4.
        ParameterSummary both = posterior.Given(Simulated.Observation(1, 1)).Summarise(10_000, new Seed(2)).Parameters[0];
        ParameterSummary one = posterior.Given(Simulated.Observation(float.NaN, 1)).Summarise(10_000, new Seed(2)).Parameters[0];
        Assert.That((both.Mean, one.Mean), Is.EqualTo((8.0 / 9, 0.8)).Using<(double, double)>(
            (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.07 && Math.Abs(a.Item2 - b.Item2) < 0.07));
        Assert.That(both.StandardDeviation, Is.EqualTo(1.0 / 3).Within(0.05));
        Assert.That(one.StandardDeviation, Is.EqualTo(Math.Sqrt(0.2)).Within(0.05));
    }

    [Test]
    public void It_is_saved_and_read_and_has_the_same_bytes_on_one_thread_and_on_two()
    {
        using var folder = new ScratchFolder();
        Prior prior = Normals(2);
        Simulated data = Simulated.Of(prior, 2, 500, 1, AddNoise);
        string[] paths = [folder["one.zip"], folder["two.zip"]];
        for (int k = 0; k < paths.Length; k++)
        {
            using var threads = ThreadLimit.To(k + 1);
            Train(prior, data).Save(paths[k]);
        }

        Assert.That(File.ReadAllBytes(paths[0]), Is.EqualTo(File.ReadAllBytes(paths[1])));
        TreePosterior read = TreePosterior.Load(paths[0]);
        Assert.That(
            read.LogDensity(data.Parameters, data.Observations),
            Is.EqualTo(Train(prior, data).LogDensity(data.Parameters, data.Observations)));
        Assert.That(read.Features, Is.EqualTo((string[])["x0", "x1"]));

        File.WriteAllBytes(paths[1], File.ReadAllBytes(paths[1])[..^300]);
        Assert.That(() => TreePosterior.Load(paths[1]), Throws.TypeOf<DataException>().With.Message.Contains("two.zip"));
        Assert.That(() => TreePosterior.Load(folder["no.zip"]), Throws.TypeOf<DataException>().With.Message.Contains("no file"));
    }

    [Test]
    public void An_observation_that_the_simulator_does_not_make_is_warned_of()
    {
        Prior prior = Normals(2);
        TreePosterior posterior = Train(prior, Simulated.Of(prior, 2, 1000, 1, AddNoise));
        Assert.That(posterior.Given(Simulated.Observation(0.5f, -0.5f)).Warnings, Is.Empty);
        Assert.That(posterior.Given(Simulated.Observation(9, -0.5f)).Warnings, Is.Not.Empty);
    }

    [Test]
    public void Simulations_that_do_not_fit_the_prior_are_refused()
    {
        Prior prior = Prior.Uniform("t0", 0, 1);
        Simulated data = Simulated.Of(prior, 1, 200, 1, AddNoise);
        Prior narrow = Prior.Uniform("t0", 0, 0.5);
        Assert.That(() => Train(narrow, data), Throws.TypeOf<DataException>().With.Message.Contains("'t0'").And.Message.Contains("0.5"));
        Assert.That(
            () => Train(prior, data with { Parameters = data.Parameters.Slice(0, 100) }),
            Throws.TypeOf<DataException>().With.Message.Contains("100").And.Message.Contains("200"));
        Assert.That(
            () => Train(prior, data with { Parameters = EventTable.FromColumns(("t0", [.. Enumerable.Repeat(0.5f, 200)])) }),
            Throws.TypeOf<DataException>().With.Message.Contains("same value"));
        Assert.That(
            () => Train(prior, data with { Observations = Constant(float.PositiveInfinity) }),
            Throws.TypeOf<DataException>().With.Message.Contains("infinite"));
        TreePosterior posterior = Train(prior, data);
        Assert.That(() => posterior.Given(data.Observations), Throws.TypeOf<DataException>().With.Message.Contains("200"));
        Assert.That(
            () => posterior.Given(EventTable.FromColumns(("y", [1f]))), Throws.TypeOf<DataException>().With.Message.Contains("'x0'"));

        static EventTable Constant(float value) => EventTable.FromColumns(("x0", [.. Enumerable.Repeat(value, 200)]));
    }
}
