using Gbi.Peaks;

namespace Gbi.Reports;

/// <summary>The measurement of a peak and the circumstances that a report of it names.</summary>
/// <param name="Measurement">The measurement.</param>
/// <param name="Elapsed">Time that it took.</param>
public sealed record PeakRun(PeakMeasurement Measurement, TimeSpan Elapsed)
{
    /// <summary>Name of the events' file.</summary>
    public string Events { get; init; } = "events";
}
