using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Inference.Tests;

/// <summary>How a strength is tested by toys.</summary>
public sealed record ToyTestOptions
{
    /// <summary>The test statistic.</summary>
    public TestStatistic Statistic { get; init; } = TestStatistic.QTildeMu;

    /// <summary>Toys of each kind. Range: 1 or more.</summary>
    public int ToyCount
    {
        get;
        init =>
            field = value >= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(ToyCount), value, "ToyCount must be 1 or more: it counts toys.");
    } = 2000;

    /// <summary>Which of the toys are drawn and fitted here.</summary>
    public ToyShard Shard { get; init; } = ToyShard.Whole;

    /// <summary>Whether toys without signal belong to the test: CLs is made of q and q̃ alone.</summary>
    public bool HasBackground => Statistic is TestStatistic.QMu or TestStatistic.QTildeMu;
}

/// <summary>Tests by toys. Nuisance parameters of the toys are those fitted to the observed data at the toys' strength.</summary>
public static class ToyTest
{
    /// <summary>Draws and fits toys with the tested strength and, for CLs, without signal. A toy depends on the seed and its number
    /// alone.</summary>
    /// <param name="test">The model with its observed data.</param>
    /// <param name="mu">The tested strength, 0 or more; q₀ tests 0 whatever it is.</param>
    /// <param name="options">Statistic, number of toys, and which of them are done here.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between toys.</param>
    /// <exception cref="FitException">The observed data cannot be fitted. Toys that cannot are counted.</exception>
    public static ToyTestResult Run(
        StrengthTest test, double mu, ToyTestOptions options, Seed seed, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        return TestOf((test.Model, test.Data), mu, options, seed, progress, cancellation);
    }

    /// <summary>Upper limits on μ where CLs by toys is 1 − <paramref name="confidenceLevel"/>, with their errors.</summary>
    /// <param name="test">The model with its observed data.</param>
    /// <param name="confidenceLevel">Range: (½, 1).</param>
    /// <param name="toyCount">Toys of each kind at every μ tried; 1 or more. A limit at −2σ rests on 0.0023 of them at 95 %.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between toys.</param>
    /// <returns>The limits found, NaN for others, with the reasons.</returns>
    /// <remarks>
    /// Every μ is tested as <see cref="Run"/> does, with q̃. Fits have the bounds of <see cref="StrengthTest.UpperLimits"/>. The search
    /// begins at asymptotic limits and ends where toys tell its last two points no longer apart; between them ln CLs is linear. The error
    /// of a limit is that of ln CLs over its slope.
    /// </remarks>
    /// <exception cref="FitException">No limit was found.</exception>
    public static UpperLimits UpperLimits(
        StrengthTest test, double confidenceLevel, int toyCount, Seed seed, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentOutOfRangeException.ThrowIfLessThan(toyCount, 1);
        StrengthTest.RequireConfidenceLevel(confidenceLevel);
        StrengthTest free = test.ForLimits();
        var options = new ToyTestOptions { ToyCount = toyCount };
        LikelihoodModel model = free.ModelOfFits();
        return new ToyLimitSearch(free, confidenceLevel, mu => TestOf((model, free.Data), mu, options, seed, null, cancellation))
            .Run(toyCount, progress);
    }

    private static ToyTestResult TestOf(
        (LikelihoodModel Model, ModelData Data) of, double mu, ToyTestOptions options, Seed seed, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(mu);
        double tested = options.Statistic == TestStatistic.Q0 ? 0 : mu;
        double parts = options.HasBackground ? 2 : 1;
        var signal = new ProfiledToys(of.Model, of.Data, tested, seed.Child("signal and background"));
        (double observed, double muHat) = signal.Observe(tested, options.Statistic);
        return new ToyTestResult
        {
            Mu = tested,
            Options = options,
            Observed = observed,
            MuHat = muHat,
            Tested = Fit(signal, 0),
            Background = options.HasBackground ? Fit(Background(), 1) : null,
        };

        // Fits start where those of the other toys do: equal data then have equal statistics.
        ProfiledToys Background() => new(of.Model, of.Data, 0, seed.Child("background")) { Start = signal.Point };

        ToyFits Fit(ProfiledToys toys, int part)
        {
            (long first, int count) = options.Shard.Range(options.ToyCount);
            return toys.Fit(first, count, tested, options.Statistic, PartialProgress.Of(progress, part / parts, 1 / parts), cancellation);
        }
    }
}

