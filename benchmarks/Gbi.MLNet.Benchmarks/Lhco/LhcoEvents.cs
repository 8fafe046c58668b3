using System.Runtime.InteropServices;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;

namespace Gbi.Benchmarks.Lhco;

/// <summary>Events of the LHC Olympics in the signal region.</summary>
/// <param name="Signal">sr_signal.parquet, a signal simulation.</param>
/// <param name="Background">The background of sr_events.parquet.</param>
/// <param name="Hidden">The signal of sr_events.parquet.</param>
internal sealed record LhcoEvents(EventTable Signal, EventTable Background, EventTable Hidden)
{
    public static readonly string[] Columns = ["mjj", "mj1", "delta_mj", "tau21_j1", "tau21_j2"];

    public static LhcoEvents Read(string folder)
    {
        EventTable events = new ParquetEventReader(Path.Combine(folder, "sr_events.parquet")).Read([.. Columns, "label"]);
        EventTable signal = new ParquetEventReader(Path.Combine(folder, "sr_signal.parquet")).Read(Columns);
        return new LhcoEvents(signal, WithLabel(events, 0), WithLabel(events, 1));
    }

    /// <summary>Random orders of the background and of the hidden signal.</summary>
    public (int[] Background, int[] Hidden) Orders(Seed seed) =>
        (seed.Child("background").Permutation(Background.Count), seed.Child("signal").Permutation(Hidden.Count));

    /// <summary>
    /// Raw little-endian files for programs that read no Parquet: floats, event by event, and the random orders of some seeds, so that
    /// another program splits the events as this one does.
    /// </summary>
    public void Export(string target, int seeds)
    {
        Directory.CreateDirectory(target);
        foreach ((string name, EventTable events) in new[] { ("signal", Signal), ("background", Background), ("hidden", Hidden) })
        {
            float[] rows = new float[events.Count * Columns.Length];
            for (int column = 0; column < Columns.Length; column++)
            {
                for (int row = 0; row < events.Count; row++)
                {
                    rows[(row * Columns.Length) + column] = events[Columns[column]][row];
                }
            }

            File.WriteAllBytes(Path.Combine(target, $"{name}.f32"), MemoryMarshal.AsBytes(rows.AsSpan()));
        }

        for (int seed = 1; seed <= seeds; seed++)
        {
            (int[] background, int[] hidden) = Orders(new Seed((ulong)seed));
            File.WriteAllBytes(Path.Combine(target, $"order{seed}.i32"), MemoryMarshal.AsBytes<int>([.. background, .. hidden]));
        }
    }

    private static EventTable WithLabel(EventTable events, float label)
    {
        float[] labels = events["label"].ToArray();
        return events.Select([.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == label)]).Only(Columns);
    }
}

/// <summary>Tables cut down to some columns.</summary>
internal static class ColumnSelection
{
    public static EventTable Only(this EventTable events, IReadOnlyList<string> columns) =>
        new([.. columns.Select(name => KeyValuePair.Create(name, events.Memory(name)))], events.Count);
}
