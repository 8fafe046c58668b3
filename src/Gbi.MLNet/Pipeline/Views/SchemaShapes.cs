using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>
/// Shapes of schemas. ML.NET keeps the constructor of a shape's column to itself, so a shape is borrowed: a chain that is
/// fitted shows its estimators the shape of the schema at hand, and an estimator of ours takes note of it.
/// </summary>
internal static class SchemaShapes
{
    /// <summary>The shape of a schema.</summary>
    public static SchemaShape Of(DataViewSchema schema)
    {
        var probe = new Probe();
        _ = new EstimatorChain<ITransformer>().Append(probe).Fit(new EmptyView(schema));
        return probe.Shown ?? throw new InvalidOperationException("ML.NET fitted a chain and showed its estimator no schema.");
    }

    /// <summary>The shape of a schema with columns set: in the place of a column of the same name, or at the end.</summary>
    public static SchemaShape With(SchemaShape shape, DataViewSchema added)
    {
        List<SchemaShape.Column> columns = [.. shape];
        foreach (SchemaShape.Column column in Of(added))
        {
            int index = columns.FindIndex(present => present.Name == column.Name);
            if (index < 0)
            {
                columns.Add(column);
            }
            else
            {
                columns[index] = column;
            }
        }

        return new SchemaShape(columns);
    }

    private sealed class Probe : IEstimator<ITransformer>
    {
        public SchemaShape? Shown { get; private set; }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shown = inputSchema;
    }
}
