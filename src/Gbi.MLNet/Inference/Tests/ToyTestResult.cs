using Gbi.Inference.Toys;

namespace Gbi.Inference.Tests;

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
