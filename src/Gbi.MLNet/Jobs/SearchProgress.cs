namespace Gbi.Jobs;

/// <summary>How far a long job is.</summary>
/// <param name="Step">What is being done, in a few words.</param>
/// <param name="Fraction">The finished share of the step, from 0 to 1.</param>
public readonly record struct SearchProgress(string Step, double Fraction)
{
    /// <summary>What else is to be said of it, such as how fast it goes; null for nothing.</summary>
    public string? Detail { get; init; }
}

/// <summary>Hands a step's fractions on under its name.</summary>
internal sealed class StepProgress(IProgress<SearchProgress>? target, string step) : IProgress<double>, IProgress<SearchProgress>
{
    public void Report(double value) => target?.Report(new SearchProgress(step, value));

    public void Report(SearchProgress value) => target?.Report(value with { Step = step });
}
