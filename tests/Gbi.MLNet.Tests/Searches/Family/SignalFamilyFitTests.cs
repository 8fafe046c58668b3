using Gbi.Events;
using Gbi.Inference.Contours;
using Gbi.Inference.Fits;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Searches.Family.Fits;
using Gbi.Searches.Options;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Family;

[TestFixture]
internal sealed class SignalFamilyFitTests
{
    private const int TrainingCount = 60_000;
    private const int BackgroundCount = 30_000;
    private const int SignalCount = 3000;
    private const int Simulated = 20_000;
    private const double Fraction = (double)SignalCount / (SignalCount + BackgroundCount);

    private static readonly SignalFamilyOptions Whole = new()
    {
        IsLogarithmic = false,
        HalfWidth = 0.5,
        Trees = new TreeOptions { TreeCount = 100, LeafCount = 16, MinLeafHessian = 20, L2 = 1 },
    };

    private static readonly CrossFittedFamily Gaussian = Learn(Whole, TrainingCount, new Seed(1));

    [TestCase(0.7), TestCase(-1.2)]
    public void Fraction_and_parameter_come_out_with_the_errors_of_all_three_samples(double theta)
    {
        SignalFamilyFit fit = Simulating(Gaussian).Fit(GaussianFamily.Data(BackgroundCount, SignalCount, theta, new Seed(5)));
        (double ofFraction, double ofTheta) = GaussianFamily.Errors(
            Fraction, theta, SignalCount + BackgroundCount, TrainingCount, Simulated);
        Assert.That(fit.IsCalibrated, Is.True);
        Assert.That(fit.Values[0], Is.EqualTo(Fraction).Within(4 * ofFraction));
        Assert.That(fit.Values[1], Is.EqualTo(theta).Within(4 * ofTheta));
        Assert.That(fit.Errors[0], Is.EqualTo(ofFraction).Within(10).Percent);
        Assert.That(fit.Errors[1], Is.EqualTo(ofTheta).Within(10).Percent);
        Assert.That(fit.Remarks, Is.Empty);
    }

    [TestCase(true), TestCase(false)]
    public void A_wrong_ratio_makes_neither_estimates_nor_errors_wrong(bool isSimulated)
    {
        // Twelve steps of a tenth leave ln r too flat, and where the simulator tells the truth the family was learnt from signal that
        // claims a θ too large by 0.3. Each toy has a training of its own, as all that share one share the fluctuation of its samples.
        SignalFamilyOptions few = Whole with
        {
            HalfWidth = 0.1,
            Aligned = [new AlignedFeature("x", GaussianFamily.Parameter)],
            Trees = Whole.Trees with { TreeCount = 12 },
        };
        const int Toys = 20;
        const double Theta = 0.7;
        double claimed = isSimulated ? 0.3 : 0;
        double[] ofFraction = new double[Toys];
        double[] ofTheta = new double[Toys];
        double[] ofLikelihood = new double[Toys];
        for (int toy = 0; toy < Toys; toy++)
        {
            CrossFittedFamily family = Learn(few, 20_000, new Seed(40).Child(toy), claimed);
            SignalFamilyFitter fitter = isSimulated
                ? Simulating(family)
                : new SignalFamilyFitter(family, new FamilyFitOptions(), new Seed(4));
            SignalFamilyFit fit = fitter.Fit(GaussianFamily.Data(9000, 1000, Theta, new Seed(50).Child(toy)));
            ofFraction[toy] = (fit.Values[0] - 0.1) / fit.Errors[0];
            ofTheta[toy] = (fit.Values[1] - Theta) / fit.Errors[1];
            ofLikelihood[toy] = fit.Best.Theta[0] - Theta;
        }

        // Three standard errors of the mean and of the mean square of unit Gaussians.
        foreach (double[] pulls in (double[][])[ofFraction, ofTheta])
        {
            Assert.That(pulls.Average(), Is.EqualTo(0).Within(3 / Math.Sqrt(Toys)));
            Assert.That(pulls.Average(pull => pull * pull), Is.EqualTo(1).Within(3 * Math.Sqrt(2.0 / Toys)));
        }

        Assert.That(ofLikelihood.Average(), Is.EqualTo(claimed).Within(0.1));
    }

