using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators;

/// <summary>Columns and training of the background that is learnt from sidebands.</summary>
public sealed record SidebandBackgroundOptions
{
    /// <summary>The signal region and its sidebands, in the unit of the mass column.</summary>
    public required MassWindow Window { get; init; }

    /// <summary>Vector of Single, size known: the observables, without the mass; NaN is a missing value.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>Single column of the mass.</summary>
    public string MassColumn { get; init; } = "Mass";

    /// <summary>Single column of event weights; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>Name of the appended column of weights.</summary>
    public string OutputColumn { get; init; } = "BackgroundWeight";

    /// <summary>Mass spectrum, trees and folds.</summary>
    public SidebandGeneratorOptions Training { get; init; } = new();

    /// <summary>Origin of every random draw; same seed, same generator.</summary>
    public Seed Seed { get; init; } = new(1);
}

/// <summary>
/// Learns the background in a signal region from the sidebands and appends the weight with which an event of the sidebands
/// stands for background in the region: w r(x) B / Σw, B the expected background; 0 for events that are in no sideband.
/// </summary>
/// <remarks>
/// All folds' models weight every event, also those that the generator was learnt from; for weights by models that did not see
/// the event, use <see cref="SidebandGenerator.Fit"/> and <see cref="LearntSideband.Background"/>.
/// </remarks>
public sealed class SidebandBackgroundEstimator : IEstimator<SidebandBackgroundTransformer>
{
    private readonly MLContext _mlContext;
    private readonly SidebandBackgroundOptions _options;

    internal SidebandBackgroundEstimator(MLContext mlContext, SidebandBackgroundOptions options)
    {
        _mlContext = mlContext;
        _options = options;
    }

    /// <summary>Learns the generator from the rows whose mass is in a sideband; the others are not used.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a value is infinite, a sideband is empty, or the spectrum fit fails.
    /// </exception>
    public SidebandBackgroundTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops while rows are read and between trees.</param>
    /// <exception cref="DataException">As above.</exception>
    public SidebandBackgroundTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ViewTable table = ViewTable.Read(
            StoppableView.Of(input, cancellation),
            _options.FeatureColumn,
            label: null,
            _options.WeightColumn,
            _options.MassColumn,
            mass => _options.Window.RegionOf(mass) == MassRegion.Sideband);
        var learnt = SidebandGenerator.Fit(
            new SidebandData(table.ToEvents(), ViewTable.Mass, table.FeatureNames, _options.Window), _options.Training, _options.Seed,
            progress, cancellation);
        List<InputColumn> inputs = [new(_options.FeatureColumn, table.FeatureNames.Length), new(_options.MassColumn, 0)];
        if (_options.WeightColumn is { } weight)
        {
            inputs.Add(new InputColumn(weight, 0));
        }

        return new SidebandBackgroundTransformer(
            _mlContext, new ColumnBinding(inputs, [_options.OutputColumn]), learnt.Generator);
    }

    /// <summary>The input's columns with the weight behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.RequireVector(inputSchema, _options.FeatureColumn);
        InputColumns.Require(inputSchema, _options.MassColumn, NumberDataViewType.Single);
        if (_options.WeightColumn is { } weight)
        {
            InputColumns.Require(inputSchema, weight, NumberDataViewType.Single);
        }

        return SchemaShapes.With(inputSchema, ColumnBinding.OutputSchema([_options.OutputColumn], roles: []));
    }
}

/// <summary>
/// Appends the weight with which an event of the sidebands stands for background in the signal region; 0 for other events.
/// </summary>
public sealed class SidebandBackgroundTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "SidebandBackground",
        text => new GeneratorModel(SidebandGenerator.Parse(text)),
        (mlContext, binding, model) => new SidebandBackgroundTransformer(mlContext, binding, ((GeneratorModel)model).Generator));

    internal SidebandBackgroundTransformer(MLContext mlContext, ColumnBinding binding, SidebandGenerator generator)
        : base(mlContext, Kind, binding, new GeneratorModel(generator)) => Generator = generator;

    /// <summary>The generator that was learnt from the sidebands.</summary>
    public SidebandGenerator Generator { get; }

    private sealed class GeneratorModel(SidebandGenerator generator) : IRowModel
    {
        private const int RowsOfATask = 256;

        public SidebandGenerator Generator => generator;

        public int BlockSize => 16_384;

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            int width = rows.Length / count;
            EventBlocks.ForEach(count, (start, length) =>
            {
                for (int row = start; row < start + length; row++)
                {
                    outputs.Span[row] = (float)Weight(rows.Span.Slice(row * width, width));
                }
            }, RowsOfATask);
        }

        public string Serialize() => generator.Serialize();

        // A row is the features, the mass and, where there are weights, the weight.
        private double Weight(ReadOnlySpan<float> row)
        {
            int features = generator.Features.Count;
            return generator.Window.RegionOf(row[features]) == MassRegion.Sideband
                ? generator.SignalRegionWeight(row[..features], row.Length > features + 1 ? row[features + 1] : 1)
                : 0;
        }
    }
}
