using Gbi.Events;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Trees.Model;
using Microsoft.ML;

namespace Gbi.Pipeline.Transformers;

/// <summary>Appends the estimated score t̂(x), one column a parameter; a block of rows at a time.</summary>
public sealed class ScoreTreesTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "ScoreTrees",
        Annotations: null,
        text => new ScoreRows(Parse(text)),
        (mlContext, binding, model) => new ScoreTreesTransformer(mlContext, binding, ((ScoreRows)model).Trees));

    internal ScoreTreesTransformer(MLContext mlContext, ColumnBinding binding, TreeEnsemble trees)
        : base(mlContext, Kind, binding, new ScoreRows(trees)) => Trees = trees;

    /// <summary>The trees; one output a parameter.</summary>
    public TreeEnsemble Trees { get; }

    private static TreeEnsemble Parse(string text)
    {
        try
        {
            return TreeEnsembleFormat.FromBytes(Convert.FromBase64String(text));
        }
        catch (Exception failure) when (failure is FormatException or InvalidDataException)
        {
            throw new DataException($"The text holds no trees of a score: {failure.Message}", failure);
        }
    }

    private sealed class ScoreRows(TreeEnsemble trees) : IRowModel
    {
        public TreeEnsemble Trees => trees;

        public int BlockSize => 16_384;

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs) =>
            TreeRows.Evaluate(trees, rows, count, outputs);

        public string Serialize() => Convert.ToBase64String(TreeEnsembleFormat.ToBytes(trees));
    }
}
