using Gbi.Events;

namespace Gbi.Posteriors.Sampling;

/// <summary>ln f(θ) of each row of parameters, up to a constant; −∞ where f is 0. NaN counts as −∞.</summary>
/// <param name="parameters">One column a parameter.</param>
public delegate double[] ParameterLogDensity(EventTable parameters);

/// <summary>Draws from a density, and what they are worth.</summary>
public sealed record DensityDraws
{
    /// <summary>The draws, a column a parameter.</summary>
    public required EventTable Table { get; init; }

    /// <summary>ln f of each draw.</summary>
    public required IReadOnlyList<double> LogDensities { get; init; }

    /// <summary>The method that made them, never <see cref="SamplingMethod.Automatic"/>.</summary>
    public required SamplingMethod Method { get; init; }

    /// <summary>
    /// Independent draws that would be worth as much; range (0, number of draws]. A grid: their number. Importance resampling: no more
    /// than the effective size of the proposals, (Σw)²/Σw². Differential evolution: n/(1 + (m−1) ρ²), m chains of one origin (mean over
    /// chains) and ρ the largest correlation of a parameter with its value at the origin.
    /// </summary>
    public required double EffectiveSize { get; init; }

    /// <summary>ln ∫ f dθ; NaN from differential evolution.</summary>
    public required double LogIntegral { get; init; }

    /// <summary>Points at which f was computed.</summary>
    public required long EvaluationCount { get; init; }

    /// <summary>Why the draws may not be trusted; empty where nothing speaks against them.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>One sentence: the method, the effective size and the evaluations.</summary>
    public string Description => Numerics.InvariantText.Text(
        $"{Table.Count:N0} draws by {Name(Method)}, worth {EffectiveSize:N0} independent ones, from {EvaluationCount:N0} density values.");

    private static string Name(SamplingMethod method) => method switch
    {
        SamplingMethod.Grid => "a grid",
        SamplingMethod.ImportanceResampling => "importance resampling",
        SamplingMethod.AnnealedKernels => "annealed kernels",
        _ => "differential evolution",
    };
}
