using Gbi.Calibration;
using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators;

/// <summary>Columns of a ratio by networks, and whether it is calibrated and normalised on the rows that it is fitted to.</summary>
public sealed record OnnxRatioColumns
{
    /// <summary>
    /// Vector of Single with the features in the network's order, and after them the theta that are columns; null for columns of Single
    /// with the names in the file, which is faster than joining them first.
    /// </summary>
    public string? FeatureColumn { get; init; } = "Features";

    /// <summary>Name of the appended column, ln r(x).</summary>
    public string OutputColumn { get; init; } = "LogRatio";

    /// <summary>Name of an appended column with the spread of the members, or null for none.</summary>
    public string? SpreadColumn { get; init; }

    /// <summary>Name of an appended column with the jackknife standard error of ln r, NaN for one member; null for none.</summary>
    public string? UncertaintyColumn { get; init; }

    /// <summary>
    /// Boolean column, true for events of the numerator: Fit normalises the ratio on its rows, which the networks must not have been
    /// trained on, so that the mean of r over the denominator is 1. Null for the networks as they are.
    /// </summary>
    public string? LabelColumn { get; init; }

    /// <summary>Single column of event weights of these rows; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>How Fit calibrates the ratio on these rows; null for not at all.</summary>
    public CalibrationOptions? Calibration { get; init; }

    internal string[] Outputs => [.. new[] { OutputColumn, SpreadColumn, UncertaintyColumn }.OfType<string>()];

    internal RatioOutput[] OutputKinds =>
    [
        RatioOutput.LogRatio,
        .. SpreadColumn is null ? (RatioOutput[])[] : [RatioOutput.Spread],
        .. UncertaintyColumn is null ? (RatioOutput[])[] : [RatioOutput.Uncertainty],
    ];
}

/// <summary>
/// Appends ln r(x) by networks that were trained outside, a block of rows at a time. Fit compares the columns with those that the networks
/// take and, where a label is named, calibrates and normalises.
/// </summary>
public sealed class OnnxRatioEstimator : IEstimator<OnnxRatioTransformer>
{
    private const string JoinedColumn = "__gbi_joined";

    private readonly MLContext _mlContext;
    private readonly OnnxRatio _ratio;
    private readonly OnnxRatioColumns _columns;

    internal OnnxRatioEstimator(MLContext mlContext, OnnxRatio ratio, OnnxRatioColumns columns)
    {
        _mlContext = mlContext;
        _ratio = ratio;
        _columns = columns;
        if (columns.Calibration is not null && columns.LabelColumn is null)
        {
            throw new ArgumentException(
                "A calibration needs a label: set LabelColumn to the column that is true for the numerator.", nameof(columns));
        }
    }

    /// <summary>Compares the columns and, where a label is named, calibrates and normalises.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, or its slots have other names than the networks' features; or the rows do not determine
    /// calibration or normalisation.
    /// </exception>
    public OnnxRatioTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">Rows of both samples; without a label only their columns count.</param>
    /// <param name="progress">Told 1 at the end.</param>
    /// <param name="cancellation">Stops while rows are read and between blocks of scored rows.</param>
    /// <exception cref="DataException">As above.</exception>
    public OnnxRatioTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        IDataView rows = StoppableView.Of(input, cancellation);
        NetworkColumns.Require(input.Schema, _columns.FeatureColumn, _ratio.Features, "the network");
        OnnxRatio ratio = _columns.LabelColumn is { } label ? OnRows(rows, label, cancellation) : _ratio;
        progress?.Report(1);
        var binding = new ColumnBinding(NetworkColumns.Of(_columns.FeatureColumn, ratio.Features), _columns.Outputs);
        return new OnnxRatioTransformer(_mlContext, binding, ratio, _columns.OutputKinds);
    }

    /// <summary>The input's columns with the log ratio behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NetworkColumns.Require(inputSchema, _columns.FeatureColumn, _ratio.Features);
        if (_columns.LabelColumn is { } label)
        {
            InputColumns.Require(inputSchema, label, BooleanDataViewType.Instance);
        }

        if (_columns.WeightColumn is { } weight)
        {
            InputColumns.Require(inputSchema, weight, NumberDataViewType.Single);
        }

        return SchemaShapes.With(inputSchema, ColumnBinding.OutputSchema(_columns.Outputs, [ColumnRole.LogRatio]));
    }

    private OnnxRatio OnRows(IDataView input, string label, CancellationToken cancellation)
    {
        string vector = _columns.FeatureColumn ?? JoinedColumn;
        IDataView view = _columns.FeatureColumn is not null
            ? input
            : _mlContext.Transforms.Concatenate(JoinedColumn, [.. _ratio.Features]).Fit(input).Transform(input);
        ViewTable table = StoppableView.Run(() => ViewTable.Read(view, vector, label, _columns.WeightColumn), cancellation);
        EventTable read = table.ToEvents();
        var events = new EventTable(
            _ratio.Features.Select((name, i) => KeyValuePair.Create(name, read.Memory(table.FeatureNames[i]))),
            read.Count,
            read.HasWeights ? new ReadOnlyMemory<double>(read.Weights.ToArray()) : (ReadOnlyMemory<double>?)null);
        bool[] isNumerator = table.Labels;
        int[] rows = [.. Enumerable.Range(0, events.Count)];
        return _ratio.Calibrated(
            events.Select([.. rows.Where(row => isNumerator[row])]), events.Select([.. rows.Where(row => !isNumerator[row])]),
            _columns.Calibration, cancellation);
    }
}

