using Gbi.Events;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Views;

/// <summary>The slot names of a vector of features in training: another order or another name later is another feature.</summary>
/// <param name="Column">The vector's column.</param>
/// <param name="Names">Its slot names, in order.</param>
internal sealed record FeatureSlots(string Column, string[] Names)
{
    /// <summary>The slots of a trained classifier's features, where it says its column and that has names in the schema.</summary>
    public static FeatureSlots? Of(ITransformer classifier, DataViewSchema schema) =>
        Predictor(classifier) is { FeatureColumnName: { } name }
        && schema.GetColumnOrNull(name) is { Type: VectorDataViewType { IsKnownSize: true } vector } column
        && ViewTable.SlotNames(column, vector.Size) is { } names
            ? new FeatureSlots(name, names)
            : null;

    /// <summary>Slots of those names; null where there are none or where they are the column's name and a number, as slots without names
    /// are called in training.</summary>
    public static FeatureSlots? Of(string column, IReadOnlyList<string>? names) =>
        names is null || names.Select((name, slot) => name == Text($"{column}{slot}")).All(isNumber => isNumber)
            ? null
            : new FeatureSlots(column, [.. names]);

    /// <summary>The classifier, or the last one of a chain; null where it is none with one column of features.</summary>
    public static ISingleFeaturePredictionTransformer<object>? Predictor(ITransformer classifier) => classifier switch
    {
        ISingleFeaturePredictionTransformer<object> predictor => predictor,
        IEnumerable<ITransformer> chain => chain.OfType<ISingleFeaturePredictionTransformer<object>>().LastOrDefault(),
        _ => null,
    };

    /// <summary>Refuses a schema whose slots are named otherwise; slots without names pass, as do columns that are not there.</summary>
    /// <exception cref="DataException">A name differs; the message holds the first that does.</exception>
    public void Require(DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(Column) is not { Type: VectorDataViewType { IsKnownSize: true } vector } column
            || ViewTable.SlotNames(column, vector.Size) is not { } found
            || found.SequenceEqual(Names))
        {
            return;
        }

        int slot = Enumerable.Range(0, Math.Min(found.Length, Names.Length)).FirstOrDefault(at => found[at] != Names[at], -1);
        throw new DataException(slot < 0
            ? $"Column '{Column}' has {found.Length} features, expected the {Names.Length} of the training: {string.Join(", ", Names)}."
            : $"Slot {slot} of column '{Column}' is '{found[slot]}', expected '{Names[slot]}': the model was trained with "
                + $"{string.Join(", ", Names)}, in this order; concatenate the features in the same order.");
    }
}
