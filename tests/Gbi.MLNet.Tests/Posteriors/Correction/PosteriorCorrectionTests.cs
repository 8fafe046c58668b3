using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Correction;

/// <summary>
/// Priors N(0, 10²) and likelihoods exp(−0.99 θ²/2): the posterior is N(0, 1), Z = 10^−d. By q = N(0, σ²) the efficiency is
/// (√(2σ² − 1)/σ²)^d, without points of the prior.
/// </summary>
[TestFixture]
internal sealed class PosteriorCorrectionTests
{
    private static readonly CorrectionOptions Plain = new() { EffectiveSize = 1e9, MaxDraws = 50_000, PriorFraction = 0 };

    private static Prior Wide(int width) =>
        Prior.Independent([.. Enumerable.Range(0, width).Select(k => Prior.Normal($"t{k}", 0, 10))]);

    private static LogLikelihood ByRow(Func<double[], double> of) => parameters =>
    [
        .. Enumerable.Range(0, parameters.Count).Select(row =>
            of([.. parameters.ColumnNames.Select(name => (double)parameters[name][row])])),
    ];

    private static double Standard(double[] theta) => -0.99 / 2 * theta.Sum(value => value * value);

    [TestCase(1, 1.2), TestCase(5, 1.2), TestCase(2, 1.6)]
    public void Efficiency_and_evidence_are_those_of_the_closed_form(int width, double sigma)
    {
        double exact = Math.Pow(Math.Sqrt((2 * sigma * sigma) - 1) / (sigma * sigma), width);
        CorrectedPosterior plain = new NormalModel(width, sigma).Posterior.CorrectedBy(Wide(width), ByRow(Standard), new Seed(1), Plain);
        CorrectedPosterior defended = new NormalModel(width, sigma).Posterior.CorrectedBy(
            Wide(width), ByRow(Standard), new Seed(2), Plain with { PriorFraction = 0.05 });
        Assert.Multiple(() =>
        {
            Assert.That(plain.Refusal, Is.Null);
            Assert.That(plain.Efficiency, Is.EqualTo(exact).Within(0.01));
            Assert.That(plain.LogEvidence, Is.EqualTo(-width * Math.Log(10)).Within(4 * plain.LogEvidenceError));
            Assert.That(
                plain.LogEvidenceError,
                Is.EqualTo(Math.Sqrt((1 - plain.Efficiency) / (plain.EffectiveSize - plain.Efficiency))).Within(1e-3).Percent);

            // Points of the prior are of use too, so that less than their share is lost.
            Assert.That(defended.Efficiency, Is.InRange((0.95 * exact) - 0.01, exact));
            Assert.That(defended.LogEvidence, Is.EqualTo(-width * Math.Log(10)).Within(4 * defended.LogEvidenceError));
        });
    }

    [Test]
    public void The_error_of_the_evidence_is_its_spread_over_seeds()
    {
        CorrectionOptions few = Plain with { MaxDraws = 500, PriorFraction = 0.05 };
        CorrectedPosterior[] found = [.. Enumerable.Range(0, 200).Select(seed =>
            new NormalModel(2, 1.3).Posterior.CorrectedBy(Wide(2), ByRow(Standard), new Seed((ulong)seed), few))];
        double[] pulls = [.. found.Select(one => (one.LogEvidence + (2 * Math.Log(10))) / one.LogEvidenceError)];
        Assert.That(Moments.Of(pulls).Mean, Is.EqualTo(0).Within(0.3));
        Assert.That(Moments.Of(pulls).Deviation, Is.EqualTo(1).Within(0.2));
    }

    [TestCase(1, 0.25), TestCase(5, 0.5)]
    public void A_posterior_that_is_too_narrow_is_refused_unless_the_prior_fills_its_tails(int width, double sigma)
    {
        // The weights have a tail of shape 1 − σ²: 0.94 and 0.75.
        Posterior narrow = new NormalModel(width, sigma).Posterior;
        CorrectedPosterior refused = narrow.CorrectedBy(Wide(width), ByRow(Standard), new Seed(3), Plain);
        Assert.Multiple(() =>
        {
            Assert.That(refused.ParetoShape > 0.7 || refused.EffectiveSize < 100);
            Assert.That(refused.Refusal, Does.Contain("must not be trusted").And.Contain("MaxDraws"));
            Assert.That(refused.MaxDrawCount, Is.Zero);
            Assert.That(() => refused.Draw(1, new Seed(1)), Throws.TypeOf<DataException>().With.Message.EqualTo(refused.Refusal));
            Assert.That(() => refused.Summarise(), Throws.TypeOf<DataException>().With.Message.EqualTo(refused.Refusal));
            Assert.That(refused.Efficiency, Is.InRange(0, 1));
        });

        CorrectedPosterior filled = narrow.CorrectedBy(
            Wide(width), ByRow(Standard), new Seed(4), Plain with { PriorFraction = 0.5 });
        Assert.That(filled.Refusal is null, Is.EqualTo(width == 1));
    }

