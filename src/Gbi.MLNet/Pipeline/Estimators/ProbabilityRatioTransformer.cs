using System.Globalization;
using System.Text.Json;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Ratios;
using Microsoft.ML;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Estimators;

/// <summary>
/// Appends ln r(x) = ln p/(1−p) − ln(W₁/W₀) + ln κ, computed from a probability column and clipped to a largest magnitude.
/// </summary>
internal sealed class ProbabilityRatioTransformer : AppendingTransformer
{
    public static readonly TransformerKind Kind = new(
        "ProbabilityRatio",
        ProbabilityToRatio.Parse,
        (mlContext, binding, model) => new ProbabilityRatioTransformer(mlContext, binding, (ProbabilityToRatio)model));

    private ProbabilityRatioTransformer(MLContext mlContext, ColumnBinding binding, ProbabilityToRatio model)
        : base(mlContext, Kind, binding, model) => Model = model;

    public new ProbabilityToRatio Model { get; }

    public static ProbabilityRatioTransformer Create(MLContext mlContext, LikelihoodRatioOptions options, ProbabilityToRatio model) =>
        new(mlContext, new ColumnBinding([new InputColumn(options.ProbabilityColumn, 0)], [options.OutputColumn]), model);
}

/// <summary>From a classifier's probability to ln r.</summary>
internal sealed record ProbabilityToRatio(double LogPriorOdds, double LogNormalisation, double MaxAbsLogRatio) : IRowModel
{
    /// <summary>The slots of the classifier's features in training; null where they had no names.</summary>
    public FeatureSlots? Features { get; init; }

    /// <summary>ln r before normalisation of events with a probability of 0 and of 1, whose log odds are infinite.</summary>
    public (double Zero, double One) Certain { get; init; } = (double.NegativeInfinity, double.PositiveInfinity);

    public int BlockSize => 1;

    public IReadOnlyList<ColumnRole> Roles => [ColumnRole.LogRatio];

    public static ProbabilityToRatio Parse(string text)
    {
        // Numbers, and behind them the features; files of earlier versions have no normalisation and no ratios of probabilities 0 and 1.
        int json = text.IndexOf('{', StringComparison.Ordinal);
        double[] numbers = [.. (json < 0 ? text : text[..json]).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        var model = new ProbabilityToRatio(numbers[0], numbers.Length > 2 ? numbers[2] : 0, numbers[1])
        {
            Features = json < 0 ? null : JsonSerializer.Deserialize<FeatureSlots>(text[json..]),
        };
        return numbers.Length > 4 ? model with { Certain = (numbers[3], numbers[4]) } : model;
    }

    /// <summary>ln r before it is clipped. In double precision 1 − p is exact for a p in single precision.</summary>
    public double LogRatio(float probability) => LogNormalisation + probability switch
    {
        0 => Certain.Zero,
        1 => Certain.One,
        _ => LikelihoodRatio.LogRatio(probability, LogPriorOdds),
    };

    public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
    {
        for (int i = 0; i < count; i++)
        {
            outputs.Span[i] = LikelihoodRatio.Clip(LogRatio(rows.Span[i]), MaxAbsLogRatio);
        }
    }

    public string Serialize() =>
        Text($"{LogPriorOdds:R} {MaxAbsLogRatio:R} {LogNormalisation:R} {Certain.Zero:R} {Certain.One:R}")
            + (Features is null ? "" : " " + JsonSerializer.Serialize(Features));
}
