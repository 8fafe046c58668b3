using Gbi.Searches.Blind;

namespace Gbi.Reports;

/// <summary>A blind search and the circumstances that a report of it names.</summary>
/// <param name="Search">The search.</param>
/// <param name="Elapsed">Time that it took.</param>
public sealed record BlindRun(BlindSearch Search, TimeSpan Elapsed)
{
    /// <summary>Name of the events' file.</summary>
    public string Events { get; init; } = "events";

    /// <summary>Name of the signal simulation's file.</summary>
    public string Signal { get; init; } = "signal";

    /// <summary>Name of the file that the background comes from; null where it is made of the sidebands alone.</summary>
    public string? Background { get; init; }

    internal SearchInputs Inputs => new(Search.Options with { LearnsAnomaly = false }, Events, Signal, Background);
}
