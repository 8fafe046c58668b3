using Gbi.Inference.Contours;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Inference.Contours;

/// <summary>Contours whose profile and area are known in closed form.</summary>
[TestFixture]
internal sealed class ProfileContourTests
{
    private static readonly FitParameter[] Three = [new() { Name = "mu" }, new() { Name = "nu" }, new() { Name = "tau" }];

    // 1, 2 and 3 σ of a normal variable; −2 ln(1 − level) as in the Review of Particle Physics, table of Δχ² for two parameters.
    [TestCase(0.68268949213708585, 2.30), TestCase(0.95449973610364158, 6.18), TestCase(0.99730020393673979, 11.83)]
    public void The_contour_of_a_gaussian_is_its_ellipse(double level, double height)
    {
        // x = (μ − 1)/2, y = (ν + 3)/0.5 with correlation ρ = 0.8, and τ = x − y ± 1, which drops out of the profile.
        const double rho = 0.8;
        ProfileContour contour = ProfileContour.Of(
            new ProfileLikelihood(Gaussian(rho), Three, 0), 1, new ContourOptions { ConfidenceLevel = level });
        Assert.That(contour.Rise, Is.EqualTo(height).Within(0.005));
        Assert.That(
            (contour.First, contour.Second, contour.IsClosed, contour.Points.Count, contour.Failures.Count),
            Is.EqualTo(("mu", "nu", true, 40, 0)));
        foreach (ContourPoint point in contour.Points)
        {
            (double x, double y) = ((point.First - 1) / 2, (point.Second + 3) / 0.5);
            Assert.That(((x * x) - (2 * rho * x * y) + (y * y)) / (1 - (rho * rho)), Is.EqualTo(contour.Rise).Within(1e-7));
            Assert.That(point.Parameters[2], Is.EqualTo(x - y).Within(1e-6));
            Assert.That(point.IsAtBound, Is.False);
        }

        // A polygon in the circle of 40 points at equal distances has the area sin(2π/40)/(2π/40) of it; the ellipse has π σ₁σ₂√(1−ρ²) Δ.
        double step = 2 * Math.PI / 40;
        Assert.That(Area(contour), Is.EqualTo(Math.PI * contour.Rise * 2 * 0.5 * 0.6 * Math.Sin(step) / step).Within(0.2).Percent);
    }

    [TestCase(1.0), TestCase(4.0)]
    public void A_bent_valley_is_followed_around(double bend)
    {
        // μ² + (ν − bμ² − τ)²/0.6² + (τ/0.8)²: at given μ, ν the best τ leaves μ² + (ν − bμ²)². Shearing keeps the area πΔ of a circle.
        var banana = new Formula(3, point =>
        {
            (double mu, double nu, double tau) = (point[0], point[1], point[2]);
            double off = nu - (bend * mu * mu) - tau;
            const double a = 1 / 0.36, b = 1 / 0.64;
            double tip = -2 * bend * mu;
            return ((mu * mu) + (a * off * off) + (b * tau * tau),
                [(2 * mu) + (2 * a * off * tip), 2 * a * off, (-2 * a * off) + (2 * b * tau)],
                [
                    2 + (2 * a * tip * tip) - (4 * a * off * bend), 2 * a * tip, -2 * a * tip, 2 * a * tip, 2 * a, -2 * a, -2 * a * tip,
                    -2 * a, (2 * a) + (2 * b)
                ]);
        });
        FitParameter[] parameters = [.. Three.Select(parameter => parameter with { Initial = 0.1 })];
        ProfileContour contour = ProfileContour.Of(
            new ProfileLikelihood(banana, parameters, 0), 1, new ContourOptions { ConfidenceLevel = 0.95, Points = 200 });
        Assert.That((contour.IsClosed, contour.Points.Count), Is.EqualTo((true, 200)), string.Join(" ", contour.Failures));
        foreach (ContourPoint point in contour.Points)
        {
            double profile = (point.First * point.First) + Math.Pow(point.Second - (bend * point.First * point.First), 2);
            Assert.That(profile, Is.EqualTo(5.991464547107979).Within(1e-6));
        }

        Assert.That(Area(contour), Is.EqualTo(Math.PI * contour.Rise).Within(1).Percent);
        Assert.That(contour.Points.Max(point => point.First), Is.EqualTo(Math.Sqrt(contour.Rise)).Within(0.5).Percent);
    }

