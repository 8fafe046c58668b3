using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Inference.Tests;

/// <summary>A test of no signal: q₀ and its p-value.</summary>
/// <param name="Q0">q₀: t₀ for μ̂ > 0, else 0.</param>
/// <param name="P0">P(q₀ ≥ that | no signal); 0 where it is too small for a number, or no toy reaches it.</param>
/// <param name="Z">The significance Φ⁻¹(1 − p₀), not below 0: √q₀ by asymptotic formulas, finite also where p₀ is 0; NaN where no toy
/// reaches q₀.</param>
/// <remarks>Cowan et al., arXiv:1007.1727, equations 12 and 52 to 53.</remarks>
public sealed record Discovery(double Q0, double P0, double Z)
{
    /// <summary>By the asymptotic distribution of q₀, ½ δ(q₀) + ½ χ²₁.</summary>
    /// <param name="q0">q₀; 0 or more.</param>
    public static Discovery Asymptotic(double q0)
    {
        double z = Significance.OfDiscovery(q0);
        return new Discovery(q0, TailProbability.OfNormal(z), z);
    }

    /// <summary>By the share of toys without signal that reach q₀.</summary>
    internal static Discovery ByToys(double q0, ToyFits background)
    {
        double p = background.ShareAbove(q0);
        return new Discovery(q0, p, p > 0 ? Math.Max(0, Significance.OfProbability(p)) : double.NaN);
    }
}

/// <summary>Tests of no signal, with the data and as expected for a strength.</summary>
public sealed record DiscoveryResult
{
    /// <summary>μ̂ of the observed data.</summary>
    public required double MuHat { get; init; }

    /// <summary>With the observed data.</summary>
    public required Discovery Observed { get; init; }

    /// <summary>The strength of what is expected.</summary>
    public required double ExpectedMu { get; init; }

    /// <summary>
    /// Expected with that strength at −2σ, −1σ, the median, +1σ and +2σ of its band, the least significant first. By asymptotic formulas
    /// Z is normal with width 1 around that of the Asimov data, not below 0.
    /// </summary>
    public required IReadOnlyList<Discovery> Expected { get; init; }

    /// <summary>Toys without signal; null for asymptotic formulas.</summary>
    public ToyFits? Background { get; init; }

    /// <summary>Toys with the expected strength; null for asymptotic formulas.</summary>
    public ToyFits? Signal { get; init; }

    /// <summary>Binomial standard error of the observed p₀ of toys, that of half a toy where none reaches the observed statistic; NaN for
    /// asymptotic formulas.</summary>
    public double ObservedError => Background is null ? double.NaN : ToyTestResult.ErrorOf(Observed.P0, Background);
}

/// <summary>Tests of no signal by asymptotic formulas and by toys.</summary>
/// <remarks>
/// Expected data have the nuisance parameters fitted to the observed data at the expected strength. All fits are free of the upper bound of
/// the strength where that only says where to begin (<see cref="FitParameter.UpperOfLimits"/>): a best value there would make q₀ too small.
/// </remarks>
public static class DiscoveryTest
{
    private static readonly double[] Bands = [-2, -1, 0, 1, 2];

    /// <summary>By asymptotic formulas.</summary>
    /// <param name="test">The model with its observed data.</param>
    /// <param name="expectedMu">The strength of what is expected; above 0.</param>
    /// <exception cref="FitException">A fit found no minimum.</exception>
    public static DiscoveryResult Asymptotic(StrengthTest test, double expectedMu = 1)
    {
        ArgumentNullException.ThrowIfNull(test);
        StrengthTest free = Require(test, expectedMu).ForLimits();
        double muHat = free.Observed.MuHat;
        double observed = free.Observed.Q0();
        double expected = Significance.OfDiscovery(free.FitsOf(free.Model.AsimovData(free.Observed.At(expectedMu).Parameters)).Q0());
        return new DiscoveryResult
        {
            MuHat = muHat,
            Observed = Discovery.Asymptotic(observed),
            ExpectedMu = expectedMu,
            Expected = [.. Bands.Select(n => Discovery.Asymptotic(Math.Pow(Math.Max(0, expected + n), 2)))],
        };
    }

    /// <summary>By toys without signal, and toys with the expected strength whose quantiles are the band.</summary>
    /// <param name="test">The model with its observed data.</param>
    /// <param name="expectedMu">The strength of what is expected; above 0.</param>
    /// <param name="toyCount">Toys of each kind; 1 or more.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between toys.</param>
    /// <exception cref="FitException">The observed data cannot be fitted. Toys that cannot are counted.</exception>
    public static DiscoveryResult ByToys(
        StrengthTest test, double expectedMu, int toyCount, Seed seed, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentOutOfRangeException.ThrowIfLessThan(toyCount, 1);
        StrengthTest free = Require(test, expectedMu).ForLimits();
        LikelihoodModel model = free.ModelOfFits();
        var background = new ProfiledToys(model, free.Data, 0, seed.Child("background"));
        (double observed, double muHat) = background.Observe(0, TestStatistic.Q0);
        ToyFits without = background.Fit(0, toyCount, 0, TestStatistic.Q0, PartialProgress.Of(progress, 0, 0.5), cancellation);

        // Fits start where those of the toys without signal do: equal data then have equal statistics.
        ToyFits with = new ProfiledToys(model, free.Data, expectedMu, seed.Child("signal and background")) { Start = background.Point }
            .Fit(0, toyCount, 0, TestStatistic.Q0, PartialProgress.Of(progress, 0.5, 0.5), cancellation);
        return new DiscoveryResult
        {
            MuHat = muHat,
            Observed = Discovery.ByToys(observed, without),
            ExpectedMu = expectedMu,
            Expected = [.. Bands.Select(n => Discovery.ByToys(with.Quantile(TailProbability.OfNormal(-n)).Value, without))],
            Background = without,
            Signal = with,
        };
    }

    private static StrengthTest Require(StrengthTest test, double expectedMu) => expectedMu > 0 && double.IsFinite(expectedMu)
        ? test
        : throw new ArgumentOutOfRangeException(nameof(expectedMu), expectedMu, "The expected strength must be above 0 and finite.");
}
