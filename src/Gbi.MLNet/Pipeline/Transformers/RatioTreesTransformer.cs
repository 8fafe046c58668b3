using Gbi.Events;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Ratios;
using Microsoft.ML;

namespace Gbi.Pipeline.Transformers;

/// <summary>What an output column of a ratio holds. The names stand in saved models: never changed.</summary>
internal enum RatioOutput
{
    LogRatio,
    Spread,
    Uncertainty,
}

/// <summary>Appends ln r(x) of a trained ratio, and the spread of its members and its standard error where asked; a block of rows at a
/// time.</summary>
public sealed class RatioTreesTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "RatioTrees",
        ColumnAnnotations.LogRatio,
        TreesModel.Parse,
        (mlContext, binding, model) => new RatioTreesTransformer(mlContext, binding, (TreesModel)model));

    private RatioTreesTransformer(MLContext mlContext, ColumnBinding binding, TreesModel model)
        : base(mlContext, Kind, binding, model) => Ratio = model.Ratio;

    internal RatioTreesTransformer(MLContext mlContext, ColumnBinding binding, RatioModel ratio, RatioOutput[] outputs)
        : this(mlContext, binding, new TreesModel(ratio, outputs))
    {
    }

    /// <summary>The trained ratio.</summary>
    public RatioModel Ratio { get; }

    private sealed class TreesModel(RatioModel ratio, RatioOutput[] outputKinds) : IRowModel
    {
        public RatioModel Ratio => ratio;

        public int BlockSize => 16_384;

        /// <summary>Reads the outputs' names, one line, and the ratio behind it.</summary>
        public static TreesModel Parse(string text)
        {
            string[] parts = text.Split('\n', 2);
            RatioOutput[] kinds = [.. parts[0].Split(',')
                .Select(name => Enum.TryParse(name, out RatioOutput kind) ? kind : throw NotThisVersion())];
            return new TreesModel(RatioModel.Parse(parts.Length == 2 ? parts[1] : throw NotThisVersion()), kinds);
        }

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            if (count == 1 && outputKinds is [RatioOutput.LogRatio])
            {
                outputs.Span[0] = ratio.LogRatio(rows.Span);
                return;
            }

            RatioScores scores = ratio.Score(ViewTable.OfRows(rows, count, ratio.Features.Count, ratio.Features));
            for (int output = 0; output < outputKinds.Length; output++)
            {
                ReadOnlySpan<float> values = outputKinds[output] switch
                {
                    RatioOutput.Spread => scores.Spread,
                    RatioOutput.Uncertainty => scores.Uncertainty,
                    _ => scores.LogRatio,
                };
                for (int row = 0; row < count; row++)
                {
                    outputs.Span[(row * outputKinds.Length) + output] = values[row];
                }
            }
        }

        public string Serialize() => $"{string.Join(',', outputKinds)}\n{ratio.Serialize()}";

        private static DataException NotThisVersion() => new(
            "The model holds a ratio by boosted trees in the format of another version of Gbi.MLNet; train it again with this version.");
    }
}
