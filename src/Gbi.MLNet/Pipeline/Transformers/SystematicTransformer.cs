using Gbi.Diagnostics.Closure;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Ratios.Parametric;
using Microsoft.ML;

namespace Gbi.Pipeline.Transformers;

/// <summary>Appends the coefficients Δ_A(x) of a parametric ratio, one column a monomial; a block of rows at a time.</summary>
public sealed class SystematicTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "Systematic",
        Annotations: null,
        text => new RatioRows(ParametricRatio.Parse(text)),
        (mlContext, binding, model) => new SystematicTransformer(mlContext, binding, ((RatioRows)model).Ratio));

    internal SystematicTransformer(MLContext mlContext, ColumnBinding binding, ParametricRatio ratio)
        : base(mlContext, Kind, binding, new RatioRows(ratio)) => Ratio = ratio;

    /// <summary>The trained ratio.</summary>
    public ParametricRatio Ratio { get; }

    /// <summary>Names of the appended columns, one a monomial of <see cref="Ratio"/> and in their order.</summary>
    public IReadOnlyList<string> Columns => Binding.Outputs;

    /// <summary>
    /// Whether the ratio closes, one test a varied sample, on the events held out; empty where none were
    /// (<see cref="Systematics.SystematicTrainingOptions.HeldOutFraction"/>), and in a loaded model.
    /// </summary>
    public IReadOnlyList<VariationClosure> Closure { get; internal init; } = [];

    internal static string[] OutputNames(string prefix, IReadOnlyList<Monomial> monomials) =>
        [.. monomials.Select(monomial => prefix + monomial.Name)];

    private sealed class RatioRows(ParametricRatio ratio) : IRowModel
    {
        public ParametricRatio Ratio => ratio;

        public int BlockSize => 16_384;

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs) =>
            TreeRows.Evaluate(ratio.Trees, rows, count, outputs);

        public string Serialize() => ratio.Serialize();
    }
}
