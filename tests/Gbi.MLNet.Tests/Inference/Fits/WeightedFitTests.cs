using Gbi.Events;
using Gbi.Inference.Contours;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Inference.Fits;

/// <summary>Errors, intervals, tests, contours and toys of weighted events, where they are known in closed form.</summary>
[TestFixture]
internal sealed class WeightedFitTests
{
    private const double Yield = 500;

    private static readonly Func<int, double>[] Weights = [_ => 0.5, _ => 4, i => 0.2 + (i % 5), i => i % 4 == 0 ? -1 : 1.5];

    [Test]
    public void The_error_of_a_yield_is_the_root_of_the_sum_of_squared_weights([ValueSource(nameof(Weights))] Func<int, double> weight)
    {
        // ν = 500 μ: μ̂ = Σw/500, H = Σw/μ̂², C = Σw²/μ̂², so that V = H⁻¹ C H⁻¹ = Σw² μ̂²/(Σw)² = Σw²/500².
        EventTable events = Weighted(1000, weight);
        double squares = events.Weights.ToArray().Sum(w => w * w);
        FitResult fit = ProfileLikelihood.Of(new Likelihood(OneYield(Yield), Observed(events))).Fit();
        Assert.That(fit.Parameters[0], Is.EqualTo(events.SumOfWeights / Yield).Within(1e-9));
        Assert.That(fit.Errors[0], Is.EqualTo(Math.Sqrt(squares) / Yield).Within(1e-9));
        Assert.That(fit.Covariance![0], Is.EqualTo(squares / Yield / Yield).Within(1e-9));
        Assert.That(fit.HessianCovariance![0], Is.EqualTo(events.SumOfWeights / Yield / Yield).Within(1e-9));
        Assert.That(fit.HasWeightedEvents);
    }

    [Test]
    public void Asimov_data_keep_the_poisson_error([ValueSource(nameof(Weights))] Func<int, double> weight)
    {
        EventTable events = Weighted(1000, weight);
        var fits = ProfileLikelihood.Of(new Likelihood(OneYield(Yield), new AsimovData { Events = [events], Auxiliary = [] }));
        FitResult fit = fits.Fit();
        Assert.That(fit.Errors[0], Is.EqualTo(Math.Sqrt(events.SumOfWeights) / Yield).Within(1e-9));
        Assert.That((fit.HasWeightedEvents, fits.VarianceRatio), Is.EqualTo((false, 1.0)));
    }

    [Test]
    public void Unit_weights_are_no_weights()
    {
        LikelihoodModel model = SignalAndBackground(1, 1);
        EventTable events = Mixture(400, _ => 1);
        ProfileLikelihood ones = ProfileLikelihood.Of(new Likelihood(model, Observed(events, 1)));
        ProfileLikelihood asimov = ProfileLikelihood.Of(new Likelihood(model, new AsimovData { Events = [events], Auxiliary = [1] }));
        Assert.That(ones.Fit().Covariance, Is.EqualTo(asimov.Fit().Covariance));
        Assert.That(ones.TMu(0.3), Is.EqualTo(asimov.TMu(0.3)));
        Assert.That(ProfileInterval.Of(ones), Is.EqualTo(ProfileInterval.Of(asimov)));
        Assert.That(ones.Fit().HasWeightedEvents, Is.False);
    }

    [TestCase(0.5), TestCase(4.0)]
    public void Events_of_one_weight_have_intervals_tests_and_limits_of_events_without_weights(double weight)
    {
        // −2 ln L of weights w and yields ν is w times that of unit weights and ν/w, where no constraint adds to it.
        LikelihoodModel model = SignalAndBackground(1, double.NaN);
        LikelihoodModel plain = SignalAndBackground(weight, double.NaN);
        EventTable events = Mixture(400, _ => weight);
        var weighted = new StrengthTest(model, Observed(events));
        var without = new StrengthTest(plain, Observed(events.WithWeights(null)));
        Assert.That(weighted.Observed.VarianceRatio, Is.EqualTo(weight).Within(1e-9));
        Assert.That(weighted.Observed.Fit().Errors, Is.EqualTo(without.Observed.Fit().Errors).Within(1e-6));
        Assert.That(weighted.Observed.Q0(), Is.EqualTo(without.Observed.Q0()).Within(1e-6));
        ConfidenceInterval expected = ProfileInterval.Of(without.Observed, confidenceLevel: 0.95);
        ConfidenceInterval found = ProfileInterval.Of(weighted.Observed, confidenceLevel: 0.95);
        Assert.That((found.Lower, found.Upper), Is.EqualTo((expected.Lower, expected.Upper)).Within(1e-6));
        UpperLimits limits = weighted.UpperLimits();
        UpperLimits plainLimits = without.UpperLimits();
        Assert.That(limits.Observed, Is.EqualTo(plainLimits.Observed).Within(1e-6));
        Assert.That(limits.Expected, Is.EqualTo(plainLimits.Expected).Within(1e-6));
    }

