using Gbi.Events;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Posteriors.Autoregressive;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators.Posteriors;

/// <summary>
/// Learns the posterior p(θ|x) from simulated rows of parameters θ and features x, and appends mean, standard deviation, quantiles and,
/// where asked, draws of the posterior of each row's features.
/// </summary>
/// <remarks>
/// The posterior is not tested here. Hold simulations out and give them to <c>gbi calibrate</c> or
/// <see cref="Gbi.Diagnostics.Posteriors.PosteriorTests"/> with <see cref="PosteriorTransformer.Posterior"/>.
/// </remarks>
public sealed class PosteriorEstimator : IEstimator<PosteriorTransformer>
{
    private const string JoinedColumn = "__gbi_joined";

    private readonly MLContext _mlContext;
    private readonly PosteriorOptions _options;

    internal PosteriorEstimator(MLContext mlContext, PosteriorOptions options)
    {
        options.RequireOutputs();
        _mlContext = mlContext;
        _options = options;
        VectorModelFactory.RequireFewNumbers(options.Drawing.Width(options.Prior.Parameters.Count));
    }

    /// <summary>Learns the posterior.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a value is infinite, a parameter is constant, outside the prior or among the features, or
    /// rows are too few.
    /// </exception>
    public PosteriorTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">The simulated rows, without failed simulations.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops while rows are read and between trees.</param>
    /// <exception cref="DataException">As above.</exception>
    public PosteriorTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        IReadOnlyList<string> names = _options.Prior.Parameters;
        var parameters = new ColumnBinding([.. names.Select(name => new InputColumn(name, 0))], []);
        _ = parameters.Resolve(input.Schema);
        IDataView joined = _options.FeatureColumns is { } columns ? Joined(input, columns) : input;
        string vector = _options.FeatureColumns is null ? _options.FeatureColumn : JoinedColumn;
        IDataView rows = StoppableView.Of(joined, cancellation);
        ViewTable table = StoppableView.Run(
            () => ViewTable.Read(rows, vector, label: null, _options.WeightColumn, targets: parameters), cancellation);
        if (table.FeatureNames.FirstOrDefault(names.Contains) is { } both)
        {
            throw new DataException(
                $"'{both}' is a parameter of the prior and a feature; a posterior is learnt from what is observed, so leave it out of the "
                    + "features.");
        }

        EventTable events = table.ToEvents();
        float[] targets = table.Targets;
        EventTable theta = EventTable.FromColumns([.. names.Select((name, k) =>
            (name, Enumerable.Range(0, events.Count).Select(row => targets[(row * names.Count) + k]).ToArray()))]);
        if (events.HasWeights)
        {
            theta = theta.WithWeights(events.Weights.ToArray());
        }

        var posterior = TreePosterior.Train(
            _options.Prior, theta, events.WithColumns(table.FeatureNames), _options.Training, _options.Seed, progress, cancellation);
        progress?.Report(1);
        return new PosteriorTransformer(_mlContext, BindingOf(_options, posterior), posterior, _options.Drawing);
    }

    /// <summary>The input's columns with those of the posterior behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (_options.FeatureColumns is null)
        {
            InputColumns.RequireVector(inputSchema, _options.FeatureColumn);
        }

        IEnumerable<string> numbers = _options.FeatureColumns ?? [];
        foreach (string name in numbers.Concat(_options.Prior.Parameters).Concat(_options.WeightColumn is { } weight ? [weight] : []))
        {
            InputColumns.Require(inputSchema, name, NumberDataViewType.Single);
        }

        return SchemaShapes.With(
            inputSchema, OutputLayout.VectorSchema(_options.Outputs, _options.Drawing.Slots(_options.Prior.Parameters)));
    }

    /// <summary>The columns of a posterior's transformer.</summary>
    internal static ColumnBinding BindingOf(PosteriorOptions options, TreePosterior posterior) =>
        new(NetworkColumns.Of(options.FeatureColumns is null ? options.FeatureColumn : null, posterior.Features), options.Outputs);

    private IDataView Joined(IDataView input, IReadOnlyList<string> columns)
    {
        foreach (string name in columns)
        {
            InputColumns.Require(input.Schema, name, NumberDataViewType.Single);
        }

        return _mlContext.Transforms.Concatenate(JoinedColumn, [.. columns]).Fit(input).Transform(input);
    }
}
