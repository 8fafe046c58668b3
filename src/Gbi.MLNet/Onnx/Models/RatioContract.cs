using Gbi.Events;
using Gbi.Onnx.Adoption;
using Gbi.Onnx.Export;
using Gbi.Onnx.Graphs;
using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Models;

/// <summary>Compares what a file declares with the contract of a ratio.</summary>
internal static class RatioContract
{
    /// <summary>
    /// The file itself where it follows the contract; the same with conversions around it where it says all that they need, such as one
    /// whose numbers have double precision.
    /// </summary>
    /// <param name="source">The file.</param>
    /// <param name="path">What a command line calls it.</param>
    /// <param name="options">Features that the caller gives, and how it is run.</param>
    /// <exception cref="DataException">It does not; one message says all that is missing, and the command that mends it.</exception>
    public static OnnxSource Prepared(OnnxSource source, string path, OnnxRatioOptions options)
    {
        IReadOnlyList<string>? features = options.Features;
        if (ModelGraph.Parse(source.Bytes) is not { } graph || Follows(graph, features) || IsAnother(graph))
        {
            return source;
        }

        return OnnxAdoption.Adopt(
            source, new OnnxMapping { Features = features, Cancellation = options.Execution.Cancellation }, path).Source;
    }

    /// <summary>Whether a file has names and types of the contract; sizes are compared where it is opened.</summary>
    public static bool Follows(ModelGraph graph, IReadOnlyList<string>? features) =>
        graph.Inputs.Any(input => input.Name == OnnxExport.FeaturesInput)
            && graph.Inputs.All(input => input.Name is OnnxExport.FeaturesInput or OnnxContract.ThetaInput
                && input is { Type: OnnxType.Single, Shape: null or { Count: 2 } })
            && graph.Outputs.Any(output => output is { Name: OnnxExport.LogRatioOutput, Type: OnnxType.Single or OnnxType.None })
            && (features is not null || graph.Metadata.ContainsKey(OnnxExport.FeaturesKey));

    private static bool IsAnother(ModelGraph graph) =>
        graph.Metadata.TryGetValue(OnnxContract.KindKey, out string? kind) && kind != OnnxContract.RatioKind;
}
