using Gbi.Analysis;
using Gbi.Events;
using Gbi.Inference;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Analysis;

[TestFixture]
internal sealed class SignalFamilyFitTests
{
    private const int TrainingCount = 60_000;
    private const int BackgroundCount = 30_000;
    private const int SignalCount = 3000;
    private const double Fraction = (double)SignalCount / (SignalCount + BackgroundCount);

    private static readonly SignalFamilyOptions Whole = new()
    {
        IsLogarithmic = false,
        Reach = 0.5,
        Trees = new TreeOptions { TreeCount = 100, LeafCount = 16, MinLeafHessian = 20, L2 = 1 },
    };

    private static readonly SignalFamilyFitter Gaussian = new(Learn(Whole), new SignalFamilyFitOptions(), new Seed(4));

    [TestCase(0.7), TestCase(-1.2)]
    public void Fraction_and_parameter_come_out_with_the_errors_of_the_information(double theta)
    {
        SignalFamilyFit fit = Gaussian.Fit(GaussianFamily.Data(BackgroundCount, SignalCount, theta, new Seed(5)));
        (double ofFraction, double ofTheta) = GaussianFamily.Errors(Fraction, theta, SignalCount + BackgroundCount);

        // Twice the data's variance, at most, for the reference sample of twice their size and the trees.
        Assert.That(fit.Best.Fraction, Is.EqualTo(Fraction).Within(4 * ofFraction));
        Assert.That(fit.Best.Theta[0], Is.EqualTo(theta).Within(4 * ofTheta));
        Assert.That(fit.Errors[0], Is.EqualTo(ofFraction).Within(15).Percent);
        Assert.That(fit.Errors[1], Is.EqualTo(ofTheta).Within(15).Percent);
        Assert.That(fit.Remarks, Is.Empty);
    }

    [Test]
    public void The_fraction_is_right_although_the_ratio_is_not_learnt_to_the_end()
    {
        // Fifteen steps of a tenth are not enough for ln r; held-out signal of the stretch puts the rest right.
        SignalFamilyOptions few = Whole with
        {
            Reach = 0.1,
            Aligned = [new AlignedFeature("x", GaussianFamily.Parameter)],
            Trees = Whole.Trees with { TreeCount = 15 },
        };
        var fitter = new SignalFamilyFitter(Learn(few), new SignalFamilyFitOptions(), new Seed(4));
        SignalFamilyFit fit = fitter.Fit(GaussianFamily.Data(BackgroundCount, SignalCount, 0.7, new Seed(5)));
        (double ofFraction, _) = GaussianFamily.Errors(Fraction, 0.7, SignalCount + BackgroundCount);
        Assert.That(fit.Best.Fraction, Is.EqualTo(Fraction).Within(4 * ofFraction));
    }

    [Test]
    public void Intervals_and_contours_end_where_the_likelihood_has_risen()
    {
        SignalFamilyFit fit = Gaussian.Fit(GaussianFamily.Data(BackgroundCount, SignalCount, 0.7, new Seed(5)));
        ConfidenceInterval interval = fit.Interval(GaussianFamily.Parameter);
        Assert.That(fit.RiseAt([interval.Lower]), Is.EqualTo(1).Within(1e-3));
        Assert.That(fit.RiseAt([interval.Upper]), Is.EqualTo(1).Within(1e-3));

        ProfileContour contour = fit.Contour("mu", GaussianFamily.Parameter);
        Assert.That(contour.IsClosed, Is.True);
        Assert.That(contour.Points.Min(point => point.Second), Is.LessThan(interval.Lower));
        Assert.That(contour.Points.Max(point => point.Second), Is.GreaterThan(interval.Upper));
    }

    [Test]
    public void A_signal_outside_the_family_ends_at_a_bound_and_the_fit_says_so()
    {
        SignalFamilyFit fit = Gaussian.Fit(GaussianFamily.Data(BackgroundCount, SignalCount, 3, new Seed(5)));
        Assert.That(fit.Best.Theta[0], Is.EqualTo(2).Within(0.01));
        Assert.That(fit.Remarks, Has.Some.Contains("theta ended at"));
    }

    [Test]
    public void The_order_of_two_parameters_is_found_and_kept()
    {
        // Two independent copies of the family, a and b: at (1, −1) the exchanged parameters are no minimum, and a fit from there comes back.
        EventTable signal = Pairs(GaussianFamily.Signal(40_000, new Seed(6)), GaussianFamily.Signal(40_000, new Seed(7)), hasParameters: true);
        EventTable background = Pairs(GaussianFamily.Background(40_000, new Seed(8)), GaussianFamily.Background(40_000, new Seed(9)), hasParameters: false);
        CrossFittedFamily family = SignalFamilyTrainer.CrossFit(signal, background, ["a", "b"], ["x", "y"], Whole, new Seed(10));
        EventTable data = Pairs(GaussianFamily.Data(0, 3000, 1, new Seed(11)), GaussianFamily.Data(0, 3000, -1, new Seed(12)), hasParameters: false)
            .Append(Pairs(GaussianFamily.Background(30_000, new Seed(13)), GaussianFamily.Background(30_000, new Seed(14)), hasParameters: false));

        SignalFamilyFit fit = new SignalFamilyFitter(family, new SignalFamilyFitOptions(), new Seed(15)).Fit(data);

        Assert.That(fit.Best.Theta[0], Is.EqualTo(1).Within(0.2));
        Assert.That(fit.Best.Theta[1], Is.EqualTo(-1).Within(0.2));
        Assert.That(fit.LabelSwap!.Rise, Is.GreaterThan(-1e-6));
        Assert.That(fit.LabelSwap.IsSame || fit.LabelSwap.IsSeparated, Is.True);
    }

    [Test]
    public void A_family_of_one_point_is_refused()
    {
        EventTable signal = GaussianFamily.Data(0, 100, 1, new Seed(5)).WithColumn(GaussianFamily.Parameter, Enumerable.Repeat(1f, 100).ToArray());
        var failure = Assert.Throws<DataException>(() => SignalFamilyTrainer.CrossFit(
            signal, GaussianFamily.Background(100, new Seed(2)), [GaussianFamily.Parameter], GaussianFamily.Features, Whole, new Seed(3)))!;
        Assert.That(failure.Message, Does.Contain("is the same in all 100 signal events"));
    }

    private static CrossFittedFamily Learn(SignalFamilyOptions options) => SignalFamilyTrainer.CrossFit(
        GaussianFamily.Signal(TrainingCount, new Seed(1)),
        GaussianFamily.Background(TrainingCount, new Seed(2)),
        [GaussianFamily.Parameter],
        GaussianFamily.Features,
        options,
        new Seed(3));

    private static EventTable Pairs(EventTable first, EventTable second, bool hasParameters)
    {
        (string, float[])[] features = [("x", first["x"].ToArray()), ("y", second["x"].ToArray())];
        return EventTable.FromColumns(hasParameters
            ? [.. features, ("a", first[GaussianFamily.Parameter].ToArray()), ("b", second[GaussianFamily.Parameter].ToArray())]
            : features);
    }
}
