using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Sampling;

[TestFixture]
internal sealed class DensitySamplerTests
{
    private const int Count = 5000;

    private static SamplingOptions By(SamplingMethod method) => new() { Method = method };

    private static Prior Same(int count, Func<string, Prior> prior) =>
        Prior.Independent([.. Enumerable.Range(0, count).Select(k => prior($"t{k}"))]);

    /// <summary>ln f of each row from a function of the point.</summary>
    private static ParameterLogDensity Of(Prior prior, Func<double[], double> logLikelihood) => table =>
    [
        .. Enumerable.Range(0, table.Count).Select(row =>
        {
            double[] point = [.. prior.Parameters.Select(name => (double)table[name][row])];
            return prior.LogDensity(point) + logLikelihood(point);
        }),
    ];

    private static (double Mean, double Variance) Moments(EventTable table, string name)
    {
        double[] values = Array.ConvertAll(table[name].ToArray(), value => (double)value);
        double mean = values.Average();
        return (mean, values.Average(value => (value - mean) * (value - mean)));
    }

    [TestCase(SamplingMethod.Grid, 1), TestCase(SamplingMethod.Grid, 2)]
    [TestCase(SamplingMethod.ImportanceResampling, 1), TestCase(SamplingMethod.ImportanceResampling, 2)]
    [TestCase(SamplingMethod.DifferentialEvolution, 1), TestCase(SamplingMethod.DifferentialEvolution, 2)]
    [TestCase(SamplingMethod.DifferentialEvolution, 5)]
    [TestCase(SamplingMethod.AnnealedKernels, 1), TestCase(SamplingMethod.AnnealedKernels, 2), TestCase(SamplingMethod.AnnealedKernels, 5)]
    public void Draws_of_a_normal_posterior_have_its_moments(SamplingMethod method, int width)
    {
        // θ ~ N(0, 1), x ~ N(θ, ½²) at x = 1, 0, −1, …: N(0.8 x, 0.2), ln Z = Σ ln N(x; 0, 1.25).
        Prior prior = Same(width, name => Prior.Normal(name, 0, 1));
        double[] x = [.. Enumerable.Range(0, width).Select(k => (double)((k % 3) - 1))];
        DensityDraws draws = DensitySampler.Draw(
            prior, Of(prior, point => point.Select((value, k) => Normal.PDFLn(value, 0.5, x[k])).Sum()), Count, new Seed(1), By(method));
        Assert.That(draws.Method, Is.EqualTo(method));
        Assert.That(draws.EffectiveSize, Is.InRange(0.5 * Count, Count));
        Assert.That(draws.Warnings, Is.Empty);
        for (int k = 0; k < width; k++)
        {
            (double mean, double variance) = Moments(draws.Table, $"t{k}");
            Assert.That(mean, Is.EqualTo(0.8 * x[k]).Within(3 * Math.Sqrt(0.2 / draws.EffectiveSize)));
            Assert.That(variance, Is.EqualTo(0.2).Within(3 * 0.2 * Math.Sqrt(2 / draws.EffectiveSize)));
        }

        double evidence = x.Sum(value => Normal.PDFLn(0, Math.Sqrt(1.25), value));
        Assert.That(draws.LogIntegral, Is.EqualTo(method == SamplingMethod.DifferentialEvolution ? double.NaN : evidence).Within(0.03));
        Assert.That(draws.LogDensities[7], Is.EqualTo(Of(prior, point =>
            point.Select((value, k) => Normal.PDFLn(value, 0.5, x[k])).Sum())(draws.Table)[7]).Within(1e-6));
    }

    [TestCase(SamplingMethod.Grid), TestCase(SamplingMethod.ImportanceResampling), TestCase(SamplingMethod.DifferentialEvolution)]
    [TestCase(SamplingMethod.AnnealedKernels)]
    public void Two_modes_have_their_shares(SamplingMethod method)
    {
        Prior prior = Same(2, name => Prior.Uniform(name, -5, 5));
        DensityDraws draws = DensitySampler.Draw(
            prior, Of(prior, point => Math.Log((0.3 * Mode(point, -2, 0.6)) + (0.7 * Mode(point, 2, 0.6)))), Count, new Seed(2),
            By(method));
        float[] upper = [.. draws.Table["t0"].ToArray().Where(value => value > 0)];
        Assert.That(upper.Length / (double)Count, Is.EqualTo(0.7).Within(3 * Math.Sqrt(0.21 / draws.EffectiveSize)));
        Assert.That(upper.Average(), Is.EqualTo(2).Within(3 * 0.6 / Math.Sqrt(0.7 * draws.EffectiveSize)));
        Assert.That(draws.EffectiveSize, Is.GreaterThan(200));

        static double Mode(double[] point, double middle, double deviation) =>
            Normal.PDF(middle, deviation, point[0]) * Normal.PDF(middle, deviation, point[1]);
    }

    [TestCase(SamplingMethod.Grid), TestCase(SamplingMethod.ImportanceResampling), TestCase(SamplingMethod.DifferentialEvolution)]
    public void A_bound_of_the_prior_cuts_the_density(SamplingMethod method)
    {
        // θ ~ U(0, 1), x ~ N(θ, 0.3²) at x = 1: the half of a normal density below 1, cut at 0.
        Prior prior = Prior.Uniform("t0", 0, 1);

        // The likelihood alone: that nothing lies outside the prior is the sampler's to see to.
        DensityDraws draws = DensitySampler.Draw(
            prior, table => [.. table["t0"].ToArray().Select(theta => Normal.PDFLn(theta, 0.3, 1))], Count, new Seed(3), By(method));
        double low = -1 / 0.3;
        double inside = 0.5 - Normal.CDF(0, 1, low);
        double mean = (Normal.PDF(0, 1, low) - Normal.PDF(0, 1, 0)) / inside;
        double variance = 1 + (((low * Normal.PDF(0, 1, low)) - 0) / inside) - (mean * mean);
        (double found, double spread) = Moments(draws.Table, "t0");
        Assert.That(found, Is.EqualTo(1 + (0.3 * mean)).Within(3 * 0.3 * Math.Sqrt(variance / draws.EffectiveSize)));
        Assert.That(spread, Is.EqualTo(0.09 * variance).Within(0.05 * 0.09 * variance * 3));
        Assert.That(draws.Table["t0"].ToArray(), Is.All.InRange(0, 1));
    }

