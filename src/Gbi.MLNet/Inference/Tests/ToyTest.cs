using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

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
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(mu);
        double tested = options.Statistic == TestStatistic.Q0 ? 0 : mu;
        double parts = options.HasBackground ? 2 : 1;
        var signal = new ProfiledToys(test.Model, test.Data, tested, seed.Child("signal and background"));
        (double observed, double muHat) = signal.Observe(tested, options.Statistic);
        return new ToyTestResult
        {
            Mu = tested,
            Options = options,
            Observed = observed,
            MuHat = muHat,
            Tested = Fit(signal, 0),
            Background = options.HasBackground ? Fit(new ProfiledToys(test.Model, test.Data, 0, seed.Child("background")), 1) : null,
        };

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

    /// <summary>Binomial standard error of <see cref="Cls"/>, from the numbers of toys; NaN where CLs is.</summary>
    public double ClsError => Background is not { } background || !(PBackground > 0)
        ? double.NaN
        : PTested > 0 ? Cls * Math.Sqrt(RelativeVariance(PTested, Tested) + RelativeVariance(PBackground, background)) : 0;

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

    private static double RelativeVariance(double share, ToyFits toys) => (1 - share) / (share * toys.FittedCount);
}
