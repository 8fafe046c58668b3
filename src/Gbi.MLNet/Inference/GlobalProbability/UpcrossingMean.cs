using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.GlobalProbability;

/// <summary>How often the statistic q(m) of a scan over the mass m rises through a level where there is no signal.</summary>
/// <param name="Level">u₀, the level.</param>
/// <param name="Value">⟨N(u₀)⟩, the mean number of upcrossings of a scan.</param>
/// <param name="Error">Its standard error √ΣN/n over n scans, that of Poisson counts.</param>
/// <param name="ScanCount">n, the number of signal-free scans that were counted.</param>
/// <remarks>
/// Upcrossings of a level as low as 1 keep a distance, so that their counts scatter less than a Poisson's and the error is on the safe
/// side. A low level makes a few scans suffice; it should stay above the noise of the fits.
/// </remarks>
public sealed record UpcrossingMean(double Level, double Value, double Error, int ScanCount)
{
    /// <summary>Counts the upcrossings of a scan: steps from at or below the level to above it.</summary>
    /// <param name="scan">q at ascending masses; finite.</param>
    /// <param name="level">The level.</param>
    /// <exception cref="DataException">A value is not a number; the message holds its index.</exception>
    public static int Count(IReadOnlyList<double> scan, double level)
    {
        ArgumentNullException.ThrowIfNull(scan);
        int count = 0;
        for (int at = 0; at < scan.Count; at++)
        {
            if (double.IsNaN(scan[at]))
            {
                throw new DataException(
                    $"Value {at} of the scan is not a number; a scan with failed fits has no upcrossings to count, repeat those fits or "
                        + $"leave the scan out.");
            }

            count += at > 0 && scan[at - 1] <= level && scan[at] > level ? 1 : 0;
        }

        return count;
    }

    /// <summary>The mean over scans of signal-free toys.</summary>
    /// <param name="scans">Scans over the same masses.</param>
    /// <param name="level">u₀. Range: 0 or more.</param>
    /// <exception cref="DataException">There is no scan, or no upcrossing in any.</exception>
    public static UpcrossingMean Of(IReadOnlyList<IReadOnlyList<double>> scans, double level)
    {
        ArgumentNullException.ThrowIfNull(scans);
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        int sum = scans.Sum(scan => Count(scan, level));
        return sum > 0
            ? new UpcrossingMean(level, (double)sum / scans.Count, Math.Sqrt(sum) / scans.Count, scans.Count)
            : throw new DataException(
            Text(
                $"None of {scans.Count} scans rises through the level {level:G4}, so that the mean number of upcrossings is unknown; give "
                    + $"more scans or a lower level."));
    }
}
