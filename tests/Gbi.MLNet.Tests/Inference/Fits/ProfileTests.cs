using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Tests.Inference.Fits;

/// <summary>Profile intervals, scans and impacts where they are known in closed form.</summary>
[TestFixture]
internal sealed class ProfileTests
{
    private static readonly FitParameter[] Two = [new() { Name = "mu" }, new() { Name = "nu" }];

    [TestCase(0.68268949213708585, 1.0), TestCase(0.95449973610364158, 2.0)]
    public void The_interval_of_a_correlated_gaussian_is_that_of_its_marginal(double level, double z)
    {
        // −2 ln L = (x² − 2ρxy + y²)/(1 − ρ²), x = (μ − 1)/2, y = (ν + 3)/0.5: t_μ = x², whatever ρ.
        ConfidenceInterval interval = ProfileInterval.Of(new ProfileLikelihood(new Gaussian(0.9), Two, 0), confidenceLevel: level);
        Assert.That((interval.Lower, interval.Upper), Is.EqualTo((1 - (2 * z), 1 + (2 * z))).Within(1e-7));
    }

    [Test]
    public void The_interval_of_a_count_is_asymmetric()
    {
        // −2 ln L = 2 (μ − 5 ln μ): the ends are the roots of 2 (μ − 5 − 5 ln(μ/5)) = 1, here by bisection.
        ConfidenceInterval interval = ProfileInterval.Of(
            new ProfileLikelihood(new Count(5), [new() { Name = "mu", Initial = 4, Lower = 1e-9, Upper = 100 }], 0));
        double Excess(double mu) => (2 * (mu - 5 - (5 * Math.Log(mu / 5)))) - 1;
        Assert.That(interval.Lower, Is.EqualTo(Bisect(Excess, 1, 5)).Within(1e-7));
        Assert.That(interval.Upper, Is.EqualTo(Bisect(Excess, 5, 20)).Within(1e-7));
        Assert.That(interval.Upper - 5, Is.GreaterThan(5 - interval.Lower));
    }

    [Test]
    public void An_end_beyond_the_bound_stands_at_the_bound()
    {
        ConfidenceInterval interval = ProfileInterval.Of(new ProfileLikelihood(new Gaussian(0), Two, 0), lower: 0, upper: 10);
        Assert.That((interval.Lower, interval.Upper), Is.EqualTo((0.0, 3.0)).Within(1e-7));
    }

    [Test]
    public void An_end_is_found_between_the_best_value_and_the_border_of_negative_density()
    {
        // −2 ln L = 2 (3μ − ln(1 + 2μ)), defined above −½: μ̂ = −1/6 with error 1/3, so that the first step of two errors leaves the
        // domain.
        ConfidenceInterval interval = ProfileInterval.Of(
            new ProfileLikelihood(new Bordered(), [new() { Name = "mu" }], 0), confidenceLevel: 0.95449973610364158);
        double Excess(double mu) => (2 * ((3 * (mu + (1.0 / 6))) - Math.Log((1 + (2 * mu)) / (2.0 / 3)))) - 4;
        Assert.That(interval.Lower, Is.EqualTo(Bisect(Excess, -0.5 + 1e-12, -1.0 / 6)).Within(1e-7));
        Assert.That(interval.Upper, Is.EqualTo(Bisect(Excess, -1.0 / 6, 10)).Within(1e-7));
    }

    [Test]
    public void A_likelihood_without_the_parameter_is_told() => Assert.That(
        () => ProfileInterval.Of(new ProfileLikelihood(new Gaussian(0, flat: true), Two, 0)), Throws.TypeOf<FitException>());

    [Test]
    public void A_scan_follows_the_parabola_and_its_nuisance_the_correlation()
    {
        // At given μ the best ν is −3 + 0.5 ρ x.
        double[] mus = [5, -3, 1, 2, 0];
        IReadOnlyList<ScanPoint> points = ProfileScan.Of(new ProfileLikelihood(new Gaussian(0.6), Two, 0), mus);
        for (int i = 0; i < mus.Length; i++)
        {
            double x = (mus[i] - 1) / 2;
            Assert.That(points[i].Mu, Is.EqualTo(mus[i]));
            Assert.That(points[i].T, Is.EqualTo(x * x).Within(1e-9));
            Assert.That(points[i].Parameters, Is.EqualTo(new[] { mus[i], -3 + (0.5 * 0.6 * x) }).Within(1e-7));
            Assert.That(points[i].Failure, Is.Null);
        }
    }

    [TestCase(0.6), TestCase(-0.9)]
    public void An_impact_is_the_covariance_over_the_error(double correlation)
    {
        // Δμ = ± cov(μ, ν)/σ_ν = ± ρ σ_μ.
        ParameterImpact impact = ParameterImpact.Rank(new Gaussian(correlation), Two, 0).Single();
        Assert.That((impact.Parameter, impact.Failure), Is.EqualTo(("nu", (string?)null)));
        Assert.That((impact.Value, impact.Error), Is.EqualTo((-3.0, 0.5)).Within(1e-7));
        Assert.That((impact.Down, impact.Up), Is.EqualTo((-2 * correlation, 2 * correlation)).Within(1e-7));
        Assert.That(impact.Largest, Is.EqualTo(2 * Math.Abs(correlation)).Within(1e-7));
    }

    private static double Bisect(Func<double, double> of, double low, double high)
    {
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = of(low) * of(middle) <= 0 ? (low, middle) : (middle, high);
        }

        return (low + high) / 2;
    }

    private sealed class Gaussian(double correlation, bool flat = false) : ISmoothFunction
    {
        public int ParameterCount => 2;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            double slope = flat ? 0 : 0.5;
            double x = flat ? 0 : (parameters[0] - 1) / 2;
            double y = (parameters[1] + 3) / 0.5;
            double scale = 2 / (1 - (correlation * correlation));
            if (!gradient.IsEmpty)
            {
                gradient[0] = scale * (x - (correlation * y)) * slope;
                gradient[1] = scale * (y - (correlation * x)) / 0.5;
            }

            if (!hessian.IsEmpty)
            {
                hessian[0] = scale * slope * slope;
                hessian[1] = hessian[2] = -scale * correlation * slope / 0.5;
                hessian[3] = scale / 0.25;
            }

            return scale / 2 * ((x * x) - (2 * correlation * x * y) + (y * y));
        }
    }

    private sealed class Bordered : ISmoothFunction
    {
        public int ParameterCount => 1;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            double density = 1 + (2 * parameters[0]);
            if (!gradient.IsEmpty)
            {
                gradient[0] = 2 * (3 - (2 / density));
            }

            if (!hessian.IsEmpty)
            {
                hessian[0] = 8 / (density * density);
            }

            return density > 0 ? 2 * ((3 * parameters[0]) - Math.Log(density)) : double.PositiveInfinity;
        }
    }

    private sealed class Count(double observed) : ISmoothFunction
    {
        public int ParameterCount => 1;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            double mu = parameters[0];
            if (!gradient.IsEmpty)
            {
                gradient[0] = 2 * (1 - (observed / mu));
            }

            if (!hessian.IsEmpty)
            {
                hessian[0] = 2 * observed / (mu * mu);
            }

            return mu > 0 ? 2 * (mu - (observed * Math.Log(mu))) : double.PositiveInfinity;
        }
    }
}
