using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>What an appended column is to ML.NET.</summary>
internal enum ColumnRole
{
    /// <summary>A number, and no more.</summary>
    Number,

    /// <summary>
    /// The margin of a binary classifier at equal class sizes, so that evaluators and calibrators of binary classification may take the
    /// column as a score. It belongs to no score set: it has no predicted label with it.
    /// </summary>
    LogRatio,

    /// <summary>The margin of a classifier, with probability and predicted label in the same score set.</summary>
    Score,

    /// <summary>Its probability.</summary>
    Probability,

    /// <summary>Its decision, a truth value that models give as 0 or 1.</summary>
    PredictedLabel,
}

/// <summary>What our columns say about themselves, by the names that ML.NET gives annotations.</summary>
internal static class ColumnAnnotations
{
    private const string ScoreSet = "ScoreColumnSetId";

    private static readonly KeyDataViewType ScoreSetType = new(typeof(uint), int.MaxValue);

    /// <summary>The type of a column in this role.</summary>
    public static DataViewType TypeOf(ColumnRole role) =>
        role == ColumnRole.PredictedLabel ? BooleanDataViewType.Instance : NumberDataViewType.Single;

    /// <summary>The annotations of a column in this role; null for none.</summary>
    /// <param name="role">The role.</param>
    /// <param name="scoreSet">Number of the score set, for the columns of a classifier.</param>
    public static DataViewSchema.Annotations? Of(ColumnRole role, uint scoreSet)
    {
        if (role == ColumnRole.Number)
        {
            return null;
        }

        var builder = new DataViewSchema.Annotations.Builder();
        if (role != ColumnRole.LogRatio)
        {
            builder.AddPrimitiveValue(ScoreSet, ScoreSetType, scoreSet);
        }

        string value = role == ColumnRole.LogRatio ? nameof(ColumnRole.Score) : role.ToString();
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, "BinaryClassification".AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, value.AsMemory());
        if (role == ColumnRole.Probability)
        {
            builder.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        }

        return builder.ToAnnotations();
    }

    /// <summary>The number of a further score set behind those of a schema.</summary>
    public static uint NextScoreSet(DataViewSchema schema)
    {
        uint last = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(ScoreSet) is { Type: KeyDataViewType { RawType: var type } }
                && type == typeof(uint))
            {
                uint found = 0;
                column.Annotations.GetValue(ScoreSet, ref found);
                last = Math.Max(last, found);
            }
        }

        return last + 1;
    }
}
