namespace Gbi.Inference.Binned;

/// <summary>Fits of many toys, in their order.</summary>
public sealed record ToyFits
{
    /// <summary>The tested strength μ.</summary>
    public required double Mu { get; init; }

    /// <summary>q̃_μ of each toy; NaN where its fits failed.</summary>
    public required IReadOnlyList<double> QTilde { get; init; }

    /// <summary>μ̂ of each toy; NaN where its fits failed.</summary>
    public required IReadOnlyList<double> MuHat { get; init; }

    /// <summary>The first toys whose fits failed, with the reason; at most ten.</summary>
    public required IReadOnlyList<ToyFailure> Failures { get; init; }

    /// <summary>Number of toys whose fits failed.</summary>
    public int FailureCount => QTilde.Count(double.IsNaN);

    /// <summary>The share of toys with q̃_μ of at least a value, among those whose fits did not fail; NaN where all failed.</summary>
    public double ShareAbove(double q) => QTilde.Where(value => !double.IsNaN(value)).Select(value => value >= q ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();
}

/// <summary>A toy whose fits failed.</summary>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Reason">Why.</param>
public sealed record ToyFailure(int Index, string Reason);
