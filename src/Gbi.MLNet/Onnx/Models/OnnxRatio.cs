using Gbi.Calibration;
using Gbi.Events;
using Gbi.Onnx.Adoption;
using Gbi.Onnx.Export;
using Gbi.Onnx.Sessions;
using Gbi.Ratios;

namespace Gbi.Onnx.Models;

/// <summary>
/// A density ratio by networks trained outside: r(x) = κ c( mean over members of exp f(x) ), with the networks' log ratios f, and, where
/// they were fitted on events held out, a calibration c and the normalisation κ. Members are several files, graphs with several members, or
/// both. May be used from several threads at once.
/// </summary>
public sealed partial class OnnxRatio : IDensityRatio, IDisposable
{
    private readonly OnnxNetwork _network;
    private readonly OnnxRatioOptions _options;
    private readonly string[] _features;
    private readonly string[] _theta;

    private OnnxRatio(OnnxNetwork network, OnnxRatioOptions options)
    {
        _network = network;
        _options = options;
        _features = OnnxNames.Features(network.Graphs[0], options.Features);
        _theta = ThetaOf(network.Graphs[0]);
        ThetaColumns = [.. _theta.Where(name => !options.Theta.ContainsKey(name))];
        Features = [.. _features, .. ThetaColumns];
        MemberCount = network.Graphs.Sum(graph => graph.Outputs[0].Slots);
        Numerator = network.Graphs[0].Metadata.GetValueOrDefault(OnnxExport.NumeratorKey, "numerator");
        Denominator = network.Graphs[0].Metadata.GetValueOrDefault(OnnxExport.DenominatorKey, "denominator");
    }

    /// <inheritdoc/>
    public string Numerator { get; }

    /// <inheritdoc/>
    public string Denominator { get; }

    /// <summary>Columns that an event needs: the features in the network's order, then the theta that are columns.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Columns among <see cref="Features"/> that are parameters of the ratio.</summary>
    public IReadOnlyList<string> ThetaColumns { get; }

    /// <summary>Members of the ensemble.</summary>
    public int MemberCount { get; }

    /// <summary>Where it runs: "CUDA", "CUDA and CPU" or "CPU".</summary>
    public string Provider => _network.Provider;

    /// <summary>Why it does not run on a GPU, where one was looked for; otherwise null.</summary>
    public string? ProviderReason => _network.ProviderReason;

    /// <summary>Events in a block.</summary>
    public int BlockSize => _network.BlockSize;

    /// <summary>The calibration, or null.</summary>
    public IRatioCalibration? Calibration { get; private init; }

    /// <summary>ln κ; 0 where it was not fitted.</summary>
    public double LogNormalisation { get; private init; }

    /// <inheritdoc/>
    public double NormalisationError { get; private init; }

    /// <summary>How it was opened.</summary>
    public OnnxRatioOptions Options => _options;

    /// <summary>The files' names and bytes.</summary>
    internal IEnumerable<OnnxSource> Sources => _network.Graphs.Select(graph => graph.Source);

    /// <summary>Opens the members of a ratio, one file or several.</summary>
    /// <exception cref="DataException">A file is missing or refused, or not what is expected of a ratio; the message says in
    /// what.</exception>
    public static OnnxRatio Open(IReadOnlyList<string> paths, OnnxRatioOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        options ??= new OnnxRatioOptions();
        return Open([.. paths.Select(path => RatioContract.Prepared(OnnxSource.Read(path), path, options))], options);
    }

    /// <summary>The same for one file.</summary>
    /// <exception cref="DataException">The file is missing or refused, or not what is expected of a ratio; the message says in
    /// what.</exception>
    public static OnnxRatio Open(string path, OnnxRatioOptions? options = null) => Open([path], options);

    /// <summary>The same for a file in memory.</summary>
    /// <exception cref="DataException">The file is refused, or not what is expected of a ratio; the message says in what.</exception>
    public static OnnxRatio Open(byte[] model, OnnxRatioOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new OnnxRatioOptions();
        OnnxSource source = OnnxSource.Of(model);
        return Open([RatioContract.Prepared(source, "NETWORK.onnx", options)], options);
    }

    /// <summary>
    /// A network that others exported, as scikit-learn, XGBoost, LightGBM, Keras or PyTorch write them: nodes around it make a ratio of it,
    /// which is saved and run like any other. A score needs <see cref="Calibrated(EventTable, EventTable, CalibrationOptions)"/> before
    /// it scores events, and any other output the same where the classes of its training had different weights.
    /// </summary>
    /// <param name="path">The file; weights in files beside it are read too.</param>
    /// <param name="mapping">What it takes and gives.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="DataException">The file is missing or refused, or the mapping leaves open what the network takes or gives; one
    /// message says all that is missing.</exception>
    public static OnnxRatio Open(string path, OnnxMapping mapping, OnnxRatioOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return Open(OnnxAdoption.Adopt(OnnxSource.Read(path), mapping, path), options);
    }

