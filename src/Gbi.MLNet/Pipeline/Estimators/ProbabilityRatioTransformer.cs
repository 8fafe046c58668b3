using System.Globalization;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Ratios;
using Microsoft.ML;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Estimators;

/// <summary>
/// Appends ln r(x) = ln p/(1−p) − ln(W₁/W₀), computed from a probability column and clipped to a largest magnitude.
/// </summary>
internal sealed class ProbabilityRatioTransformer : AppendingTransformer
{
    public static readonly TransformerKind Kind = new(
        "ProbabilityRatio",
        ColumnAnnotations.LogRatio,
        RatioModel.Parse,
        (mlContext, binding, model) => new ProbabilityRatioTransformer(mlContext, binding, (RatioModel)model));

    private readonly RatioModel _model;

    private ProbabilityRatioTransformer(MLContext mlContext, ColumnBinding binding, RatioModel model)
        : base(mlContext, Kind, binding, model) => _model = model;

    public double LogPriorOdds => _model.LogPriorOdds;

    public double MaxAbsLogRatio => _model.MaxAbsLogRatio;

    public static ProbabilityRatioTransformer Create(
        MLContext mlContext, string probabilityColumn, string outputColumn, double logPriorOdds, double maxAbsLogRatio) =>
        new(
            mlContext,
            new ColumnBinding([new InputColumn(probabilityColumn, 0)], [outputColumn]),
            new RatioModel(logPriorOdds, maxAbsLogRatio));

    private sealed record RatioModel(double LogPriorOdds, double MaxAbsLogRatio) : IRowModel
    {
        public int BlockSize => 1;

        public static RatioModel Parse(string text)
        {
            string[] parts = text.Split(' ');
            return new RatioModel(
                double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            // In double precision 1 − p is exact for a single-precision p; p = 0 and p = 1 give ∓∞ and are clipped.
            for (int i = 0; i < count; i++)
            {
                outputs.Span[i] = LikelihoodRatio.Clip(LikelihoodRatio.LogRatio(rows.Span[i], LogPriorOdds), MaxAbsLogRatio);
            }
        }

        public string Serialize() => Text($"{LogPriorOdds:R} {MaxAbsLogRatio:R}");
    }
}
