using Microsoft.ML;

namespace Gbi.Pipeline.Views;

/// <summary>Some rows, column by column.</summary>
/// <param name="Count">Number of rows.</param>
/// <param name="Columns">The columns that were asked for, in order; one number per row.</param>
internal sealed record ColumnBlock(int Count, IReadOnlyList<ReadOnlyMemory<float>> Columns);

/// <summary>
/// A view that also gives its rows in blocks of columns, for whoever wants all of them in order: a value then costs no call of a getter.
/// </summary>
internal interface IColumnView : IDataView
{
    /// <summary>The rows in order; null where some of these columns can only be had row by row.</summary>
    IEnumerable<ColumnBlock>? Blocks(IReadOnlyList<DataViewSchema.Column> columns);
}
