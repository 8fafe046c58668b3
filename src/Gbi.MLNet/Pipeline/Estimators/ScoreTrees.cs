using Gbi.Events;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators;

/// <summary>Columns and training of the score by boosted trees.</summary>
public sealed record ScoreTreesOptions
{
    /// <summary>Vector of Single, size known: the observables; NaN is a missing value.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>
    /// Columns of the joint score ∇_θ ln p(x,z|θ) at the reference: Single, one per parameter, or vectors of Single. Bring them to about
    /// the same size. At least one.
    /// </summary>
    public required IReadOnlyList<string> ScoreColumns
    {
        get;
        init => field = value.Count > 0 ? value : throw new ArgumentException(
            "ScoreColumns is empty, expected at least one column of joint scores.", nameof(ScoreColumns));
    }

    /// <summary>Single column of event weights, which may be negative; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>
    /// Names of the appended columns, one per parameter and at most 16; null for "Estimated_" before the names of
    /// <see cref="ScoreColumns"/>, all of which are Single then.
    /// </summary>
    public IReadOnlyList<string>? OutputColumns { get; init; }

    /// <summary>How the trees are grown; without <see cref="TreeOptions.EarlyStoppingRounds"/>, as no events are held out here.</summary>
    public TreeOptions Training
    {
        get;
        init => field = value is { EarlyStoppingRounds: not null } ? throw new ArgumentException(
            $"EarlyStoppingRounds is {value.EarlyStoppingRounds}, but a pipeline holds out no events by which scores could stop early; "
                + $"leave it null.",
            nameof(Training)) : value;
    } = new();

    internal string[] Outputs => OutputColumns is { } named ? [.. named] : [.. ScoreColumns.Select(column => "Estimated_" + column)];
}

/// <summary>
/// Learns the score t(x) = ∇_θ ln p(x|θ) at a reference from the joint scores that a simulator gives, and appends its estimate: the
/// locally optimal observables of the parameters.
/// </summary>
/// <remarks>SALLY: Brehmer, Louppe, Pavez and Cranmer, PNAS 117 (2020) 5242.</remarks>
public sealed class ScoreTreesEstimator : IEstimator<ScoreTreesTransformer>
{
    private readonly MLContext _mlContext;
    private readonly ScoreTreesOptions _options;

    internal ScoreTreesEstimator(MLContext mlContext, ScoreTreesOptions options)
    {
        _mlContext = mlContext;
        _options = options;
        LoweredChain.RequireFewOutputs(options.Outputs.Length);
    }

    /// <summary>Trains the trees.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a value is infinite, the output columns are not as many as the scores, or the weights do
    /// not sum to more than 0.
    /// </exception>
    public ScoreTreesTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="progress">Told 1 at the end.</param>
    /// <param name="cancellation">Stops while rows are read and between trees.</param>
    /// <exception cref="DataException">As above.</exception>
    public ScoreTreesTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        IDataView rows = StoppableView.Of(input, cancellation);
        var scores = new ColumnBinding([.. _options.ScoreColumns.Select(name => InputColumns.RequireNumbers(input.Schema, name))], []);
        if (scores.Width != _options.Outputs.Length)
        {
            throw new DataException(
                $"The score columns {scores.InputNames} hold {scores.Width} numbers and there are {_options.Outputs.Length} output "
                    + $"columns, expected as many; name one in OutputColumns for each.");
        }

        ViewTable table = ViewTable.Read(rows, _options.FeatureColumn, label: null, _options.WeightColumn, targets: scores);
        EventTable events = table.ToEvents();
        BinnedEvents data = FeatureBins.Learn(events, table.FeatureNames, _options.Training.MaxBins).Apply(events);
        double[] weights = [.. Enumerable.Range(0, events.Count).Select(events.Weight)];
        TreeEnsemble trees = ScoreTrees.Train(data, table.Targets, weights, _options.Training, cancellation: cancellation);
        progress?.Report(1);
        var features = new InputColumn(_options.FeatureColumn, table.FeatureNames.Length);
        return new ScoreTreesTransformer(_mlContext, new ColumnBinding([features], _options.Outputs), trees);
    }

    /// <summary>The input's columns with the estimated scores behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.RequireVector(inputSchema, _options.FeatureColumn);
        foreach (string name in _options.ScoreColumns)
        {
            InputColumns.RequireNumbers(inputSchema, name);
        }

        if (_options.WeightColumn is { } weight)
        {
            InputColumns.Require(inputSchema, weight, NumberDataViewType.Single);
        }

        return SchemaShapes.With(inputSchema, ColumnBinding.OutputSchema(_options.Outputs, roles: []));
    }
}

/// <summary>Appends the estimated score t̂(x), one column a parameter; a block of rows at a time.</summary>
public sealed class ScoreTreesTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "ScoreTrees",
        text => new ScoreRows(Parse(text)),
        (mlContext, binding, model) => new ScoreTreesTransformer(mlContext, binding, ((ScoreRows)model).Trees));

    internal ScoreTreesTransformer(MLContext mlContext, ColumnBinding binding, TreeEnsemble trees)
        : base(mlContext, Kind, binding, new ScoreRows(trees)) => Trees = trees;

    /// <summary>The trees; one output a parameter.</summary>
    public TreeEnsemble Trees { get; }

    private static TreeEnsemble Parse(string text)
    {
        try
        {
            return TreeEnsembleFormat.FromBytes(Convert.FromBase64String(text));
        }
        catch (Exception failure) when (failure is FormatException or InvalidDataException)
        {
            throw new DataException($"The text holds no trees of a score: {failure.Message}", failure);
        }
    }

    private sealed class ScoreRows(TreeEnsemble trees) : IRowModel
    {
        public TreeEnsemble Trees => trees;

        public int BlockSize => 16_384;

        public IReadOnlyList<string>? FeatureNames => trees.Features;

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs) =>
            TreeRows.Evaluate(trees, rows, count, outputs);

        public string Serialize() => Convert.ToBase64String(TreeEnsembleFormat.ToBytes(trees));
    }
}
