using Gbi.Jobs;
using Gbi.Searches;

namespace Gbi.Reports;

/// <summary>A search and the circumstances that a report of it names.</summary>
/// <param name="Search">The search.</param>
/// <param name="Elapsed">Time that it took.</param>
public sealed record SearchRun(ResonanceSearch Search, TimeSpan Elapsed)
{
    /// <summary>Name of the events' file.</summary>
    public string Events { get; init; } = "events";

    /// <summary>Name of the signal simulation's file; null without one.</summary>
    public string? Signal { get; init; }

    /// <summary>Name of the file that the background comes from; null where it is made of the sidebands alone.</summary>
    public string? Background { get; init; }

    internal SearchInputs Inputs => new(Search.Options, Events, Signal, Background);

    /// <summary>Version of this package.</summary>
    public static string PackageVersion { get; } = JobHeader.ThisVersion;
}
