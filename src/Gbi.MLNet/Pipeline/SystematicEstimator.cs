using Gbi.Events;
using Gbi.Trees;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline;

/// <summary>Columns and training of a systematic by boosted parametric trees.</summary>
public sealed record SystematicOptions
{
    /// <summary>Vector of Single, size known: the observables; NaN is a missing value.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>
    /// Single columns, one a parameter: its value in the sample that the event belongs to. Events with all of them 0 are the nominal
    /// sample. At least one.
    /// </summary>
    public required IReadOnlyList<string> ParameterColumns { get; init; }

    /// <summary>Terms of the log ratio in these parameters; null for all up to second order. At most 16.</summary>
    public IReadOnlyList<Monomial>? Monomials { get; init; }

    /// <summary>Single column of event weights, which may be negative and carry the rates; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>What stands before a monomial's name in the name of the appended column with its coefficient.</summary>
    public string OutputPrefix { get; init; } = "Delta_";

    /// <summary>Trees and least events of a leaf.</summary>
    public ParametricRatioOptions Training { get; init; } = new();

    internal IReadOnlyList<Monomial> Terms => Monomials ?? Monomial.UpToSecondOrder(ParameterColumns);

    internal string[] Outputs => [.. Terms.Select(monomial => OutputPrefix + monomial.Name)];
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

    internal SystematicEstimator(MLContext mlContext, SystematicOptions options)
    {
        _mlContext = mlContext;
        _options = options;
        _ = new ParameterPolynomial(options.ParameterColumns, options.Terms);
        LoweredChain.RequireFewOutputs(options.Outputs.Length);
    }

    /// <summary>Trains the ratio.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a value is infinite, no event is nominal, the samples do not determine all monomials, or
    /// the weights of one do not sum to more than 0.
    /// </exception>
    public SystematicTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var parameters = new ColumnBinding([.. _options.ParameterColumns.Select(name => new InputColumn(name, 0))], []);
        ViewTable table = ViewTable.Read(
            input, _options.FeatureColumn, label: null, _options.WeightColumn, targets: parameters);
        EventTable events = table.ToEvents();
        (BasePoints basePoints, int[] basePointOf) = BasePointsOf(table.Targets);
        BinnedEvents data = FeatureBins.Learn(events, table.FeatureNames, _options.Training.Trees.MaxBins).Apply(events);
        double[] weights = [.. Enumerable.Range(0, events.Count).Select(events.Weight)];
        ParametricRatio ratio = ParametricTrees.Train(data, basePoints, basePointOf, weights, _options.Training);
        var features = new InputColumn(_options.FeatureColumn, table.FeatureNames.Length);
        return new SystematicTransformer(_mlContext, new ColumnBinding([features], _options.Outputs), ratio);
    }

    /// <summary>The input's columns with the coefficients behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.RequireVector(inputSchema, _options.FeatureColumn);
        IEnumerable<string> numbers = _options.WeightColumn is { } weight ? _options.ParameterColumns.Append(weight) : _options.ParameterColumns;
        foreach (string name in numbers)
        {
            InputColumns.Require(inputSchema, name, NumberDataViewType.Single);
        }

        return SchemaShapes.With(inputSchema, ColumnBinding.OutputSchema(_options.Outputs, annotations: null));
    }

    /// <summary>The different rows of parameters [events × parameters], and which of them each event has.</summary>
    private (BasePoints BasePoints, int[] BasePointOf) BasePointsOf(float[] parameters)
    {
        int width = _options.ParameterColumns.Count;
        var points = new List<float[]>();
        int[] basePointOf = new int[parameters.Length / width];
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
                    $"The columns {string.Join(", ", _options.ParameterColumns)} hold more than {MaxBasePoints} different points, expected those of a few samples; group the events by sample.");
            }
        }

        try
        {
            return (new BasePoints(_options.ParameterColumns, [.. points.Select(point => Array.ConvertAll(point, value => (double)value))], _options.Terms), basePointOf);
        }
        catch (ArgumentException cause)
        {
            throw new DataException($"The columns {string.Join(", ", _options.ParameterColumns)} give no base points to learn from: {cause.Message}", cause);
        }
    }
}