    [Test]
    public void Held_out_signal_of_a_stretch_tells_what_signal_simulated_at_the_point_does()
    {
        // Points lie up to one standard deviation from the fitted one, where the score of μ has its peak: a straight line through it makes
        // μ 5 % too large. Both fits have data and background in common; what is left is the error of the signal, tens of thousands of
        // events in either.
        SignalFamilyOptions wide = Whole with { HalfWidth = 0.25, Aligned = [new AlignedFeature("x", GaussianFamily.Parameter)] };
        CrossFittedFamily family = Learn(wide, TrainingCount, new Seed(60));
        EventTable data = GaussianFamily.Data(90_000, 10_000, 0.5, new Seed(61));
        SignalFamilyFit heldOut = new SignalFamilyFitter(family, new FamilyFitOptions(), new Seed(4)).Fit(data);
        SignalFamilyFit simulated = new SignalFamilyFitter(family, new FamilyFitOptions(), new Seed(4))
        {
            Simulator = (theta, seed) => GaussianFamily.SignalAt(200_000, theta[0], seed),
        }.Fit(data);

        Assert.That(heldOut.IsCalibrated && simulated.IsCalibrated, Is.True);
        Assert.That(heldOut.Values[0], Is.EqualTo(simulated.Values[0]).Within(3).Percent);
        Assert.That(heldOut.Values[1], Is.EqualTo(simulated.Values[1]).Within(0.03));
    }

    [Test]
    public void Intervals_and_contours_end_where_chi_squared_has_risen()
    {
        SignalFamilyFit fit = Simulating(Gaussian).Fit(GaussianFamily.Data(BackgroundCount, SignalCount, 0.7, new Seed(5)));
        ConfidenceInterval interval = fit.Interval(GaussianFamily.Parameter);
        Assert.That(fit.RiseAt([interval.Lower]), Is.EqualTo(1).Within(1e-9));
        Assert.That(fit.RiseAt([interval.Upper]), Is.EqualTo(1).Within(1e-9));

        // At its widest the contour of two is √(−2 ln(1 − 0.68…)) standard deviations wide.
        double radius = Math.Sqrt(-2 * Math.Log(1 - 0.68268949213708585));
        IReadOnlyList<(double First, double Second)> contour = fit.Contour(GaussianFamily.Parameter, "mu", points: 720);
        Assert.That(contour.Max(point => point.First), Is.EqualTo(fit.Values[1] + (radius * fit.Errors[1])).Within(1e-9));
        Assert.That(contour.Max(point => point.Second), Is.EqualTo(fit.Values[0] + (radius * fit.Errors[0])).Within(1e-4 * fit.Errors[0]));
    }

    [Test]
    public void Members_of_the_background_generator_widen_the_error_by_their_spread()
    {
        // Two members that hold a share c more and less of the fitted signal: the fraction is off by ±c (1 − μ), with a variance of 2 c² (1
        // − μ)².
        const double Share = 0.01;
        EventTable data = GaussianFamily.Data(BackgroundCount, SignalCount, 0.7, new Seed(5));
        SignalFamilyFit without = Simulating(Gaussian).Fit(data);
        float[][] members = [.. ((double[])[Share, -Share]).Select(share => Gaussian.Background["x"].ToArray()
            .Select(x => (float)Math.Log(1 + (share * (Math.Exp(GaussianFamily.LogRatio(x, without.Values[1])) - 1)))).ToArray())];
        SignalFamilyFit with = Simulating(Gaussian, members).Fit(data);
        double spread = Math.Sqrt(2) * Share * (1 - without.Values[0]);
        Assert.That(with.Values, Is.EqualTo(without.Values).Within(0.1 * without.Errors[0]));
        Assert.That(with.Errors[0], Is.EqualTo(Math.Sqrt((without.Errors[0] * without.Errors[0]) + (spread * spread))).Within(3).Percent);
        Assert.That(with.Errors[0], Is.GreaterThan(1.5 * without.Errors[0]));

        var failure = Assert.Throws<InvalidOperationException>(() => Simulating(Gaussian, [[0f]]).Fit(data))!;
        Assert.That(failure.Message, Does.Contain("BackgroundMembers have 1 events").And.Contain($"{Gaussian.Background.Count:N0}"));
    }

    [Test]
    public void Shapes_of_the_likelihood_end_where_it_has_risen()
    {
        SignalFamilyFit fit = Simulating(Gaussian).Fit(GaussianFamily.Data(BackgroundCount, SignalCount, 0.7, new Seed(5)));
        ConfidenceInterval interval = fit.LikelihoodInterval(GaussianFamily.Parameter);
        Assert.That(fit.LikelihoodRiseAt([interval.Lower]), Is.EqualTo(1).Within(1e-3));
        Assert.That(fit.LikelihoodRiseAt([interval.Upper]), Is.EqualTo(1).Within(1e-3));

        ProfileContour contour = fit.LikelihoodContour("mu", GaussianFamily.Parameter);
        Assert.That(contour.IsClosed, Is.True);
        Assert.That(contour.Points.Min(point => point.Second), Is.LessThan(interval.Lower));
        Assert.That(contour.Points.Max(point => point.Second), Is.GreaterThan(interval.Upper));
    }

