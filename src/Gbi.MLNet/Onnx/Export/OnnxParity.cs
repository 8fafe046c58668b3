using Gbi.Events;
using Gbi.Onnx.Sessions;
using Gbi.Ratios;
using Microsoft.ML.OnnxRuntime;

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
        using InferenceSession session = Open(exported, threads);
        for (int start = 0; start < events.Count; start += BlockSize)
        {
            int count = Math.Min(BlockSize, events.Count - start);
            float[] found = LogRatios(session, Rows(events.Slice(start, count), ratio.Features), count, ratio.Features.Count);
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

    private static InferenceSession Open(byte[] model, int threads) => OnnxSessions.WithRuntime(() =>
    {
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads,
                // An error is reported by an exception, once.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException cause)
        {
            throw new DataException($"ONNX Runtime refuses the model ({OnnxSessions.Reason(cause)}); export it again.", cause);
        }
    });

    private static float[] LogRatios(InferenceSession session, float[] rows, int count, int width)
    {
        using OrtValue features = OrtValue.CreateTensorValueFromMemory(rows, [count, width]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            session.Run(options, [OnnxExport.FeaturesInput], [features], [OnnxExport.LogRatioOutput]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The features of a table, [events × features].</summary>
    private static float[] Rows(EventTable events, IReadOnlyList<string> features)
    {
        float[] rows = new float[events.Count * features.Count];
        for (int feature = 0; feature < features.Count; feature++)
        {
            ReadOnlySpan<float> column = events[features[feature]];
            for (int row = 0; row < column.Length; row++)
            {
                rows[(row * features.Count) + feature] = column[row];
            }
        }

        return rows;
    }
}
