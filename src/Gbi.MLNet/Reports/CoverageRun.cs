using Gbi.Searches.Coverage;

namespace Gbi.Reports;

/// <summary>A study of a search's coverage and the circumstances that a report of it names.</summary>
/// <param name="Result">What was measured.</param>
/// <param name="Options">What was repeated.</param>
public sealed record CoverageRun(SearchCoverageResult Result, SearchCoverageOptions Options)
{
    /// <summary>Where data without signal come from.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the file of injected signal; null for none.</summary>
    public string? Injected { get; init; }

    /// <summary>Name of the signal simulation's file that the search was given; null without one.</summary>
    public string? Signal { get; init; }

    /// <summary>Whether searches are without a signal model, and give lower limits.</summary>
    private bool HasLimits => Result.LimitsAboveZero is not null;

    /// <summary>What the numbers mean, in sentences.</summary>
    public IEnumerable<string> Statements
    {
        get
        {
            yield return Result.TrueFraction > 0
                ? $"The data sets hold signal: Z{(HasLimits ? ", its p-values and the lower limit" : " and its p-values")} show power, and "
                    + "not false claims."
                : "The data sets hold no signal: Z should have mean 0 and width 1"
                    + (HasLimits
                        ? ", its p-values should be uniform, and a lower limit above 0 is a false claim."
                        : " and its p-values should be uniform.");
            if (Result.Failures.Count > 0)
            {
                yield return $"{Result.Failures.Count} searches failed and are excluded. The first: {Result.Failures[0]}";
            }
        }
    }
}
