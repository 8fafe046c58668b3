using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Tests.Onnx;

namespace Gbi.Benchmarks.Onnx;

/// <summary>Networks with random weights and normal events for them.</summary>
internal sealed class OnnxTask
{
    public const int Width = 10;

    private OnnxTask(EventTable events, float[] rows)
    {
        Events = events;
        Rows = rows;
    }

    /// <summary>The events, column by column.</summary>
    public EventTable Events { get; }

    /// <summary>The same row by row, as a tensor wants them.</summary>
    public float[] Rows { get; }

    public int Count => Events.Count;

    /// <summary>A ratio net of dense layers.</summary>
    public static byte[] Net(int seed, params int[] hidden) => NetworkFile.Dense(seed, Width, hidden).ToBytes();

    public static OnnxTask Of(int count)
    {
        float[] rows = new float[count * Width];
        EventBlocks.ForEach(rows.Length, (start, length) =>
        {
            Random random = new Seed(1).Child(start).CreateRandom();
            for (int i = start; i < start + length; i++)
            {
                rows[i] = (float)random.NextNormal(0, 1);
            }
        });
        return new OnnxTask(RawFiles.Columns(rows, [.. Enumerable.Range(0, Width).Select(column => $"x{column}")]), rows);
    }
}