/// <summary>
/// Appends ln r(x) by networks, and the spread of the members and its standard error where asked; a block of rows at a time, which is the
/// networks' tensor. A saved model holds the networks' bytes and how they are run.
/// </summary>
public sealed class OnnxRatioTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "OnnxRatio",
        NetworkRows.Parse,
        (mlContext, binding, model) => new OnnxRatioTransformer(mlContext, binding, (NetworkRows)model));

    private OnnxRatioTransformer(MLContext mlContext, ColumnBinding binding, NetworkRows model)
        : base(mlContext, Kind, binding, model) => Ratio = model.Ratio;

    internal OnnxRatioTransformer(MLContext mlContext, ColumnBinding binding, OnnxRatio ratio, RatioOutput[] outputs)
        : this(mlContext, binding, new NetworkRows(ratio, outputs))
    {
    }

    /// <summary>The ratio, open as long as somebody holds it.</summary>
    public OnnxRatio Ratio { get; }

    private sealed class NetworkRows(OnnxRatio ratio, RatioOutput[] outputKinds) : IRowModel
    {
        public OnnxRatio Ratio => ratio;

        public int BlockSize => Math.Max(ratio.BlockSize, OnnxOptions.GpuBlockSize);

        public IReadOnlyList<ColumnRole> Roles => [ColumnRole.LogRatio];

        /// <summary>Reads the outputs' names, one line, and the ratio behind it.</summary>
        public static NetworkRows Parse(string text)
        {
            string[] parts = text.Split('\n', 2);
            bool isSound = parts[0].Split(',').All(name => Enum.TryParse(name, out RatioOutput _)) && parts.Length == 2;
            return isSound
                ? new NetworkRows(OnnxRatio.Parse(parts[1]), [.. parts[0].Split(',').Select(Enum.Parse<RatioOutput>)])
                : throw new DataException(
                    "The model holds a ratio by networks in the format of another version of Gbi.MLNet; save it again with this version.");
        }

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            if (outputKinds is [RatioOutput.LogRatio])
            {
                ratio.ScoreRows(rows, count, outputs, default, default);
                return;
            }

            float[] logRatio = new float[count];
            float[] spread = new float[count];
            float[] uncertainty = new float[count];
            ratio.ScoreRows(rows, count, logRatio, spread, uncertainty);
            Span<float> target = outputs.Span;
            for (int output = 0; output < outputKinds.Length; output++)
            {
                float[] values = outputKinds[output] switch
                {
                    RatioOutput.Spread => spread,
                    RatioOutput.Uncertainty => uncertainty,
                    _ => logRatio
                };
                for (int row = 0; row < count; row++)
                {
                    target[(row * outputKinds.Length) + output] = values[row];
                }
            }
        }

        public string Serialize() => $"{string.Join(',', outputKinds)}\n{ratio.Serialize()}";
    }
}