    [TestCase(0.0), TestCase(-0.5), TestCase(0.7)]
    public void A_bound_cuts_the_contour_off(double rho)
    {
        // μ ≥ 0, one error below the minimum at 2 ± 2: the region is the ellipse without its part beyond the chord x = −1.
        FitParameter[] parameters = [Three[0] with { Initial = 2, Lower = 0 }, Three[1], Three[2]];
        ProfileContour contour = ProfileContour.Of(
            new ProfileLikelihood(Gaussian(rho, 2), parameters, 0), 1, new ContourOptions { Points = 400 });
        Assert.That((contour.IsClosed, contour.Points.Count), Is.EqualTo((true, 400)), string.Join(" ", contour.Failures));
        double Profile(ContourPoint point)
        {
            (double x, double y) = ((point.First - 2) / 2, (point.Second + 3) / 0.5);
            return ((x * x) - (2 * rho * x * y) + (y * y)) / (1 - (rho * rho));
        }

        ContourPoint[] cut = [.. contour.Points.Where(point => point.IsAtBound)];
        Assert.That(cut, Has.Length.GreaterThan(30));
        Assert.That(cut.Select(point => point.First), Has.All.EqualTo(0.0));
        Assert.That(cut.Select(Profile), Has.All.LessThanOrEqualTo(contour.Rise + 1e-6));
        Assert.That(contour.Points.Except(cut).Select(Profile), Has.All.EqualTo(contour.Rise).Within(1e-6));
        double half = Math.Sqrt((contour.Rise - 1) * (1 - (rho * rho)));
        Assert.That(cut.Max(point => point.Second), Is.EqualTo(-3 + (0.5 * (-rho + half))).Within(1e-6), "the end of the chord is a point");
        Assert.That(cut.Min(point => point.Second), Is.EqualTo(-3 + (0.5 * (-rho - half))).Within(1e-6));

        // In the metric, a circle of radius R = √Δ less the segment beyond a chord at distance 1: R² (π − acos(1/R)) + √(R² − 1).
        double kept = (contour.Rise * (Math.PI - Math.Acos(1 / Math.Sqrt(contour.Rise)))) + Math.Sqrt(contour.Rise - 1);
        Assert.That(Area(contour), Is.EqualTo(kept * 2 * 0.5 * Math.Sqrt(1 - (rho * rho))).Within(0.05).Percent);
    }

    [Test]
    public void A_box_within_the_contour_is_the_contour()
    {
        FitParameter[] parameters =
            [Three[0] with { Lower = 0.5, Upper = 2 }, Three[1] with { Lower = -3.1, Upper = -2.8, Initial = -3 }, Three[2]];
        ProfileContour contour = ProfileContour.Of(new ProfileLikelihood(Gaussian(0), parameters, 0), 1);
        Assert.That(contour.IsClosed, string.Join(" ", contour.Failures));
        Assert.That(contour.Points, Has.All.Property(nameof(ContourPoint.IsAtBound)).True);
        Assert.That(Area(contour), Is.EqualTo(1.5 * 0.3).Within(1e-9), "corners are points");
    }

    [Test]
    public void A_minimum_at_a_bound_has_half_an_ellipse()
    {
        FitParameter[] parameters = [Three[0] with { Lower = 1, Initial = 2 }, Three[1], Three[2]];
        ProfileContour contour = ProfileContour.Of(
            new ProfileLikelihood(Gaussian(0), parameters, 0), 1, new ContourOptions { Points = 200 });
        Assert.That(contour.IsClosed, string.Join(" ", contour.Failures));
        Assert.That(Area(contour), Is.EqualTo(Math.PI / 2 * contour.Rise).Within(0.1).Percent);
    }

    [Test]
    public void A_nuisance_parameter_at_its_bound_is_held_there()
    {
        // τ ≥ 0: the profile rises by (x − y)² where x − y < 0, as τ cannot follow.
        FitParameter[] parameters = [Three[0], Three[1], Three[2] with { Lower = 0, Initial = 1 }];
        ProfileContour contour = ProfileContour.Of(new ProfileLikelihood(Gaussian(0), parameters, 0), 1);
        Assert.That((contour.IsClosed, contour.Points.Count), Is.EqualTo((true, 40)), string.Join(" ", contour.Failures));
        foreach (ContourPoint point in contour.Points)
        {
            (double x, double y) = ((point.First - 1) / 2, (point.Second + 3) / 0.5);
            Assert.That((x * x) + (y * y) + Math.Pow(Math.Min(0, x - y), 2), Is.EqualTo(contour.Rise).Within(1e-6));
        }
    }