    /// <summary>A network that was adopted.</summary>
    internal static OnnxRatio Open(AdoptedNetwork network, OnnxRatioOptions? options = null) =>
        Open([network.Source], options ?? new OnnxRatioOptions());

    /// <inheritdoc/>
    public RatioScores Score(EventTable events) => Score(events, CancellationToken.None);

    /// <summary>The same, stopped between blocks.</summary>
    /// <exception cref="DataException">A column is missing, or the networks give no number for an event; the message says for
    /// which.</exception>
    public RatioScores Score(EventTable events, CancellationToken cancellation) => Score(events, 0, cancellation);

    /// <summary>The same for events that follow others, which count in messages.</summary>
    internal RatioScores Score(EventTable events, long firstEvent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        RequireRatio();
        return Outputs(events, firstEvent, cancellation);
    }

    /// <summary>The log ratios, or the scores that become some by calibration.</summary>
    private RatioScores Outputs(EventTable events, long firstEvent, CancellationToken cancellation)
    {
        var scores = new RatioScores(events.Count);
        var unusable = new UnusableOutputs();
        TensorColumns features = TensorColumns.Of(events, _features);
        var theta = TensorColumns.Of(events, _theta, _options.Theta);
        _network.RequireIndependence(events.Count, (length, inputs) =>
        {
            features.Write(0, length, inputs[0]);
            if (_theta.Length > 0)
            {
                theta.Write(0, length, inputs[1]);
            }
        });
        _network.ForEachBlock(
            events.Count,
            (lane, start, length) =>
            {
                features.Write(start, length, lane.Input(0));
                if (_theta.Length > 0)
                {
                    theta.Write(start, length, lane.Input(1));
                }

                lane.Run(length);
                NoteUnusable(lane, start, length, unusable);
                Average(lane, length, new ScoreTarget(scores, start, _options.MaxAbsLogRatio));
            },
            cancellation);
        unusable.RequireNone(
            OutputName, firstEvent, events.Count, row => OnnxNames.MissingAt(events, Features, row),
            Output == OnnxContract.ProbabilityOutput);
        return scores;
    }

    /// <summary>Closes the sessions.</summary>
    public void Dispose() => _network.Dispose();

    internal static OnnxRatio Open(IReadOnlyList<OnnxSource> sources, OnnxRatioOptions options)
    {
        OnnxNetwork network = OnnxNetwork.Open(sources, options.Execution, graph => new OnnxRequest(
            OnnxContract.RatioKind,
            [(OnnxExport.FeaturesInput, OnnxNames.Features(graph, options.Features).Length)],
            [(OnnxContract.ThetaInput, graph.Names(OnnxContract.ThetaKey)?.Length)],
            [(OnnxExport.LogRatioOutput, OutputForm.Members)],
            []));
        try
        {
            RequireSameRatio(network);
            return new OnnxRatio(network, options);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Whether the networks give scores that no calibration has made ratios of.</summary>
    internal bool IsScore => Calibration is null && Output == OnnxContract.ScoreOutput;

    private string? Output => _network.Graphs[0].Metadata.GetValueOrDefault(OnnxContract.OutputKey);

    /// <exception cref="DataException">The networks give scores that no calibration has made ratios of.</exception>
    internal void RequireRatio()
    {
        if (IsScore)
        {
            throw new DataException(
                $"{_network.Name} gives a score, which becomes a ratio by calibration alone; calibrate it on events of both samples "
                    + "(Calibrated, or 'gbi adopt' with --numerator and --denominator).");
        }
    }

    private string OutputName => $"{OnnxExport.LogRatioOutput} of {_network.Name}";

    // A wrong order of features in one member would not show in any shape.
    private static void RequireSameRatio(OnnxNetwork network)
    {
        OnnxGraphFile first = network.Graphs[0];
        string[] keys = [OnnxExport.FeaturesKey, OnnxContract.ThetaKey, OnnxExport.NumeratorKey, OnnxExport.DenominatorKey];
        foreach (OnnxGraphFile other in network.Graphs)
        {
            string? differing = keys.FirstOrDefault(key => first.Metadata.GetValueOrDefault(key) != other.Metadata.GetValueOrDefault(key));
            if (differing is not null)
            {
                throw new DataException(
                    $"{differing} is '{other.Metadata.GetValueOrDefault(differing)}' in {other.Name} and "
                        + $"'{first.Metadata.GetValueOrDefault(differing)}' in {first.Name}; members of an ensemble must learn the same "
                        + $"ratio of the same columns.");
            }
        }
    }

    private string[] ThetaOf(OnnxGraphFile graph)
    {
        string[] names = _network.Inputs.Count > 1 ? OnnxNames.Required(graph, OnnxContract.ThetaKey, "theta") : [];
        string? unknown = _options.Theta.Keys.FirstOrDefault(name => !names.Contains(name));
        string held = names.Length == 0 ? "no theta" : $"the theta {string.Join(", ", names)}";
        return unknown is null ? names : throw new DataException(
            $"A value is given for theta '{unknown}', but {graph.Name} has {held}; leave it out or correct its name.");
    }
}
