using System.Diagnostics;
using Gbi.Events;

namespace Gbi.Pipeline.Appending;

/// <summary>Refuses ML.NET's <c>ConvertToOnnx</c>, which reports nothing where it meets a transformer from outside ML.NET.</summary>
/// <remarks>
/// It takes the rows behind such a transformer for the data, and writes a network that hands its inputs on, the transformer's own output
/// among them. What it asks a transformer before is internal to ML.NET; all that one can see of it is who calls.
/// </remarks>
internal static class OnnxConversion
{
    private const string Converter = "Microsoft.ML.OnnxConverter";

    /// <summary>Throws where the converter is what transforms.</summary>
    /// <exception cref="DataException">It is; the message says what to do.</exception>
    public static void Refuse(string transformer)
    {
        if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == Converter)
            && new StackTrace().GetFrames().Any(frame => frame.GetMethod()?.DeclaringType?.Assembly.GetName().Name == Converter))
        {
            throw new DataException(
                $"ML.NET's ConvertToOnnx cannot write {transformer}: the network would take its output for an input. Export a ratio by "
                    + "boosted trees with Gbi.Onnx.Export.OnnxExport or 'gbi export'; convert the pipeline up to this transformer, such as "
                    + "LikelihoodRatioTransformer.Classifier, with ConvertToOnnx.");
        }
    }
}
