using Gbi.Ratios;
using Microsoft.ML;

namespace Gbi.Pipeline;

/// <summary>Appends ln r(x) of a trained ratio, and the spread of its members where asked; a block of rows at a time.</summary>
public sealed class RatioTreesTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "RatioTrees",
        ColumnAnnotations.LogRatio,
        text => new TreesModel(RatioModel.Parse(text)),
        (mlContext, binding, model) => new RatioTreesTransformer(mlContext, binding, ((TreesModel)model).Ratio));

    internal RatioTreesTransformer(MLContext mlContext, ColumnBinding binding, RatioModel ratio)
        : base(mlContext, Kind, binding, new TreesModel(ratio)) => Ratio = ratio;

    /// <summary>The trained ratio.</summary>
    public RatioModel Ratio { get; }

    private sealed class TreesModel(RatioModel ratio) : IRowModel
    {
        public RatioModel Ratio => ratio;

        public int BlockSize => 16_384;

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            int outputCount = outputs.Length / count;
            if (count == 1 && outputCount == 1)
            {
                outputs.Span[0] = ratio.LogRatio(rows.Span);
                return;
            }

            RatioScores scores = ratio.Score(ViewTable.OfRows(rows, count, ratio.Features.Count, ratio.Features));
            for (int row = 0; row < count; row++)
            {
                outputs.Span[row * outputCount] = scores.LogRatio[row];
                if (outputCount > 1)
                {
                    outputs.Span[(row * outputCount) + 1] = scores.Spread[row];
                }
            }
        }

        public string Serialize() => ratio.Serialize();
    }
}
