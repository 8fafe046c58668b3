using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Ratios.Parametric;
using Gbi.Systematics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators;

/// <summary>Columns and training of a systematic.</summary>
public sealed record SystematicOptions
{
    /// <summary>Vector of Single, size known: the observables; NaN is a missing value.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>
    /// Single columns, one per parameter: its value in the sample that the event belongs to. Events with all of them 0 are the nominal
    /// sample. At least one.
    /// </summary>
    public required IReadOnlyList<string> ParameterColumns { get; init; }

    /// <summary>Terms of the log ratio in these parameters; null for all up to second order. At most 16.</summary>
    public IReadOnlyList<Monomial>? Monomials { get; init; }

    /// <summary>Single column of event weights, which may be negative and carry the rates; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>What stands before a monomial's name in the name of the appended column with its coefficient.</summary>
    public string OutputPrefix { get; init; } = ParametricRatio.ColumnPrefix;

    /// <summary>Trees, least events of a leaf, and the share of the events that is held out.</summary>
    public SystematicTrainingOptions Training { get; init; } = new();

    /// <summary>For the choice of the events held out.</summary>
    public Seed Seed { get; init; } = new(1);

    internal IReadOnlyList<Monomial> Terms => Monomials ?? Monomial.UpToSecondOrder(ParameterColumns);
}

/// <summary>
/// Learns ln dσ(x|ν)/dσ(x|0) = Σ_A ν_A Δ_A(x) from samples at several values of the parameters and appends the Δ_A of each row, from which
/// the ratio at every ν follows.
/// </summary>
/// <remarks>Schöfbeck, arXiv:2406.19076.</remarks>
public sealed class SystematicEstimator : IEstimator<SystematicTransformer>
{
    private const int MaxBasePoints = 256;

    private readonly MLContext _mlContext;
    private readonly SystematicOptions _options;
    private readonly string[] _outputs;

    internal SystematicEstimator(MLContext mlContext, SystematicOptions options)
    {
        _mlContext = mlContext;
        _options = options;
        _ = new ParameterPolynomial(options.ParameterColumns, options.Terms);
        options.Training.RequireConsistent();
        _outputs = SystematicTransformer.OutputNames(options.OutputPrefix, options.Terms);
        LoweredChain.RequireFewOutputs(_outputs.Length);
    }

    /// <summary>Trains the coefficients.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a value is infinite, no event is nominal, the samples do not determine all monomials, or
    /// the weights of one do not sum to more than 0.
    /// </exception>
    public SystematicTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops while rows are read and between trees.</param>
    /// <exception cref="DataException">As above.</exception>
    public SystematicTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        IDataView rows = StoppableView.Of(input, cancellation);
        var parameters = new ColumnBinding([.. _options.ParameterColumns.Select(name => new InputColumn(name, 0))], []);
        ViewTable table = ViewTable.Read(
            rows, _options.FeatureColumn, label: null, _options.WeightColumn, targets: parameters);
        TrainedSystematic trained = SystematicTrainer.Train(
            SamplesOf(table.ToEvents(), table.Targets), table.FeatureNames, _options.Training, _options.Seed, progress, cancellation);
        var features = new InputColumn(_options.FeatureColumn, table.FeatureNames.Length);
        return new SystematicTransformer(_mlContext, new ColumnBinding([features], _outputs), trained.Ratio)
        {
            Closure = _options.Training.HeldOutFraction > 0 ? ClosureOf(trained) : [],
        };
    }

    /// <summary>The input's columns with the coefficients behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.RequireVector(inputSchema, _options.FeatureColumn);
        IEnumerable<string> numbers = _options.WeightColumn is { } weight
            ? _options.ParameterColumns.Append(weight)
            : _options.ParameterColumns;
        foreach (string name in numbers)
        {
            InputColumns.Require(inputSchema, name, NumberDataViewType.Single);
        }

        return SchemaShapes.With(inputSchema, ColumnBinding.OutputSchema(_outputs, roles: []));
    }

    private static VariationClosure[] ClosureOf(TrainedSystematic trained)
    {
        BasePoints points = trained.Samples.BasePoints;
        EventTable nominal = trained.HeldOut(points.Nominal);
        return [.. Enumerable.Range(0, points.Points.Count).Where(point => point != points.Nominal).Select(point => VariationClosure.Of(
            points.Points[point], trained.Ratio.Features, nominal, trained.HeldOut(point),
            trained.Ratio.LogRatios(nominal, [.. points.Points[point]])))];
    }

    /// <summary>The events with the different rows of parameters [events × parameters] as base points.</summary>
    private SystematicSamples SamplesOf(EventTable events, float[] parameters)
    {
        int width = _options.ParameterColumns.Count;
        var points = new List<float[]>();
        int[] basePointOf = new int[events.Count];
        for (int row = 0; row < basePointOf.Length; row++)
        {
            ReadOnlySpan<float> point = parameters.AsSpan(row * width, width);
            int at = 0;
            while (at < points.Count && !point.SequenceEqual(points[at]))
            {
                at++;
            }

            if (at == points.Count)
            {
                points.Add(point.ToArray());
            }

            basePointOf[row] = at;
            if (points.Count > MaxBasePoints)
            {
                throw new DataException(
                    $"The columns {string.Join(", ", _options.ParameterColumns)} hold more than {MaxBasePoints} different points, "
                        + $"expected those of a few samples; group the events by sample.");
            }
        }

        return new SystematicSamples(events, BasePointsOf(points), basePointOf);
    }

    private BasePoints BasePointsOf(List<float[]> points)
    {
        try
        {
            return new BasePoints(
                _options.ParameterColumns, [.. points.Select(point => Array.ConvertAll(point, value => (double)value))], _options.Terms);
        }
        catch (ArgumentException cause)
        {
            throw new DataException(
                $"The columns {string.Join(", ", _options.ParameterColumns)} give no base points to learn from: {cause.Message}", cause);
        }
    }
}

/// <summary>Appends the coefficients Δ_A(x) of a parametric ratio, one column a monomial; a block of rows at a time.</summary>
public sealed class SystematicTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "Systematic",
        text => new RatioRows(ParametricRatio.Parse(text)),
        (mlContext, binding, model) => new SystematicTransformer(mlContext, binding, ((RatioRows)model).Ratio));

    internal SystematicTransformer(MLContext mlContext, ColumnBinding binding, ParametricRatio ratio)
        : base(mlContext, Kind, binding, new RatioRows(ratio)) => Ratio = ratio;

    /// <summary>The trained ratio.</summary>
    public ParametricRatio Ratio { get; }

    /// <summary>Names of the appended columns, one per monomial of <see cref="Ratio"/> and in their order.</summary>
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

        public IReadOnlyList<string>? FeatureNames => ratio.Trees.Features;

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs) =>
            TreeRows.Evaluate(ratio.Trees, rows, count, outputs);

        public string Serialize() => ratio.Serialize();
    }
}