    [TestCase(4.0), TestCase(0.75)]
    public void A_density_nearer_to_the_posterior_replaces_a_poor_one(double sigma)
    {
        // Efficiencies without it: (√31/16)⁵ = 0.005, and (√0.125/0.5625)⁵ = 0.1 with weights of a tail of shape 0.44.
        CorrectedPosterior[] found = [.. Enumerable.Range(0, 20).Select(seed => new NormalModel(5, sigma).Posterior.CorrectedBy(
            Wide(5), ByRow(Standard), new Seed((ulong)seed), new CorrectionOptions { EffectiveSize = 5000 }))];
        double[] pulls = [.. found.Select(one => (one.LogEvidence + (5 * Math.Log(10))) / one.LogEvidenceError)];
        Assert.That(found.Min(one => one.Efficiency), Is.GreaterThan(0.4));
        Assert.That(found.Max(one => one.ParetoShape), Is.LessThan(0.5));
        Assert.That(Moments.Of(pulls).Mean, Is.EqualTo(0).Within(3 / Math.Sqrt(20)));
        Assert.That(Moments.Of(pulls).Deviation, Is.EqualTo(1).Within(3 / Math.Sqrt(40)));
        ParameterSummary summary = found[0].Summarise().Parameters[2];
        Assert.That(summary.Mean, Is.EqualTo(0).Within(4 / Math.Sqrt(5000)));
        Assert.That(summary.StandardDeviation, Is.EqualTo(1).Within(4 / Math.Sqrt(10_000)));
    }

    [Test]
    public void A_mode_that_the_posterior_misses_is_found_by_points_of_the_prior()
    {
        // Two equal modes at ±3, of which q has one; U(−10, 10): Z = 1/20, and half of it without points of the prior.
        Prior prior = Prior.Uniform("t0", -10, 10);
        LogLikelihood likelihood = ByRow(theta =>
            Math.Log(0.5 * (Normal.PDF(3, 0.5, theta[0]) + Normal.PDF(-3, 0.5, theta[0]))));
        CorrectedPosterior found = new NormalModel(1, 0.6, 3).Posterior.CorrectedBy(
            prior, likelihood, new Seed(5), new CorrectionOptions { EffectiveSize = 1500 });
        ParameterSummary summary = found.Summarise().Parameters[0];
        Assert.Multiple(() =>
        {
            Assert.That(found.LogEvidence, Is.EqualTo(-Math.Log(20)).Within(4 * found.LogEvidenceError));
            Assert.That(found.EffectiveSize, Is.GreaterThanOrEqualTo(1500));
            Assert.That(summary.Mean, Is.EqualTo(0).Within(4 * Math.Sqrt(9.25 / 1500)));
            Assert.That(summary.StandardDeviation, Is.EqualTo(Math.Sqrt(9.25)).Within(0.15));
        });
        CorrectedPosterior half = new NormalModel(1, 0.6, 3).Posterior.CorrectedBy(prior, likelihood, new Seed(5), Plain);
        Assert.That(half.LogEvidence, Is.EqualTo(-Math.Log(40)).Within(0.02));
    }

