using Gbi.Inference.Toys;

namespace Gbi.Inference.Belts;

/// <summary>A Feldman–Cousins belt at the observed data, and the intervals that it gives.</summary>
public sealed record FeldmanCousinsResult
{
    /// <summary>The values of μ that were tried, ascending.</summary>
    public required IReadOnlyList<FeldmanCousinsRow> Rows { get; init; }

    /// <summary>One interval a confidence level, in the order of the options.</summary>
    public required IReadOnlyList<BeltInterval> Intervals { get; init; }

    /// <summary>μ̂ of the observed data, within its bounds.</summary>
    public required double MuHat { get; init; }

    /// <summary>Number of toys whose fits failed.</summary>
    public int FailureCount => Rows.Sum(row => row.Failures.Count);
}

/// <summary>One μ of a Feldman–Cousins belt.</summary>
public sealed record FeldmanCousinsRow
{
    /// <summary>μ.</summary>
    public required double Mu { get; init; }

    /// <summary>t_μ of the observed data.</summary>
    public required double T { get; init; }

    /// <summary>The t_μ up to which data are accepted, one a confidence level: a quantile of the toys.</summary>
    public required IReadOnlyList<ToyQuantile> Critical { get; init; }

    /// <summary>P(t_μ ≥ observed | μ): a share of the toys. μ is accepted at a level CL where this is above 1 − CL.</summary>
    public required double P { get; init; }

    /// <summary>Binomial standard error of <see cref="P"/>.</summary>
    public required double PError { get; init; }

    /// <summary>Number of toys drawn.</summary>
    public required int ToyCount { get; init; }

    /// <summary>The toys whose fits failed; they are in no share and no quantile.</summary>
    public required IReadOnlyList<ToyFailure> Failures { get; init; }

    internal BeltPoint At(double confidenceLevel) => new(Mu, P - (1 - confidenceLevel), PError);
}
