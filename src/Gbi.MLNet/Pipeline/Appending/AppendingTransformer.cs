using Gbi.Events;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Appending;

/// <summary>
/// A transformer that appends columns which a model of ours computes from input columns of the same row. Shapes: inputs are Single or
/// vectors of Single of known size, outputs are Single or such vectors, a predicted label Boolean. Models read blocks of rows ahead where
/// that is faster.
/// </summary>
/// <remarks>
/// <c>mlContext.Model.Save</c> writes an equivalent chain of ML.NET's own transformers, so that <c>mlContext.Model.Load</c> needs
/// nothing but this assembly next to the program; <see cref="GbiCatalog.Restore"/> turns such a chain back into this class.
/// Annotations of the outputs are not saved by ML.NET; they are back after <see cref="GbiCatalog.Restore"/>.
/// </remarks>
public abstract class AppendingTransformer : ITransformer
{
    private readonly MLContext _mlContext;
    private readonly TransformerKind _kind;

    private protected AppendingTransformer(MLContext mlContext, TransformerKind kind, ColumnBinding binding, IRowModel model)
    {
        _mlContext = mlContext;
        _kind = kind;
        Binding = binding;
        Model = model;
    }

    /// <summary>True: every output depends on its own row only.</summary>
    public bool IsRowToRowMapper => true;

    internal ColumnBinding Binding { get; }

    internal IRowModel Model { get; }

    /// <summary>The schema with the outputs behind it.</summary>
    /// <exception cref="DataException">An input column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(inputSchema).OutputSchema;

    /// <summary>The view with the outputs behind its columns; computed as cursors move.</summary>
    /// <exception cref="DataException">
    /// An input column is missing or of another type, or ML.NET's <c>ConvertToOnnx</c> asks, which cannot write this transformer.
    /// </exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        OnnxConversion.Refuse(GetType().Name);
        return new AppendingView(input, Map(input.Schema));
    }

    /// <summary>A mapper for single rows of a schema, as prediction engines use it.</summary>
    /// <exception cref="DataException">An input column is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Map(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)Lower()).Save(ctx);

    /// <summary>The equivalent chain of built-in transformers.</summary>
    internal ITransformer Lower() =>
        LoweredChain.Build(_mlContext, Binding, Model, new LoweredState(_kind, Binding, Model).Write());

    private AppendingMapper Map(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new AppendingMapper(inputSchema, Binding, Model);
    }
}