    [Test]
    public void The_covariance_is_the_sandwich_with_the_constraint_in_its_filling()
    {
        // f = S r + B b: v = (r, b)/f by S and B, and the constraint of b, 1 ± 0.05, adds 1/0.05² to H and to C.
        const double width = 0.05;
        LikelihoodModel model = SignalAndBackground(1, width);
        EventTable events = Mixture(400, i => 0.5 + (i % 3));
        FitResult fit = ProfileLikelihood.Of(new Likelihood(model, Observed(events, 1))).Fit();
        (double mu, double rate) = (fit.Parameters[0], fit.Parameters[1]);
        double[] hessian = [0, 0, 0, 1 / (width * width)];
        double[] covariance = [.. hessian];
        for (int i = 0; i < events.Count; i++)
        {
            double ratio = Math.Exp(events["log_ratio"][i]);
            double density = (100 * mu * ratio) + (600 * rate);
            double[] v = [100 * ratio / density, 600 / density];
            for (int at = 0; at < 4; at++)
            {
                hessian[at] += events.Weight(i) * v[at / 2] * v[at % 2];
                covariance[at] += events.Weight(i) * events.Weight(i) * v[at / 2] * v[at % 2];
            }
        }

        double[] inverse = Inverse(hessian);
        double[] expected = Product(Product(inverse, covariance), inverse);
        Assert.That(fit.Covariance, Is.EqualTo(expected).Within(1e-6 * expected.Max()));
        Assert.That(fit.HessianCovariance, Is.EqualTo(inverse).Within(1e-6 * inverse.Max()));

        // Var(b̂ − 1) = σ₀² + V_bb − 2 (H⁻¹)_bb, as b̂ follows the measurement by (H⁻¹)_bb/σ₀².
        double variance = (width * width) + expected[3] - (2 * inverse[3]);
        Assert.That(fit.Pulls[0].Normalised, Is.EqualTo((rate - 1) / Math.Sqrt(variance)).Within(1e-4));
    }

    [Test]
    public void The_contour_of_weighted_events_has_the_errors_as_its_extremes()
    {
        // The adjusted function is δᵀ V⁻¹ δ to second order; 40,000 events are close to that.
        LikelihoodModel model = SignalAndBackground(0.0175, 0.01);
        EventTable events = Mixture(40_000, i => i % 2 == 0 ? 0.4 : 1.6);
        var fits = ProfileLikelihood.Of(new Likelihood(model, Observed(events, 1)));
        FitResult fit = fits.Fit();
        ProfileContour contour = ProfileContour.Of(fits, 1, new ContourOptions { Rise = 1, Points = 80 });
        Assert.That((contour.IsClosed, contour.Failures.Count), Is.EqualTo((true, 0)));
        Assert.That(
            (contour.Points.Max(point => point.First) - contour.Points.Min(point => point.First)) / 2,
            Is.EqualTo(fit.Errors[0]).Within(0.005 * fit.Errors[0]));
        Assert.That(
            (contour.Points.Max(point => point.Second) - contour.Points.Min(point => point.Second)) / 2,
            Is.EqualTo(fit.Errors[1]).Within(0.005 * fit.Errors[1]));
    }

    [TestCase(0.5), TestCase(4.0)]
    public void The_contour_of_events_of_one_weight_is_that_of_events_without_weights(double weight)
    {
        EventTable events = Mixture(400, _ => weight);
        ProfileContour found = Contour(SignalAndBackground(1, double.NaN), events);
        ProfileContour expected = Contour(SignalAndBackground(weight, double.NaN), events.WithWeights(null));
        for (int i = 0; i < expected.Points.Count; i++)
        {
            Assert.That(found.Points[i].First, Is.EqualTo(expected.Points[i].First).Within(1e-5));
            Assert.That(found.Points[i].Second, Is.EqualTo(expected.Points[i].Second).Within(1e-5));
        }

        static ProfileContour Contour(LikelihoodModel model, EventTable events) =>
            ProfileContour.Of(ProfileLikelihood.Of(new Likelihood(model, Observed(events))), 1);
    }

    [Test]
    public void A_parameter_that_nothing_determines_changes_no_error_of_the_others()
    {
        // Two factors of one yield: only their product is determined, and the signal's error is that of the model with one.
        EventTable events = Mixture(400, i => 0.5 + (i % 3));
        FitResult one = ProfileLikelihood.Of(new Likelihood(SignalAndBackground(1, double.NaN), Observed(events))).Fit();
        var twice = ProfileLikelihood.Of(new Likelihood(SignalAndBackground(1, double.NaN, twice: true), Observed(events)));
        Assert.That(twice.Fit().Errors[0], Is.EqualTo(one.Errors[0]).Within(1e-5 * one.Errors[0]));
        Assert.That(twice.Fit().Errors[1], Is.NaN);
        Assert.That(ProfileInterval.Of(twice).Upper - twice.MuHat, Is.EqualTo(one.Errors[0]).Within(0.05 * one.Errors[0]));
    }

