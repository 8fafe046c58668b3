namespace Gbi.Diagnostics.Posteriors;

/// <summary>What a test of a posterior found.</summary>
public enum PosteriorFinding
{
    /// <summary>No difference from the exact posterior, by enough pairs to see one.</summary>
    Calibrated,

    /// <summary>Regions hold the truth less often than they say: intervals are too narrow, or lie in the wrong place.</summary>
    OverConfident,

    /// <summary>Regions hold the truth more often than they say: intervals are too wide.</summary>
    UnderConfident,

    /// <summary>Draws lie below or above the truth on average.</summary>
    Shifted,

    /// <summary>Ranks are not uniform, in no direction with a name.</summary>
    Miscalibrated,

    /// <summary>On average, ln q of the truth is not above ln p of the prior: the posterior has learnt nothing.</summary>
    NoInformation,

    /// <summary>The pairs are too few to see a difference that matters.</summary>
    Inconclusive,
}

/// <summary>One line of the result.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Parameter">The parameter that it concerns; null for all together.</param>
/// <param name="Text">The line, such as "over-confident in `mass`: 68 % regions hold 54 ± 2 %".</param>
public sealed record PosteriorVerdict(PosteriorFinding Finding, string? Parameter, string Text);
