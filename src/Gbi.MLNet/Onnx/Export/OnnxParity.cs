using Gbi.Events;
using Gbi.Ratios;

namespace Gbi.Onnx.Export;

/// <summary>How far an exported ratio is from the model that it was made of, both run on the same events.</summary>
/// <param name="EventCount">Events that were scored.</param>
/// <param name="MaxDifference">
/// Largest |Δ ln r| between ONNX Runtime and the model; infinite where one of both gives no number and the other does.
/// </param>
internal sealed record OnnxParity(int EventCount, double MaxDifference)
{
    /// <summary>Largest difference with which an exported ratio is accepted.</summary>
    public const double Tolerance = 1e-5;

    // Bounds the runtime's memory, which holds all members' scores of a block.
    private const int BlockSize = 65_536;

    /// <summary>Whether the exported ratio may stand in for the model.</summary>
    public bool IsAccepted => MaxDifference <= Tolerance;

    /// <summary>Compares an exported ratio with its model.</summary>
    /// <param name="ratio">The model.</param>
    /// <param name="exported">Bytes that <see cref="OnnxExport"/> wrote.</param>
    /// <param name="events">Events with the model's features, NaN for missing.</param>
    /// <param name="threads">Threads of the runtime. Range: 1 or more; 0 for its own choice.</param>
    /// <exception cref="DataException">
    /// ONNX Runtime's native library is not there, it refuses the model, or a feature is not a column of the table.
    /// </exception>
    public static OnnxParity Measure(RatioModel ratio, byte[] exported, EventTable events, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(exported);
        ArgumentNullException.ThrowIfNull(events);
        ReadOnlySpan<float> expected = ratio.Score(events).LogRatio;
        double largest = 0;
        using ExportedGraph graph = ExportedGraph.Open(exported, threads);
        for (int start = 0; start < events.Count; start += BlockSize)
        {
            int count = Math.Min(BlockSize, events.Count - start);
            float[] rows = ExportedGraph.Rows(events.Slice(start, count), ratio.Features);
            float[] found = graph.Run(count, [(OnnxExport.FeaturesInput, rows)], OnnxExport.LogRatioOutput);
            for (int row = 0; row < count; row++)
            {
                largest = Math.Max(largest, Difference(found[row], expected[start + row]));
            }
        }

        return new OnnxParity(events.Count, largest);
    }

    /// <summary>|Δ|; infinite where one of both is no number and the other is, 0 where both are the same NaN or infinity.</summary>
    internal static double Difference(float found, float expected)
    {
        double difference = Math.Abs((double)found - expected);
        return !double.IsNaN(difference) ? difference : found.Equals(expected) ? 0 : double.PositiveInfinity;
    }
}