/// <summary>A test of a strength by toys in place of asymptotic formulas; of a shard of the toys, or of all.</summary>
public sealed record ToyTestResult
{
    /// <summary>The tested strength; 0 for q₀.</summary>
    public required double Mu { get; init; }

    /// <summary>How it was tested.</summary>
    public required ToyTestOptions Options { get; init; }

    /// <summary>The statistic of the observed data.</summary>
    public required double Observed { get; init; }

    /// <summary>μ̂ of the observed data.</summary>
    public required double MuHat { get; init; }

    /// <summary>Toys with the tested strength.</summary>
    public required ToyFits Tested { get; init; }

    /// <summary>Toys without signal; null where the statistic makes no CLs.</summary>
    public required ToyFits? Background { get; init; }

    /// <summary>P(statistic ≥ observed | tested strength): a share of toys. CLs+b of q and q̃, p₀ of q₀.</summary>
    public double PTested => Tested.ShareAbove(Observed);

    /// <summary>Binomial standard error of <see cref="PTested"/>.</summary>
    public double PTestedError => Math.Sqrt(PTested * (1 - PTested) / Tested.FittedCount);

    /// <summary>P(statistic ≥ observed | 0): a share of toys; NaN where the statistic makes no CLs.</summary>
    public double PBackground => Background?.ShareAbove(Observed) ?? double.NaN;

    /// <summary>The ratio of both; NaN where no toy without signal reaches the observed statistic, or where there are none.</summary>
    public double Cls => PBackground > 0 ? PTested / PBackground : double.NaN;

    /// <summary>Binomial standard error of <see cref="Cls"/>, from the numbers of toys; that of half a toy with signal where none
    /// reaches the observed statistic; NaN where CLs is.</summary>
    public double ClsError => Background is { } background && PBackground > 0
        ? Math.Sqrt(Math.Pow(ErrorOf(PTested, Tested), 2) + Math.Pow(Cls * ErrorOf(PBackground, background), 2)) / PBackground
        : double.NaN;

    /// <summary>
    /// CLs expected without signal at −2σ, −1σ, the median, +1σ and +2σ of its band, smallest first: that of quantiles of the statistic of
    /// toys without signal. Their errors hold those of the quantiles. Empty where the statistic makes no CLs.
    /// </summary>
    public IReadOnlyList<Estimate> ExpectedCls => Background is null ? [] : [.. Bands.Select(n => ExpectedAt(n, Background))];

    /// <summary>All toys whose fits failed.</summary>
    public IReadOnlyList<ToyFailure> Failures => [.. Tested.Failures, .. Background?.Failures ?? []];

    /// <summary>The results of all shards, in their order, as one.</summary>
    /// <exception cref="ArgumentException">They do not follow each other.</exception>
    public static ToyTestResult Joined(IReadOnlyList<ToyTestResult> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        return shards[0] with
        {
            Options = shards[0].Options with { Shard = ToyShard.Whole },
            Tested = ToyFits.Joined([.. shards.Select(shard => shard.Tested)]),
            Background = shards[0].Background is null ? null : ToyFits.Joined([.. shards.Select(shard => shard.Background!)]),
        };
    }

    private static readonly int[] Bands = [2, 1, 0, -1, -2];

    /// <summary>CLs of the quantile of toys without signal. Their share above it is known; what is uncertain is where it lies.</summary>
    private Estimate ExpectedAt(int sigma, ToyFits background)
    {
        if (background.FittedCount == 0)
        {
            return new Estimate(double.NaN, double.NaN);
        }

        ToyQuantile q = background.Quantile(TailProbability.OfNormal(-sigma));
        double share = Tested.ShareAbove(q.Value);
        double spread = (Tested.ShareAbove(q.Value - q.Error) - Tested.ShareAbove(q.Value + q.Error)) / 2;
        double without = background.ShareAbove(q.Value);
        return new Estimate(share / without, Math.Sqrt(Math.Pow(ErrorOf(share, Tested), 2) + (spread * spread)) / without);
    }

    /// <summary>Binomial standard error of a share of toys; that of half a toy where it is 0.</summary>
    internal static double ErrorOf(double share, ToyFits toys) =>
        Math.Sqrt(Math.Max(share, 0.5 / toys.FittedCount) * (1 - share) / toys.FittedCount);
}