    [Test]
    public void Moments_quantiles_and_draws_are_those_of_the_exact_posterior()
    {
        CorrectedPosterior corrected = new NormalModel(2, 1.5, 0.3).Posterior.CorrectedBy(
            Wide(2), ByRow(Standard), new Seed(6), new CorrectionOptions { EffectiveSize = 30_000 });
        double error = 4 / Math.Sqrt(corrected.EffectiveSize);
        PosteriorSummary summary = corrected.Summarise();
        PosteriorDraws draws = corrected.Draw(3000, new Seed(7));
        Assert.Multiple(() =>
        {
            Assert.That(corrected.EffectiveSize, Is.InRange(30_000, 60_000));
            foreach (ParameterSummary parameter in summary.Parameters)
            {
                Assert.That(parameter.Mean, Is.EqualTo(0).Within(error));
                Assert.That(parameter.StandardDeviation, Is.EqualTo(1).Within(error));
                Assert.That(parameter.Median, Is.EqualTo(0).Within(1.3 * error));
                Assert.That(parameter.Central[0].Low, Is.EqualTo(-1).Within(1.6 * error));
                Assert.That(parameter.Central[1].High, Is.EqualTo(2).Within(3 * error));
                Assert.That(parameter.Shortest[0].High - parameter.Shortest[0].Low, Is.EqualTo(2).Within(3 * error));
            }

            Assert.That(summary.Correlations[0][1], Is.EqualTo(0).Within(error));

            // The region of 68 % of a normal density of two parameters has the border r² = −2 ln 0.32.
            Assert.That(summary.LogDensityOfRegion(0.68), Is.EqualTo(Math.Log(0.32) - Math.Log(Math.Tau)).Within(0.05));
            Assert.That(draws.DrawCount, Is.EqualTo(3000));
            (float, float)[] points = [.. Enumerable.Range(0, 3000).Select(row => (draws.Table["t0"][row], draws.Table["t1"][row]))];
            Assert.That(points.Distinct().Count(), Is.EqualTo(3000));
            for (int row = 0; row < 3000; row += 100)
            {
                double exact = Normal.PDFLn(0, 1, points[row].Item1) + Normal.PDFLn(0, 1, points[row].Item2);
                Assert.That(draws.LogDensities[row], Is.EqualTo(exact).Within(4 * corrected.LogEvidenceError));
            }
        });

        // Kolmogorov and Smirnov: 1.95/√n is exceeded once in a thousand.
        float[] sorted = [.. draws.Table["t0"].ToArray().Order()];
        double distance = sorted.Select((value, k) => Math.Abs(((k + 0.5) / 3000) - Normal.CDF(0, 1, value))).Max();
        Assert.That(distance, Is.LessThan(1.95 / Math.Sqrt(3000)));
        Assert.That(
            () => corrected.Draw(corrected.MaxDrawCount + 1, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("take 6,").And.Message.Contains("CorrectionOptions"));
    }

    [Test]
    public void Points_whose_likelihood_is_no_number_count_and_weigh_nothing()
    {
        // N(0, 1) below 1: the mean is −φ(1)/Φ(1).
        CorrectedPosterior cut = new NormalModel(1, 1.2).Posterior.CorrectedBy(
            Wide(1), ByRow(theta => theta[0] > 2 ? double.PositiveInfinity : theta[0] > 1 ? double.NaN : Standard(theta)), new Seed(8),
            Plain);
        int above = cut.Points["t0"].ToArray().Count(value => value > 1);
        Assert.Multiple(() =>
        {
            Assert.That(above, Is.GreaterThan(1000));
            Assert.That(cut.InvalidCount, Is.EqualTo(above));
            Assert.That(cut.Warnings, Has.One.Contains("NaN or +∞ at").And.One.Contains("first at t0 = "));
            Assert.That(
                cut.Summarise().Parameters[0].Mean,
                Is.EqualTo(-Normal.PDF(0, 1, 1) / Normal.CDF(0, 1, 1)).Within(4 / Math.Sqrt(cut.EffectiveSize)));
        });
    }

    [Test]
    public void Points_outside_the_prior_weigh_nothing_and_are_not_asked_for()
    {
        // U(0, 1) and a constant likelihood e³ there: Z = e³, and the posterior is the prior.
        CorrectedPosterior inside = new NormalModel(1, 1).Posterior.CorrectedBy(
            Prior.Uniform("t0", 0, 1), ByRow(theta => theta[0] is >= 0 and <= 1 ? 3 : throw new InvalidOperationException()),
            new Seed(9), Plain with { PriorFraction = 0.1 });
        int outside = inside.Points["t0"].ToArray().Count(value => value is < 0 or > 1);
        Assert.Multiple(() =>
        {
            Assert.That(outside, Is.GreaterThan(20_000));
            Assert.That(inside.OutsideCount, Is.EqualTo(outside));
            Assert.That(inside.InvalidCount, Is.Zero);
            Assert.That(inside.LogEvidence, Is.EqualTo(3).Within(4 * inside.LogEvidenceError));
            Assert.That(inside.Summarise().Parameters[0].StandardDeviation, Is.EqualTo(Math.Sqrt(1.0 / 12)).Within(0.01));
        });
    }

    [Test]
    public void A_likelihood_of_zero_gives_no_posterior()
    {
        foreach (double value in (double[])[double.NegativeInfinity, double.NaN])
        {
            CorrectedPosterior none = new NormalModel(2, 1).Posterior.CorrectedBy(
                Wide(2), ByRow(_ => value), new Seed(10), Plain with { MaxDraws = 5000 });
            Assert.Multiple(() =>
            {
                Assert.That(none.Refusal, Does.Contain("0 or no number at all of 5,000 points"));
                Assert.That((none.EffectiveSize, none.Efficiency, none.LogEvidence), Is.EqualTo((0.0, 0.0, double.NegativeInfinity)));
                Assert.That(none.LogEvidenceError, Is.EqualTo(double.PositiveInfinity));
                Assert.That(none.Weights.ToArray(), Is.All.Zero);
                Assert.That(() => none.Draw(1, new Seed(1)), Throws.TypeOf<DataException>());
            });
        }
    }

    [Test]
    public void One_point_is_refused() => Assert.That(
        new NormalModel(1, 1).Posterior.CorrectedBy(Wide(1), ByRow(Standard), new Seed(11), Plain with { MaxDraws = 1 }).Refusal,
        Does.Contain("1 points are worth 1.0 independent draws"));

    [Test]
    public void Likelihoods_far_from_1_neither_overflow_nor_vanish()
    {
        CorrectedPosterior far = new NormalModel(1, 1.2).Posterior.CorrectedBy(
            Wide(1), ByRow(theta => Standard(theta) - 1e6), new Seed(12), Plain);
        Assert.That(far.LogEvidence, Is.EqualTo(-1e6 - Math.Log(10)).Within(0.02));
        Assert.That(far.Efficiency, Is.EqualTo(Math.Sqrt((2 * 1.44) - 1) / 1.44).Within(0.01));
    }

    [Test]
    public void What_cannot_be_corrected_is_refused_in_a_sentence()
    {
        Posterior posterior = new NormalModel(2, 1).Posterior;
        Prior rows = Prior.Rows(EventTable.FromColumns(("t0", [0, 1]), ("t1", [0, 1])));
        Assert.Multiple(() =>
        {
            Assert.That(
                () => posterior.CorrectedBy(rows, ByRow(Standard), new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("prior of t0, t1 holds rows of a file"));
            Assert.That(
                () => posterior.CorrectedBy(Wide(3), ByRow(Standard), new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("t2 is in one of them only"));
            Assert.That(
                () => posterior.CorrectedBy(Wide(2), _ => [1, 2, 3], new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("returned 3 values for 4,096 points"));
            Assert.That(
                () => posterior.CorrectedBy(Wide(2), ByRow(Standard), new Seed(1), cancellation: new CancellationToken(canceled: true)),
                Throws.InstanceOf<OperationCanceledException>());
            Assert.That(() => new CorrectionOptions { PriorFraction = 1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void A_prior_with_another_order_of_the_parameters_and_another_number_of_threads_change_nothing()
    {
        Prior turned = Prior.Independent(Prior.Normal("t1", 0, 10), Prior.Normal("t0", 0, 10));
        LogLikelihood likelihood = parameters => [.. Enumerable.Range(0, parameters.Count).Select(row =>
            Normal.PDFLn(1, 1, parameters["t0"][row]) + Normal.PDFLn(-1, 1, parameters["t1"][row]))];
        CorrectionOptions options = new() { EffectiveSize = 5000 };
        (double[] one, double[] two) = ThreadLimit.Compare(() => new NormalModel(2, 2).Posterior.CorrectedBy(
            turned, likelihood, new Seed(13), options).Weights.ToArray());
        Assert.That(two, Is.EqualTo(one));
        PosteriorSummary summary = new NormalModel(2, 2).Posterior.CorrectedBy(turned, likelihood, new Seed(13), options).Summarise();
        Assert.That(summary.Parameters.Select(parameter => parameter.Name), Is.EqualTo((string[])["t1", "t0"]));
        Assert.That(summary.Parameters.Select(parameter => parameter.Mean), Is.EqualTo((double[])[-1, 1]).Within(0.1));
    }
}
