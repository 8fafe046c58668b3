using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Tests.Inference.Fits;

/// <summary>
/// −2 ln L = 4 ((ν² − 1)² + ν/5) + (μ − ν)² has two minima, at μ = ν with ν the outer roots of ν³ − ν + 1/20 = 0; that near −1 is the
/// lower.
/// </summary>
[TestFixture]
internal sealed class LocalMinimumSearchTests
{
    private static readonly FitParameter[] Parameters =
        [new() { Name = "mu", Initial = 1 }, new() { Name = "nu", Initial = 1, Lower = -2, Upper = 2 }];

    // Roots of t³ + pt + q, p = −1, q = 1/20: 2/√3 cos((arccos(−q √27/2) − 2πk)/3).
    private static readonly double High = Root(0);
    private static readonly double Low = Root(2);

    [Test]
    public void The_lower_of_two_valleys_replaces_the_one_where_the_fit_started()
    {
        ProfileLikelihood fits = new(TwoMinima(), Parameters, 0);
        Assert.That(fits.MuHat, Is.EqualTo(High).Within(1e-8), "without a search");
        LocalMinimumSearch search = fits.SearchLocalMinima(new Seed(1));
        Assert.That(fits.MuHat, Is.EqualTo(Low).Within(1e-8));
        Assert.That(search.Minima.Select(minimum => minimum.Minimum.Parameters[1]), Is.EqualTo(new[] { Low, High }).Within(1e-8));
        Assert.That(search.Gain, Is.EqualTo(Profile(High) - Profile(Low)).Within(1e-8));
        Assert.That((search.AtLowest + search.AtHigher, search.Failed), Is.EqualTo((21, 0)));
        Assert.That(Math.Min(search.AtLowest, search.AtHigher), Is.GreaterThan(3), "the box is drawn from on both sides");
        Assert.That(fits.Fit().TwiceNll, Is.EqualTo(Profile(Low)).Within(1e-9));
    }

    [TestCase(-3.0), TestCase(-0.5), TestCase(0.3), TestCase(1.0), TestCase(2.5)]
    public void Fits_at_any_mu_are_the_lower_of_both_minima(double mu)
    {
        ProfileLikelihood fits = new(TwoMinima(), Parameters, 0);
        fits.SearchLocalMinima(new Seed(2));
        Assert.That(fits.TMu(mu), Is.EqualTo(Profile(mu) - Profile(Low)).Within(1e-7));
        Assert.That(fits.TMu(-mu), Is.EqualTo(Profile(-mu) - Profile(Low)).Within(1e-7), "from the other side");
    }

    [Test]
    public void An_interval_ends_where_the_lower_valley_rises()
    {
        ProfileLikelihood fits = new(TwoMinima(), Parameters, 0);
        fits.SearchLocalMinima(new Seed(3));
        ConfidenceInterval interval = ProfileInterval.Of(fits);
        Assert.That(interval.Lower, Is.LessThan(Low));
        Assert.That(Profile(interval.Lower) - Profile(Low), Is.EqualTo(1).Within(1e-6));
        Assert.That(Profile(interval.Upper) - Profile(Low), Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void The_same_seed_gives_the_same_counts_and_new_data_forget_them()
    {
        LocalMinimumSearch Search(ulong seed) => new ProfileLikelihood(TwoMinima(), Parameters, 0).SearchLocalMinima(new Seed(seed));
        (string first, string second) = (Search(5).ToString(), Search(5).ToString());
        Assert.That(first, Is.EqualTo(second).And.StartsWith("Of 21 fits "));
        Assert.That(Enumerable.Range(0, 9).Select(seed => Search((ulong)seed).AtLowest).Distinct().Count(), Is.GreaterThan(1));
        ProfileLikelihood fits = new(TwoMinima(), Parameters, 0);
        fits.SearchLocalMinima(new Seed(1));
        fits.Restart([1, 1]);
        Assert.That(fits.MuHat, Is.EqualTo(High).Within(1e-8));
    }

    [Test]
    public void Fits_that_fail_are_counted_with_their_reasons()
    {
        ProfileLikelihood fits = new(TwoMinima(undefinedAbove: 1.5), Parameters, 0);
        LocalMinimumSearch search = fits.SearchLocalMinima(new Seed(4), new LocalMinimumSearchOptions { Starts = 40 });
        Assert.That(search.Failed, Is.InRange(1, 15), "an eighth of the starts are above 1.5");
        Assert.That(search.Failures, Has.All.Contains("not finite where the minimisation starts"));
        Assert.That(search.AtLowest + search.AtHigher + search.Failed, Is.EqualTo(41));
        Assert.That(fits.MuHat, Is.EqualTo(Low).Within(1e-8));
    }

    [Test]
    public void A_first_fit_that_fails_is_mended_by_the_others()
    {
        ProfileLikelihood fits = new(TwoMinima(undefinedAbove: 0.5), Parameters, 0);
        LocalMinimumSearch search = fits.SearchLocalMinima(new Seed(4));
        Assert.That((search.Failed, search.Gain), Is.EqualTo((search.Failures.Count, double.NaN)));
        Assert.That(search.Failed, Is.GreaterThan(1));
        Assert.That(fits.MuHat, Is.EqualTo(Low).Within(1e-8));
    }

    [Test]
    public void Constraints_bound_the_search()
    {
        // 5 widths of 0.1 around ν = 1 stay in the upper minimum.
        FitParameter[] constrained =
            [.. Parameters.Select(parameter => parameter with { Constraint = Constraint.Gaussian(parameter.Initial, 0.1) })];
        LocalMinimumSearch search = new ProfileLikelihood(TwoMinima(), constrained, 0).SearchLocalMinima(new Seed(6));
        Assert.That(search.Minima, Has.Count.EqualTo(1));
    }

    [Test]
    public void Impacts_are_those_of_the_lower_valley()
    {
        ProfileLikelihood fits = new(TwoMinima(), Parameters, 0);
        fits.SearchLocalMinima(new Seed(7));
        Assert.That(ParameterImpact.Rank(fits).Single().Value, Is.EqualTo(Low).Within(1e-8));
    }

    /// <summary>The lower of both minima at μ, by minima over fine steps of ν and Newton's method from there.</summary>
    private static double Profile(double mu)
    {
        double Value(double nu) => (4 * (Math.Pow((nu * nu) - 1, 2) + (nu / 5))) + ((mu - nu) * (mu - nu));
        double best = Enumerable.Range(-2000, 4001).Select(step => step / 1000.0).MinBy(Value);
        for (int i = 0; i < 20 && Math.Abs(best) < 2; i++)
        {
            best -= ((16 * best * ((best * best) - 1)) + 0.8 - (2 * (mu - best))) / ((48 * best * best) - 14);
        }

        return Value(best);
    }

    private static double Root(int number) => 2 / Math.Sqrt(3) * Math.Cos((Math.Acos(-Math.Sqrt(27) / 40) - (2 * Math.PI * number)) / 3);

    private static Formula TwoMinima(double undefinedAbove = double.PositiveInfinity) => new(2, point =>
    {
        (double mu, double nu) = (point[0], point[1]);
        double square = (nu * nu) - 1;
        double value = (4 * ((square * square) + (nu / 5))) + ((mu - nu) * (mu - nu));
        return (nu > undefinedAbove ? double.PositiveInfinity : value,
            [2 * (mu - nu), (16 * nu * square) + 0.8 - (2 * (mu - nu))],
            [2, -2, -2, (48 * nu * nu) - 14]);
    });
}
