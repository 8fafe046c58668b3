using Gbi.Events;
using Gbi.Numerics;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Ratios;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators;

/// <summary>Columns and training of the ratio by boosted trees.</summary>
public sealed record RatioTreesOptions
{
    /// <summary>Vector of Single, size known: the observables; NaN is a missing value.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>Boolean column: true for events of the numerator, false for those of the denominator.</summary>
    public string LabelColumn { get; init; } = "Label";

    /// <summary>Single column of event weights, which may be negative; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>Name of the appended column, ln r(x).</summary>
    public string OutputColumn { get; init; } = "LogRatio";

    /// <summary>Name of an appended column with the spread of the ensemble's members, or null for none.</summary>
    public string? SpreadColumn { get; init; }

    /// <summary>
    /// Name of an appended column with the jackknife standard error of ln r (<see cref="RatioScores.Uncertainty"/>), NaN for one
    /// member; null for none.
    /// </summary>
    public string? UncertaintyColumn { get; init; }

    /// <summary>
    /// Whether the columns of a binary classifier, which ML.NET's Evaluate, CrossValidate and PermutationFeatureImportance read, are
    /// appended, too: Score, ln r(x); Probability, r/(1 + r), that of the numerator where both samples have the same sum of weights;
    /// PredictedLabel, whether ln r is above 0. They hide columns of these names in the input.
    /// </summary>
    public bool AppendsClassifierColumns { get; init; }

    /// <summary>Folds, members, trees, calibration and clipping.</summary>
    public RatioOptions Training { get; init; } = new();

    /// <summary>Origin of every random draw; same seed, same model.</summary>
    public Seed Seed { get; init; } = new(1);

    internal string[] Outputs =>
    [
        .. new[] { OutputColumn, SpreadColumn, UncertaintyColumn }.OfType<string>(),
        .. ClassifierColumns.Select(column => column.ToString()),
    ];

    internal RatioOutput[] OutputKinds =>
    [
        RatioOutput.LogRatio,
        .. SpreadColumn is null ? (RatioOutput[])[] : [RatioOutput.Spread],
        .. UncertaintyColumn is null ? (RatioOutput[])[] : [RatioOutput.Uncertainty],
        .. ClassifierColumns,
    ];

    private RatioOutput[] ClassifierColumns =>
        AppendsClassifierColumns ? [RatioOutput.Score, RatioOutput.Probability, RatioOutput.PredictedLabel] : [];
}

/// <summary>
/// Learns ln r(x) = ln p₁(x)/p₀(x) with this package's boosted trees: class balance removed, calibrated, E₀[r] = 1. Takes signed
/// weights, which ML.NET's own trainers drop without a word.
/// </summary>
/// <remarks>
/// The transformer scores with all folds' models, so the rows that it was fitted to are scored by models that saw them; for
/// scores of the training events by models that did not, use <see cref="RatioTrainer"/>.
/// </remarks>
public sealed class RatioTreesEstimator : IEstimator<RatioTreesTransformer>
{
    private readonly MLContext _mlContext;
    private readonly RatioTreesOptions _options;

    internal RatioTreesEstimator(MLContext mlContext, RatioTreesOptions options)
    {
        if (options.Outputs.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Two appended columns are called '{twice.Key}', and one would hide the other; give each a name of its own.",
                nameof(options));
        }

        _mlContext = mlContext;
        _options = options;
    }

    /// <summary>Trains the ratio.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a value is infinite, the weights of a sample do not sum to more than 0, or no tree can
    /// be grown.
    /// </exception>
    public RatioTreesTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">Rows of both samples.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops while rows are read and between trees.</param>
    /// <exception cref="DataException">As above.</exception>
    public RatioTreesTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ViewTable table = ViewTable.Read(
            StoppableView.Of(input, cancellation), _options.FeatureColumn, _options.LabelColumn, _options.WeightColumn);
        return Transformer(RatioTrainer.CrossFit(
            table.ToEvents(), table.Labels, table.FeatureNames, _options.Training, _options.Seed, progress, cancellation));
    }

    /// <summary>The same for samples in views of their own, which need no label.</summary>
    /// <param name="numerator">Events of p₁.</param>
    /// <param name="denominator">Events of p₀.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops while rows are read and between trees.</param>
    /// <exception cref="DataException">As above, or the slots of the features differ between the views.</exception>
    public RatioTreesTransformer Fit(
        IDataView numerator, IDataView denominator, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        ViewTable first = ViewTable.Read(
            StoppableView.Of(numerator, cancellation), _options.FeatureColumn, label: null, _options.WeightColumn);
        FeatureSlots.Of(_options.FeatureColumn, first.FeatureNames)?.Require(denominator.Schema);
        ViewTable second = ViewTable.Read(
            StoppableView.Of(denominator, cancellation), _options.FeatureColumn, label: null, _options.WeightColumn);
        if (!first.FeatureNames.SequenceEqual(second.FeatureNames))
        {
            throw new DataException(
                $"Column '{_options.FeatureColumn}' of the numerator has the features {string.Join(", ", first.FeatureNames)} and that of "
                    + $"the denominator {string.Join(", ", second.FeatureNames)}, expected the same in the same order.");
        }

        return Transformer(RatioTrainer.CrossFit(
            first.ToEvents(), second.ToEvents(), first.FeatureNames, _options.Training, _options.Seed, progress, cancellation));
    }

    private RatioTreesTransformer Transformer(CrossFittedRatio ratio)
    {
        ratio.RequireTrees();
        var features = new InputColumn(_options.FeatureColumn, ratio.Model.Features.Count);
        return new RatioTreesTransformer(_mlContext, new ColumnBinding([features], _options.Outputs), ratio.Model, _options.OutputKinds);
    }

    /// <summary>The input's columns with the log ratio behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.RequireVector(inputSchema, _options.FeatureColumn);
        InputColumns.Require(inputSchema, _options.LabelColumn, BooleanDataViewType.Instance);
        if (_options.WeightColumn is { } weight)
        {
            InputColumns.Require(inputSchema, weight, NumberDataViewType.Single);
        }

        return SchemaShapes.With(inputSchema, ColumnBinding.OutputSchema(_options.Outputs, RatioOutputs.RolesOf(_options.OutputKinds)));
    }
}

