using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Microsoft.ML;

namespace Gbi.Pipeline.Estimators;

/// <summary>
/// Appends the coefficients Δ_A(x) of a systematic by a network that was trained outside, one column a monomial. Fit compares the columns
/// with those that the network takes.
/// </summary>
public sealed class OnnxSystematicEstimator : IEstimator<OnnxSystematicTransformer>
{
    private readonly MLContext _mlContext;
    private readonly OnnxSystematic _systematic;
    private readonly string? _featureColumn;
    private readonly string[] _outputs;

    internal OnnxSystematicEstimator(MLContext mlContext, OnnxSystematic systematic, string? featureColumn, string outputPrefix)
    {
        _mlContext = mlContext;
        _systematic = systematic;
        _featureColumn = featureColumn;
        _outputs = SystematicTransformer.OutputNames(outputPrefix, systematic.Monomials);
        LoweredChain.RequireFewOutputs(_outputs.Length);
    }

    /// <summary>Compares the columns.</summary>
    /// <exception cref="DataException">A column is missing or of another type, or its slots have other names than the network's
    /// features.</exception>
    public OnnxSystematicTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">A view, of which only the columns count.</param>
    /// <param name="progress">Told 1 at the end.</param>
    /// <param name="cancellation">Stops before the columns are compared; nothing takes long after that.</param>
    /// <exception cref="DataException">As above.</exception>
    public OnnxSystematicTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        cancellation.ThrowIfCancellationRequested();
        NetworkColumns.Require(input.Schema, _featureColumn, _systematic.Features, "the network");
        var binding = new ColumnBinding(NetworkColumns.Of(_featureColumn, _systematic.Features), _outputs);
        progress?.Report(1);
        return new OnnxSystematicTransformer(_mlContext, binding, _systematic);
    }

    /// <summary>The input's columns with the coefficients behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NetworkColumns.Require(inputSchema, _featureColumn, _systematic.Features);
        return SchemaShapes.With(inputSchema, ColumnBinding.OutputSchema(_outputs, roles: []));
    }
}

/// <summary>
/// Appends the coefficients Δ_A(x) by a network, one column a monomial; a block of rows at a time, which is the network's tensor. A saved
/// model holds the network's bytes and how it is run.
/// </summary>
public sealed class OnnxSystematicTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "OnnxSystematic",
        text => new NetworkRows(OnnxSystematic.Parse(text)),
        (mlContext, binding, model) => new OnnxSystematicTransformer(mlContext, binding, ((NetworkRows)model).Systematic));

    internal OnnxSystematicTransformer(MLContext mlContext, ColumnBinding binding, OnnxSystematic systematic)
        : base(mlContext, Kind, binding, new NetworkRows(systematic)) => Systematic = systematic;

    /// <summary>The systematic, open as long as somebody holds it.</summary>
    public OnnxSystematic Systematic { get; }

    /// <summary>Names of the appended columns, one per monomial of <see cref="Systematic"/> and in their order.</summary>
    public IReadOnlyList<string> Columns => Binding.Outputs;

    private sealed class NetworkRows(OnnxSystematic systematic) : IRowModel
    {
        public OnnxSystematic Systematic => systematic;

        public int BlockSize => Math.Max(systematic.BlockSize, OnnxOptions.GpuBlockSize);

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs) =>
            systematic.CoefficientsOfRows(rows, count, outputs);

        public string Serialize() => systematic.Serialize();
    }
}
