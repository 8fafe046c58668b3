using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Microsoft.ML;

namespace Gbi.Pipeline.Transformers;

/// <summary>
/// Appends ln r(x) by networks, and the spread of the members and its standard error where asked; a block of rows at a time, which is the
/// networks' tensor. A saved model holds the networks' bytes and how they are run.
/// </summary>
public sealed class OnnxRatioTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "OnnxRatio",
        ColumnAnnotations.LogRatio,
        NetworkRows.Parse,
        (mlContext, binding, model) => new OnnxRatioTransformer(mlContext, binding, (NetworkRows)model));

    private OnnxRatioTransformer(MLContext mlContext, ColumnBinding binding, NetworkRows model)
        : base(mlContext, Kind, binding, model) => Ratio = model.Ratio;

    internal OnnxRatioTransformer(MLContext mlContext, ColumnBinding binding, OnnxRatio ratio, RatioOutput[] outputs)
        : this(mlContext, binding, new NetworkRows(ratio, outputs))
    {
    }

    /// <summary>The ratio, open as long as somebody holds it.</summary>
    public OnnxRatio Ratio { get; }

    private sealed class NetworkRows(OnnxRatio ratio, RatioOutput[] outputKinds) : IRowModel
    {
        public OnnxRatio Ratio => ratio;

        public int BlockSize => Math.Max(ratio.BlockSize, OnnxOptions.GpuBlockSize);

        /// <summary>Reads the outputs' names, one line, and the ratio behind it.</summary>
        public static NetworkRows Parse(string text)
        {
            string[] parts = text.Split('\n', 2);
            bool isSound = parts[0].Split(',').All(name => Enum.TryParse(name, out RatioOutput _)) && parts.Length == 2;
            return isSound
                ? new NetworkRows(OnnxRatio.Parse(parts[1]), [.. parts[0].Split(',').Select(Enum.Parse<RatioOutput>)])
                : throw new DataException(
                    "The model holds a ratio by networks in the format of another version of Gbi.MLNet; save it again with this version.");
        }

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            if (outputKinds is [RatioOutput.LogRatio])
            {
                ratio.ScoreRows(rows, count, outputs, default, default);
                return;
            }

            float[] logRatio = new float[count];
            float[] spread = new float[count];
            float[] uncertainty = new float[count];
            ratio.ScoreRows(rows, count, logRatio, spread, uncertainty);
            Span<float> target = outputs.Span;
            for (int output = 0; output < outputKinds.Length; output++)
            {
                float[] values = outputKinds[output] switch
                {
                    RatioOutput.Spread => spread, RatioOutput.Uncertainty => uncertainty, _ => logRatio
                };
                for (int row = 0; row < count; row++)
                {
                    target[(row * outputKinds.Length) + output] = values[row];
                }
            }
        }

        public string Serialize() => $"{string.Join(',', outputKinds)}\n{ratio.Serialize()}";
    }
}
