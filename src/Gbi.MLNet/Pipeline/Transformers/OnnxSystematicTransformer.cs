using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Microsoft.ML;

namespace Gbi.Pipeline.Transformers;

/// <summary>
/// Appends the coefficients Δ_A(x) by a network, one column a monomial; a block of rows at a time, which is the network's tensor. A saved
/// model holds the network's bytes and how it is run.
/// </summary>
public sealed class OnnxSystematicTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "OnnxSystematic",
        Annotations: null,
        text => new NetworkRows(OnnxSystematic.Parse(text)),
        (mlContext, binding, model) => new OnnxSystematicTransformer(mlContext, binding, ((NetworkRows)model).Systematic));

    internal OnnxSystematicTransformer(MLContext mlContext, ColumnBinding binding, OnnxSystematic systematic)
        : base(mlContext, Kind, binding, new NetworkRows(systematic)) => Systematic = systematic;

    /// <summary>The systematic, open as long as somebody holds it.</summary>
    public OnnxSystematic Systematic { get; }

    /// <summary>Names of the appended columns, one a monomial of <see cref="Systematic"/> and in their order.</summary>
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
