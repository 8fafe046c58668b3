using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>What our columns say about themselves, by the names that ML.NET gives annotations.</summary>
internal static class ColumnAnnotations
{
    /// <summary>
    /// A log ratio is the margin of a binary classifier at equal class sizes, so evaluators and calibrators of binary
    /// classification may take the column as a score. It belongs to no score set: it has no predicted label with it.
    /// </summary>
    public static DataViewSchema.Annotations LogRatio { get; } = Score();

    private static DataViewSchema.Annotations Score()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, "BinaryClassification".AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, "Score".AsMemory());
        return builder.ToAnnotations();
    }
}
