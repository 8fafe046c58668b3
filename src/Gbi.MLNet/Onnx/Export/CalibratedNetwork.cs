using Gbi.Events;
using Gbi.Onnx.Graphs;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Export;

/// <summary>A ratio by a network with its calibration and normalisation as one graph: ln κ + c(f(x)).</summary>
internal static class CalibratedNetwork
{
    /// <summary>Writes the ratio.</summary>
    /// <exception cref="DataException">It has several members.</exception>
    public static byte[] Write(OnnxRatio ratio)
    {
        if (ratio.MemberCount > 1)
        {
            throw new DataException(
                $"The ratio is an ensemble of {ratio.MemberCount} networks, which is not written as one graph; save it as a model (.zip).");
        }

        OnnxSource source = ratio.Sources.Single();
        ModelGraph graph = ModelGraph.Parse(source.Bytes)
            ?? throw new DataException($"{source.Name} is no ONNX model; export it again.");
        HashSet<string> taken = [.. graph.ValueNames];
        string logRatio = JoinedGraph.Free($"network_{OnnxExport.LogRatioOutput}", taken);
        ModelGraph network = graph.Renamed(new Dictionary<string, string> { [OnnxExport.LogRatioOutput] = logRatio });
        var behind = new OnnxGraph(JoinedGraph.Free("gbi_calibration_", taken));
        string scores = behind.Reshape(behind.Cast(logRatio, OnnxType.Double), -1, 1);
        GraphValue calibrated = new(behind, CalibrationNodes.Add(behind, ratio.Calibration, scores));
        behind.Output(
            OnnxExport.LogRatioOutput, behind.Reshape((calibrated + ratio.LogNormalisation).ToSingle().Name, -1));
        (string, string)[] metadata =
        [
            .. graph.Metadata
                .Where(entry => entry.Key.StartsWith("gbi.", StringComparison.Ordinal)
                    && entry is not (OnnxContract.OutputKey, OnnxContract.ScoreOutput))
                .Select(entry => (entry.Key, entry.Value)),
        ];
        return JoinedGraph.Write(network, [logRatio], before: null, behind, keepsSizes: true, metadata);
    }
}
