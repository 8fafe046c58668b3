using Gbi.Events.IO.Appending;
using Gbi.Events.IO.Outputs;

namespace Gbi.Events.IO;

/// <summary>Files of particle pairs with their kinematics.</summary>
internal static class PairFile
{
    /// <summary>Copies a file of events and appends the columns of <see cref="PairKinematics.Columns"/>, row group by row group.</summary>
    /// <param name="input">The file of events.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="first">Columns of the first particle.</param>
    /// <param name="second">Columns of the second.</param>
    /// <param name="particleMass">Mass of each particle, in the unit of the momenta. Range: 0 or more.</param>
    /// <param name="terms">Whether an existing output is replaced, and on what terms.</param>
    /// <param name="cancellation">Stops between row groups; nothing is written then.</param>
    /// <returns>The number of pairs.</returns>
    /// <exception cref="DataException">The file cannot be read, or lacks a column.</exception>
    public static long Append(
        string input, string output, ParticleColumns first, ParticleColumns second, double particleMass, OutputTerms terms,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        long count = 0;
        ColumnAppender.Append(
            input,
            output,
            [.. first.All, .. second.All],
            [.. PairKinematics.Columns.Select(NewColumn.Single)],
            events =>
            {
                Interlocked.Add(ref count, events.Count);
                EventTable pairs = PairKinematics.Append(events, first, second, particleMass);
                return [.. PairKinematics.Columns.Select(column => (Array)pairs[column].ToArray())];
            },
            options: new AppendOptions { Terms = terms },
            cancellationToken: cancellation);
        return count;
    }
}