/// <summary>What an output column of a ratio holds. The names stand in saved models: never changed.</summary>
internal enum RatioOutput
{
    LogRatio,
    Spread,
    Uncertainty,
    Score,
    Probability,
    PredictedLabel,
}

/// <summary>The outputs as columns of ML.NET.</summary>
internal static class RatioOutputs
{
    /// <summary>Their roles.</summary>
    public static ColumnRole[] RolesOf(IEnumerable<RatioOutput> outputs) =>
        [.. outputs.Select(output => Enum.TryParse(output.ToString(), out ColumnRole role) ? role : ColumnRole.Number)];
}

/// <summary>Appends ln r(x) of a trained ratio and, where asked, the spread of its members, its standard error and the columns of a
/// classifier; a block of rows at a time.</summary>
/// <remarks>PermutationFeatureImportance takes it where it has <see cref="RatioTreesOptions.AppendsClassifierColumns"/>.</remarks>
public sealed class RatioTreesTransformer : AppendingTransformer, ISingleFeaturePredictionTransformer<RatioModel>
{
    internal static readonly TransformerKind Kind = new(
        "RatioTrees",
        TreesModel.Parse,
        (mlContext, binding, model) => new RatioTreesTransformer(mlContext, binding, (TreesModel)model));

    private RatioTreesTransformer(MLContext mlContext, ColumnBinding binding, TreesModel model)
        : base(mlContext, Kind, binding, model) => Ratio = model.Ratio;

    internal RatioTreesTransformer(MLContext mlContext, ColumnBinding binding, RatioModel ratio, RatioOutput[] outputs)
        : this(mlContext, binding, new TreesModel(ratio, outputs))
    {
    }

    /// <summary>The trained ratio.</summary>
    public RatioModel Ratio { get; }

    /// <summary>The column of the features.</summary>
    public string FeatureColumnName => Binding.Inputs[0].Name;

    /// <summary>Its type.</summary>
    public DataViewType FeatureColumnType => Binding.Inputs[0].Type;

    RatioModel IPredictionTransformer<RatioModel>.Model => Ratio;

    private sealed class TreesModel(RatioModel ratio, RatioOutput[] outputKinds) : IRowModel
    {
        private readonly bool _needsMembers = outputKinds.Any(kind => kind is RatioOutput.Spread or RatioOutput.Uncertainty);

        public RatioModel Ratio => ratio;

        public IReadOnlyList<ColumnRole> Roles { get; } = RatioOutputs.RolesOf(outputKinds);

        public int BlockSize => 16_384;

        public IReadOnlyList<string>? FeatureNames => ratio.Features;

        /// <summary>Reads the outputs' names, one line, and the ratio behind it.</summary>
        public static TreesModel Parse(string text)
        {
            string[] parts = text.Split('\n', 2);
            RatioOutput[] kinds = [.. parts[0].Split(',')
                .Select(name => Enum.TryParse(name, out RatioOutput kind) ? kind : throw NotThisVersion())];
            return new TreesModel(RatioModel.Parse(parts.Length == 2 ? parts[1] : throw NotThisVersion()), kinds);
        }

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            if (count == 1 && !_needsMembers)
            {
                Fill(ratio.LogRatio(rows.Span), default, default, outputs.Span);
                return;
            }

            RatioScores scores = ratio.Score(ViewTable.OfRows(rows, count, ratio.Features.Count, ratio.Features));
            for (int row = 0; row < count; row++)
            {
                Fill(
                    scores.LogRatio[row], _needsMembers ? scores.Spread[row] : default, _needsMembers ? scores.Uncertainty[row] : default,
                    outputs.Span.Slice(row * outputKinds.Length, outputKinds.Length));
            }
        }

        private void Fill(float logRatio, float spread, float uncertainty, Span<float> outputs)
        {
            for (int output = 0; output < outputs.Length; output++)
            {
                outputs[output] = outputKinds[output] switch
                {
                    RatioOutput.Spread => spread,
                    RatioOutput.Uncertainty => uncertainty,
                    RatioOutput.Probability => (float)(1 / (1 + Math.Exp(-logRatio))),
                    RatioOutput.PredictedLabel => logRatio > 0 ? 1 : 0,
                    _ => logRatio,
                };
            }
        }

        public string Serialize() => $"{string.Join(',', outputKinds)}\n{ratio.Serialize()}";

        private static DataException NotThisVersion() => new(
            "The model holds a ratio by boosted trees in the format of another version of Gbi.MLNet; train it again with this version.");
    }
}
