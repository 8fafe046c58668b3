using Gbi.Numerics;

namespace Gbi.Trees.Binning;

/// <summary>
/// Events as bin codes, one byte per value, stored by row (for histograms) and by column (for cuts).
/// </summary>
public sealed class BinnedEvents
{
    internal BinnedEvents(FeatureBins bins, byte[] rows, byte[][] columns, int count)
    {
        Bins = bins;
        Rows = rows;
        Columns = columns;
        Count = count;
    }

    /// <summary>The borders behind the codes.</summary>
    public FeatureBins Bins { get; }

    /// <summary>Number of events.</summary>
    public int Count { get; }

    /// <summary>Number of features, the length of a row.</summary>
    public int Width => Bins.Features.Count;

    /// <summary>Codes, shape [events × features].</summary>
    internal byte[] Rows { get; }

    /// <summary>The same codes, an array for each feature.</summary>
    internal byte[][] Columns { get; }

    /// <summary>Some of the events, in the order given.</summary>
    /// <param name="rows">Numbers of events, each in [0, <see cref="Count"/>).</param>
    public BinnedEvents Select(ReadOnlyMemory<int> rows)
    {
        int width = Width;
        byte[] selected = GC.AllocateUninitializedArray<byte>(checked(rows.Length * width));
        byte[][] columns = NewColumns(width, rows.Length);
        EventBlocks.ForEach(rows.Length, (start, length) =>
        {
            ReadOnlySpan<int> block = rows.Span.Slice(start, length);
            for (int i = 0; i < block.Length; i++)
            {
                Rows.AsSpan(block[i] * width, width).CopyTo(selected.AsSpan((start + i) * width));
            }

            for (int feature = 0; feature < width; feature++)
            {
                byte[] from = Columns[feature];
                Span<byte> to = columns[feature].AsSpan(start, length);
                for (int i = 0; i < block.Length; i++)
                {
                    to[i] = from[block[i]];
                }
            }
        });
        return new BinnedEvents(Bins, selected, columns, rows.Length);
    }

    /// <summary>The same events with the features of another set after these.</summary>
    internal BinnedEvents Join(BinnedEvents other)
    {
        int width = Width + other.Width;
        byte[] rows = GC.AllocateUninitializedArray<byte>(checked(Count * width));
        EventBlocks.ForEach(Count, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                Rows.AsSpan(row * Width, Width).CopyTo(rows.AsSpan(row * width));
                other.Rows.AsSpan(row * other.Width, other.Width).CopyTo(rows.AsSpan((row * width) + Width));
            }
        });
        return new BinnedEvents(Bins.Join(other.Bins), rows, [.. Columns, .. other.Columns], Count);
    }

    internal static byte[][] NewColumns(int width, int count)
    {
        byte[][] columns = new byte[width][];
        foreach (ref byte[] column in columns.AsSpan())
        {
            column = GC.AllocateUninitializedArray<byte>(count);
        }

        return columns;
    }
}
