using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Appending;

/// <summary>Maps rows of a schema to the same rows with a model's outputs behind them.</summary>
internal sealed class AppendingMapper : IRowToRowMapper
{
    private readonly DataViewSchema.Column[] _inputs;

    public AppendingMapper(DataViewSchema inputSchema, ColumnBinding binding, IRowModel model)
    {
        Binding = binding;
        Model = model;
        InputSchema = inputSchema;
        _inputs = binding.Resolve(inputSchema);
        FeatureSlots.Of(binding.Inputs[0].Name, model.FeatureNames)?.Require(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        Outputs = new OutputLayout(binding.Outputs, model);
        builder.AddColumns(Outputs.Schema(ColumnAnnotations.NextScoreSet(inputSchema)));
        OutputSchema = builder.ToSchema();
    }

    public ColumnBinding Binding { get; }

    public IRowModel Model { get; }

    /// <summary>Where the model's outputs lie in its numbers of a row.</summary>
    public OutputLayout Outputs { get; }

    public DataViewSchema InputSchema { get; }

    /// <summary>The inputs as columns of <see cref="InputSchema"/>.</summary>
    public IReadOnlyList<DataViewSchema.Column> Inputs => _inputs;

    public DataViewSchema OutputSchema { get; }

    /// <summary>The number of the output that a column holds, or −1 for a column that passes through.</summary>
    public int OutputOf(DataViewSchema.Column column) => Math.Max(-1, column.Index - InputSchema.Count);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new SortedSet<int>();
        foreach (DataViewSchema.Column column in dependingColumns)
        {
            if (OutputOf(column) < 0)
            {
                needed.Add(column.Index);
            }
            else
            {
                needed.UnionWith(_inputs.Select(input => input.Index));
            }
        }

        return [.. needed.Select(index => InputSchema[index])];
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Schema == InputSchema
            ? new AppendingRow(this, input, activeColumns)
            : throw new ArgumentException(
                "The row has another schema than the mapper was made for; ask for a mapper of the row's schema.", nameof(input));
    }

    /// <summary>Opens the inputs of a row; the action writes those of the current row, <see cref="ColumnBinding.Width"/> numbers.</summary>
    public InputReader OpenInputs(DataViewRow row) => InputReaders.Open(row, _inputs, Binding.Inputs);
}