    [TestCase(SamplingMethod.Grid), TestCase(SamplingMethod.ImportanceResampling), TestCase(SamplingMethod.DifferentialEvolution)]
    public void Hypotheses_and_angles_are_drawn(SamplingMethod method)
    {
        // A category with posterior odds 1 : 2 : 6 and an angle about the seam, cos-shaped: mean cosine I₁(4)/I₀(4) = 0.8635.
        Prior prior = Prior.Independent(
            Prior.Category("kind", [2, 5, 7], [0.2, 0.2, 0.6]), Prior.Uniform("phi", 0, Math.Tau, isPeriodic: true));
        DensityDraws draws = DensitySampler.Draw(
            prior, Of(prior, point => Math.Log(point[0] == 5 ? 2 : point[0] == 7 ? 2 : 1) + (4 * Math.Cos(point[1]))), Count, new Seed(5),
            By(method));
        double share = draws.Table["kind"].ToArray().Count(kind => kind == 7) / (double)Count;
        Assert.That(share, Is.EqualTo(6.0 / 9).Within(3 * Math.Sqrt(2.0 / 9 / draws.EffectiveSize)));
        Assert.That(draws.Table["phi"].ToArray().Average(phi => Math.Cos(phi)), Is.EqualTo(0.8635).Within(3 * 0.17 / Math.Sqrt(Count)));
        Assert.That(draws.Table["phi"].ToArray().Average(phi => Math.Sin(phi)), Is.EqualTo(0).Within(3 * 0.47 / Math.Sqrt(Count)));
    }

    [Test]
    public void The_automatic_choice_says_what_it_took_and_never_repeats_a_draw()
    {
        Assert.That(Taken(1, 0.3), Is.EqualTo(SamplingMethod.ImportanceResampling));
        Assert.That(Taken(1, 1e-4), Is.EqualTo(SamplingMethod.Grid));
        Assert.That(Taken(3, 0.005), Is.EqualTo(SamplingMethod.DifferentialEvolution));

        static SamplingMethod Taken(int width, double deviation)
        {
            Prior prior = Same(width, name => Prior.Uniform(name, -1, 1));
            DensityDraws draws = DensitySampler.Draw(
                prior, Of(prior, point => point.Sum(value => Normal.PDFLn(0, deviation, value))), 500, new Seed(5));
            Assert.That(
                Enumerable.Range(0, 500).DistinctBy(row => string.Join(' ', prior.Parameters.Select(name => draws.Table[name][row])))
                    .Count(), Is.EqualTo(500));
            (double mean, double variance) = Moments(draws.Table, "t0");
            Assert.That(mean, Is.EqualTo(0).Within(4 * deviation / Math.Sqrt(draws.EffectiveSize)));
            Assert.That(variance, Is.EqualTo(deviation * deviation).Within(0.25 * deviation * deviation));
            Assert.That(draws.Description, Does.StartWith("500 draws by "));
            return draws.Method;
        }
    }

    [Test]
    public void Draws_do_not_depend_on_the_number_of_threads()
    {
        Prior prior = Same(3, name => Prior.Normal(name, 0, 1));
        foreach (SamplingMethod method in (SamplingMethod[])[SamplingMethod.ImportanceResampling, SamplingMethod.DifferentialEvolution])
        {
            (float[] one, float[] two) = ThreadLimit.Compare(() => DensitySampler.Draw(
                prior, Of(prior, point => -point.Sum(value => value * value)), 500, new Seed(6), By(method)).Table["t2"].ToArray());
            Assert.That(one, Is.EqualTo(two));
        }
    }

    [Test]
    public void A_method_says_where_it_cannot_be_used()
    {
        Prior three = Same(3, name => Prior.Uniform(name, -1, 1));
        Prior rows = Prior.Rows(EventTable.FromColumns(("t0", [1f, 2f, 3f])));
        Assert.That(
            () => DensitySampler.Draw(three, Of(three, _ => 0), 10, new Seed(1), By(SamplingMethod.Grid)),
            Throws.TypeOf<DataException>().With.Message.Contains("3 parameters"));
        Assert.That(
            () => DensitySampler.Draw(
                three, Of(three, point => point.Sum(value => Normal.PDFLn(0, 0.003, value))), 10, new Seed(1),
                By(SamplingMethod.ImportanceResampling)),
            Throws.TypeOf<DataException>().With.Message.Contains("expected 200"));
        Assert.That(
            () => DensitySampler.Draw(three, Of(three, _ => double.NaN), 10, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("is 0 at all"));
        Assert.That(
            () => DensitySampler.Draw(three, Of(three, _ => double.PositiveInfinity), 10, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("t0 = "));
        Assert.That(
            () => DensitySampler.Draw(three, _ => [0], 10, new Seed(1)), Throws.TypeOf<DataException>().With.Message.Contains("1 values"));
        Assert.That(
            () => DensitySampler.Draw(rows, _ => [0], 10, new Seed(1)), Throws.TypeOf<DataException>().With.Message.Contains("rows"));
    }
}
