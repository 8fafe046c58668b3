using Gbi.Onnx.Export;
using Gbi.Onnx.Graphs;
using Gbi.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Adoption;

/// <summary>What a value of a network is for some events.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Its numbers.</param>
internal sealed record TrialValue(IReadOnlyList<long> Shape, double[] Values)
{
    /// <summary>Numbers of an event; null where its sizes do not count events.</summary>
    public int? SlotsOf(int count) =>
        Values.Length > 0 && Values.Length % count == 0 && (Shape.Count == 0 || Shape[0] == count || count == 1 || Values.Length == count)
            ? Values.Length / count
            : null;
}

/// <summary>Values within a network for events, as its own numbers, on the processor.</summary>
internal sealed class NetworkTrial : IDisposable
{
    private const string Value = "gbi_trial_";

    private readonly InferenceSession _session;
    private readonly string[] _outputs;
    private readonly int _width;

    private NetworkTrial(InferenceSession session, string[] outputs, int width)
    {
        _session = session;
        _outputs = outputs;
        _width = width;
    }

    /// <summary>Opens a network.</summary>
    /// <exception cref="Events.DataException">The runtime refuses it.</exception>
    public static NetworkTrial Open(AdoptedGraph graph, IReadOnlyList<string> values)
    {
        string[] outputs = [.. values.Select((_, i) => $"{Value}{i}")];
        byte[] model = graph.Write(
            values,
            (behind, here) =>
            {
                for (int i = 0; i < outputs.Length; i++)
                {
                    behind.Output(outputs[i], behind.Cast(here[i], OnnxType.Double), OnnxType.Double);
                }
            },
            []);
        var options = new OnnxOptions { Device = OnnxDevice.Cpu };
        return new NetworkTrial(OnnxSessions.Open(new OnnxSource("the network", model), options).Session, outputs, graph.Width);
    }

    /// <summary>The values for some events, or null where the runtime cannot run so many.</summary>
    /// <param name="rows">[events × features].</param>
    /// <param name="count">Number of events.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <param name="reason">Why it cannot.</param>
    public TrialValue[]? Run(float[] rows, int count, CancellationToken cancellation, out string? reason)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(rows, [count, _width]);
        using var options = new RunOptions();
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> found = OnnxRun.Ended(
                options, () => _session.Run(options, [OnnxExport.FeaturesInput], [input], _outputs), cancellation);
            reason = null;
            return
            [
                .. found.Select(value => new TrialValue(
                    value.GetTensorTypeAndShape().Shape, value.GetTensorDataAsSpan<double>().ToArray()))
            ];
        }
        catch (OnnxRuntimeException cause)
        {
            reason = OnnxSessions.Reason(cause);
            return null;
        }
    }

    public void Dispose() => _session.Dispose();
}
