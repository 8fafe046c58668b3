using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;

namespace Gbi.Simulators;

/// <summary>Dijet events to simulate.</summary>
/// <param name="EventCount">Number of events, signal included. Range: 1 or more.</param>
/// <param name="SignalFraction">Fraction of signal among them. Range: [0, 1].</param>
/// <param name="Seed">Origin of all random numbers.</param>
/// <param name="Simulation">What the events look like.</param>
internal sealed record DijetSample(int EventCount, double SignalFraction, Seed Seed, DijetSimulation Simulation);

/// <summary>Files of simulated dijet events.</summary>
internal static class DijetFile
{
    // Whole row groups, and few enough events that memory stays small.
    private const int BlockSize = 8 * 65_536;

    /// <summary>Simulates events block by block and writes them to a Parquet file.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="sample">The events.</param>
    /// <param name="terms">Whether an existing file is replaced, and on what terms.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between blocks; nothing is written then.</param>
    /// <returns>The number of signal events.</returns>
    /// <exception cref="IOException">The file exists and may not be replaced, or cannot be written.</exception>
    public static int Write(
        string path, DijetSample sample, OutputTerms terms, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sample);

        // The file is begun first, so that an unwritable path is known before the work.
        using var writer = new ParquetEventWriter(
            path, DijetSimulator.ColumnsOf(sample.Simulation), hasWeights: false, new ParquetWriteOptions { Terms = terms });
        int signal = 0;
        int done = 0;
        foreach (EventTable block in DijetSimulator.DataInBlocks(
            sample.EventCount, sample.SignalFraction, sample.Seed, BlockSize, sample.Simulation, cancellation))
        {
            writer.Append(block, cancellation);
            signal += block[DijetSimulator.Label].Count(1f);
            done += block.Count;
            progress?.Report((double)done / sample.EventCount);
        }

        writer.Complete();
        return signal;
    }
}