    [Test]
    public void A_signal_outside_the_family_ends_at_a_bound_and_the_fit_says_so()
    {
        SignalFamilyFit fit = Simulating(Gaussian).Fit(GaussianFamily.Data(BackgroundCount, SignalCount, 3, new Seed(5)));
        Assert.That(fit.Values[1], Is.EqualTo(2).Within(0.01));
        Assert.That(fit.Remarks, Has.Some.Contains("theta ended at"));
    }

    [Test]
    public void The_order_of_two_parameters_is_found_and_kept()
    {
        // Two independent copies of the family, a and b: at (1, −1) the exchanged parameters are no minimum, and a fit from there comes
        // back.
        EventTable signal = Pairs(
            GaussianFamily.Signal(40_000, new Seed(6)), GaussianFamily.Signal(40_000, new Seed(7)), hasParameters: true);
        EventTable background = Pairs(
            GaussianFamily.Background(40_000, new Seed(8)), GaussianFamily.Background(40_000, new Seed(9)), hasParameters: false);
        CrossFittedFamily family = SignalFamilyTrainer.CrossFit(signal, background, new(["a", "b"], ["x", "y"]), Whole, new Seed(10));
        EventTable data = Pairs(
            GaussianFamily.Data(0, 3000, 1, new Seed(11)), GaussianFamily.Data(0, 3000, -1, new Seed(12)), hasParameters: false)
            .Append(
                Pairs(
                    GaussianFamily.Background(30_000, new Seed(13)), GaussianFamily.Background(30_000, new Seed(14)),
                    hasParameters: false));

        SignalFamilyFit fit = new SignalFamilyFitter(family, new FamilyFitOptions(), new Seed(15)).Fit(data);

        Assert.That(fit.Best.Theta[0], Is.EqualTo(1).Within(0.2));
        Assert.That(fit.Best.Theta[1], Is.EqualTo(-1).Within(0.2));
        Assert.That(fit.LabelSwap!.Rise, Is.GreaterThan(-1e-6));
        Assert.That(fit.LabelSwap.IsSame || fit.LabelSwap.IsSeparated, Is.True);
    }

    [Test]
    public void A_family_of_one_point_is_refused()
    {
        EventTable signal = GaussianFamily.Data(0, 100, 1, new Seed(5))
            .WithColumn(GaussianFamily.Parameter, Enumerable.Repeat(1f, 100).ToArray());
        var failure = Assert.Throws<DataException>(() => SignalFamilyTrainer.CrossFit(
            signal, GaussianFamily.Background(100, new Seed(2)), GaussianFamily.Columns, Whole, new Seed(3)))!;
        Assert.That(failure.Message, Does.Contain("is the same in all 100 signal events"));
    }

    private static CrossFittedFamily Learn(SignalFamilyOptions options, int events, Seed seed, double claimed = 0) =>
        SignalFamilyTrainer.CrossFit(
            Claiming(GaussianFamily.Signal(events, seed.Child("signal")), claimed),
            GaussianFamily.Background(events, seed.Child("background")),
            GaussianFamily.Columns,
            options,
            seed.Child("training"));

    /// <summary>The events with parameters that are too large.</summary>
    private static EventTable Claiming(EventTable signal, double more) => signal.WithColumns(["x"]).WithColumn(
        GaussianFamily.Parameter, Array.ConvertAll(signal[GaussianFamily.Parameter].ToArray(), theta => theta + (float)more));

    private static SignalFamilyFitter Simulating(CrossFittedFamily family, params float[][] members) =>
        new(family, new FamilyFitOptions(), new Seed(4))
        {
            BackgroundMembers = members,
            Simulator = (theta, seed) => GaussianFamily.SignalAt(Simulated, theta[0], seed),
        };

    private static EventTable Pairs(EventTable first, EventTable second, bool hasParameters)
    {
        (string, float[])[] features = [("x", first["x"].ToArray()), ("y", second["x"].ToArray())];
        return EventTable.FromColumns(hasParameters
            ? [.. features, ("a", first[GaussianFamily.Parameter].ToArray()), ("b", second[GaussianFamily.Parameter].ToArray())]
            : features);
    }
}
