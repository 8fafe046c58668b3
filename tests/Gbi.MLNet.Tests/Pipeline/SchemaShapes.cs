using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline;

/// <summary>The shape of a schema, which ML.NET shows to estimators alone.</summary>
internal static class SchemaShapes
{
    public static SchemaShape Of(DataViewSchema schema)
    {
        var probe = new ShapeProbe();
        _ = new EstimatorChain<ITransformer>().Append(probe).Fit(new SchemaOnly(schema));
        return probe.Shown!;
    }

    private sealed class ShapeProbe : IEstimator<ITransformer>
    {
        public SchemaShape? Shown { get; private set; }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shown = inputSchema;
    }

    private sealed class SchemaOnly(DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            throw new InvalidOperationException("Only the schema is asked for.");

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            throw new InvalidOperationException("Only the schema is asked for.");
    }
}
