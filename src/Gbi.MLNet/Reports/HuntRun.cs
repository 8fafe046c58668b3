using Gbi.Searches.Hunt;

namespace Gbi.Reports;

/// <summary>A bump hunt and the circumstances that a report of it names.</summary>
/// <param name="Result">What was found.</param>
/// <param name="Options">What was done.</param>
public sealed record HuntRun(BumpHuntResult Result, BumpHuntOptions Options)
{
    /// <summary>Name of the events' file.</summary>
    public string Events { get; init; } = "events";

    /// <summary>Name of the signal simulation's file; null without one.</summary>
    public string? Signal { get; init; }

    /// <summary>A sentence for each window without result.</summary>
    public static IEnumerable<string> FailuresOf(BumpHuntResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Windows.Where(window => window.Failure is not null).Select(window => $"{window.Window}: {window.Failure}");
    }
}