    [Test]
    public void A_toy_of_weighted_data_has_their_weights()
    {
        // N of mean ν/⟨w⟩, weights as observed: Σw has the mean ν and the variance ν ⟨w²⟩/⟨w⟩.
        const int toys = 4000;
        EventTable events = Weighted(300, i => i % 3 == 0 ? -0.5 : 2);
        var source = new ToySource(OneYield(Yield), [1], new Seed(3), Observed(events));
        double[] sums = [.. Enumerable.Range(0, toys).Select(number => source.Draw(number).Events[0].SumOfWeights)];
        (double mean, double squares) = (3.5 / 3, 8.25 / 3);
        double variance = Yield * squares / mean;
        Assert.That(sums.Average(), Is.EqualTo(Yield).Within(4 * Math.Sqrt(variance / toys)));
        Assert.That(sums.Average(sum => Math.Pow(sum - Yield, 2)), Is.EqualTo(variance).Within(4 * variance * Math.Sqrt(2.0 / toys)));
    }

    [Test]
    public void No_toy_is_drawn_of_weights_without_a_positive_mean() => Assert.That(
        () => new ToySource(OneYield(Yield), [1], new Seed(3), Observed(Weighted(300, i => i % 2 == 0 ? -2 : 1))),
        Throws.TypeOf<FitException>().With.Message.Contains("mean -0.5"));

    private static ObservedData Observed(EventTable events, params double[] auxiliary) =>
        new() { Events = [events], Auxiliary = auxiliary };

    private static EventTable Weighted(int count, Func<int, double> weight) =>
        EventTable.FromColumns(("log_ratio", new float[count])).WithWeights(Enumerable.Range(0, count).Select(weight).ToArray());

    private static LikelihoodModel OneYield(double yield) => new(
        [new FitParameter { Name = "mu", Initial = 1, Lower = 0, Upper = 100 }],
        [
            new UnbinnedChannel(
                "sr", [new Process("signal", yield) { LogRatio = "log_ratio", YieldFactors = [YieldFactor.Strength("mu")] }])
            {
                Reference = EventTable.FromColumns(("log_ratio", new float[2000])),
            },
        ],
        "mu");

    /// <summary>Signal r = e^{x − ½} of 100 μ over a background of 600 b, both over a unit; b constrained where its width is a
    /// number.</summary>
    private static LikelihoodModel SignalAndBackground(double unit, double width, bool twice = false) => new(
        [
            new FitParameter { Name = "mu", Initial = 1, Lower = -5, Upper = 50 },
            new FitParameter
            {
                Name = "b",
                Initial = 1,
                Lower = 0.01,
                Constraint = double.IsNaN(width) ? null : Constraint.Gaussian(1, width),
            },
            .. twice ? [new FitParameter { Name = "c", Initial = 1, Lower = 0.01 }] : Array.Empty<FitParameter>(),
        ],
        [
            new UnbinnedChannel("sr",
            [
                new Process("signal", 100 / unit) { LogRatio = "log_ratio", YieldFactors = [YieldFactor.Strength("mu")] },
                new Process("background", 600 / unit)
                {
                    YieldFactors =
                        [YieldFactor.Strength("b"), .. twice ? [YieldFactor.Strength("c")] : Array.Empty<YieldFactor>()],
                },
            ])
            {
                NormalisesShapes = false,
                Reference = Mixture(2000, _ => 1, signal: 0),
            },
        ],
        "mu");

    /// <summary>Events of the signal's share at the normal quantiles of a grid: ln r = x − ½ with x ~ N(0,1), N(1,1) for signal.</summary>
    private static EventTable Mixture(int count, Func<int, double> weight, double signal = 1.0 / 7)
    {
        Random random = new Seed(8).CreateRandom();
        float[] ratios = [.. Enumerable.Range(0, count).Select(_ =>
            (float)(random.NextNormal(random.NextDouble() < signal ? 1 : 0, 1) - 0.5))];
        return EventTable.FromColumns(("log_ratio", ratios)).WithWeights(Enumerable.Range(0, count).Select(weight).ToArray());
    }

    private static double[] Inverse(double[] m)
    {
        double determinant = (m[0] * m[3]) - (m[1] * m[2]);
        return [m[3] / determinant, -m[1] / determinant, -m[2] / determinant, m[0] / determinant];
    }

    private static double[] Product(double[] a, double[] b) =>
    [
        (a[0] * b[0]) + (a[1] * b[2]), (a[0] * b[1]) + (a[1] * b[3]), (a[2] * b[0]) + (a[3] * b[2]), (a[2] * b[1]) + (a[3] * b[3]),
    ];
}