    [Test]
    public void The_extremes_of_the_contour_of_1_are_the_ends_of_the_profile_interval()
    {
        // 9 events where s + b are expected and 12 where 3b are: ŝ = 5, b̂ = 4; not defined for s + b ≤ 0 or b ≤ 0.
        var counts = new Formula(2, point =>
        {
            (double s, double b) = (point[0], point[1]);
            double value = s + b > 0 && b > 0 ? 2 * (s + (4 * b) - (9 * Math.Log(s + b)) - (12 * Math.Log(b))) : double.PositiveInfinity;
            double bent = 18 / ((s + b) * (s + b));
            return (value, [2 - (18 / (s + b)), 8 - (18 / (s + b)) - (24 / b)], [bent, bent, bent, bent + (24 / (b * b))]);
        });
        FitParameter[] parameters = [new() { Name = "s", Initial = 1 }, new() { Name = "b", Initial = 1, Lower = 0 }];
        var fits = new ProfileLikelihood(counts, parameters, 0);
        ProfileContour contour = ProfileContour.Of(fits, 1, new ContourOptions { Rise = 1, Points = 200 });
        Assert.That((contour.IsClosed, contour.Failures.Count), Is.EqualTo((true, 0)));
        Assert.That(
            contour.Points.Select(point => counts.Evaluate([point.First, point.Second], [], []) - fits.Best.Value),
            Has.All.EqualTo(1).Within(1e-6));

        // Between two of 200 points the contour rises by (π/200)²/2 of its radius at most.
        ConfidenceInterval interval = ProfileInterval.Of(fits);
        Assert.That(contour.Points.Max(point => point.First), Is.EqualTo(interval.Upper).Within(0.001));
        Assert.That(contour.Points.Min(point => point.First), Is.EqualTo(interval.Lower).Within(0.001));
    }

    [Test]
    public void A_contour_that_ends_where_the_likelihood_is_not_defined_says_so()
    {
        Formula whole = Gaussian(0);
        var cut = new Formula(3, point =>
        {
            double[] gradient = new double[3], hessian = new double[9];
            double value = whole.Evaluate(point, gradient, hessian);
            return (point[1] > -2.7 ? double.PositiveInfinity : value, gradient, hessian);
        });
        ProfileContour contour = ProfileContour.Of(new ProfileLikelihood(cut, [Three[0], Three[1] with { Initial = -3 }, Three[2]], 0), 1);
        Assert.That(contour.IsClosed, Is.False);
        Assert.That(contour.Failures[^1], Does.StartWith("The contour was lost at ("));
        Assert.That(contour.Points.Select(point => point.Second), Has.All.LessThanOrEqualTo(-2.7));
    }

    [Test]
    public void What_has_no_contour_is_refused()
    {
        Assert.That(
            () => ProfileContour.Of(new ProfileLikelihood(Gaussian(0), Three, 0), 0),
            Throws.ArgumentException.With.Message.Contains("two free parameters"));
        FitParameter[] held = [Three[0], Three[1] with { IsFixed = true }, Three[2]];
        Assert.That(() => ProfileContour.Of(new ProfileLikelihood(Gaussian(0), held, 0), 1), Throws.ArgumentException);
        var sumOnly = Formula.Quadratic([1, 1, 0], 1, 1, 0, 1, 1, 0, 0, 0, 1);
        Assert.That(
            () => ProfileContour.Of(new ProfileLikelihood(sumOnly, Three, 0), 1),
            Throws.TypeOf<FitException>().With.Message.Contains("mu and nu are not determined separately"));
    }

    /// <summary>(x² − 2ρxy + y²)/(1 − ρ²) + (τ − x + y)², x = (μ − m)/2, y = (ν + 3)/0.5.</summary>
    private static Formula Gaussian(double rho, double centre = 1)
    {
        double scale = 1 / (1 - (rho * rho));
        double[] unit = [scale + 1, (-scale * rho) - 1, -1, (-scale * rho) - 1, scale + 1, 1, -1, 1, 1];
        double[] slopes = [0.5, 2, 1];
        return Formula.Quadratic([centre, -3, 0], [.. unit.Select((entry, i) => entry * slopes[i / 3] * slopes[i % 3])]);
    }

    private static double Area(ProfileContour contour) => Enumerable.Range(0, contour.Points.Count).Sum(i =>
    {
        (ContourPoint from, ContourPoint to) = (contour.Points[i], contour.Points[(i + 1) % contour.Points.Count]);
        return ((from.First * to.Second) - (to.First * from.Second)) / 2;
    });
}
