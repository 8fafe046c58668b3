using Gbi.Documents;
using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Simulators.Priors;

namespace Gbi.Onnx.Posteriors;

/// <summary>What the metadata of a network of a posterior or a likelihood say.</summary>
/// <param name="Parameters">Names of θ.</param>
/// <param name="Features">Names of x.</param>
/// <param name="Prior">The prior, in the order of the parameters; null where the file holds none and none was given.</param>
internal sealed record PosteriorMetadata(string[] Parameters, string[] Features, Prior? Prior)
{
    private static readonly string[] Keys = [OnnxContract.ThetaKey, OnnxExport.FeaturesKey, OnnxContract.PriorKey];

    /// <summary>Reads them.</summary>
    /// <exception cref="DataException">Names are missing, or the prior is none, or one of other parameters.</exception>
    public static PosteriorMetadata Of(OnnxGraphFile graph, Prior? given)
    {
        string[] parameters = OnnxNames.Required(graph, OnnxContract.ThetaKey, "theta");
        string[] features = OnnxNames.Features(graph, null);
        string? both = parameters.FirstOrDefault(features.Contains);
        if (both is not null)
        {
            throw new DataException(
                $"{graph.Name} names '{both}' among theta and among the features; export it again with different names.");
        }

        Prior? prior = given ?? Read(graph);
        return prior is null || prior.Parameters.SequenceEqual(parameters)
            ? new PosteriorMetadata(parameters, features, prior)
            : throw new DataException(
                $"{graph.Name} has the theta {string.Join(", ", parameters)}, but its prior is one of "
                    + $"{string.Join(", ", prior.Parameters)}; give the same parameters in the same order.");
    }

    /// <summary>Refuses two files that are not of one posterior.</summary>
    /// <exception cref="DataException">A name or the prior differs; a prior may be missing in the second one.</exception>
    public static void RequireAlike(OnnxGraphFile sampler, OnnxGraphFile density)
    {
        foreach (string key in Keys)
        {
            string? first = sampler.Metadata.GetValueOrDefault(key);
            string? second = density.Metadata.GetValueOrDefault(key);
            if (first != second && !(key == OnnxContract.PriorKey && (first is null || second is null)))
            {
                throw new DataException(
                    $"{key} is '{second}' in {density.Name} and '{first}' in {sampler.Name}; give the two files of one posterior.");
            }
        }
    }

    private static Prior? Read(OnnxGraphFile graph)
    {
        if (!graph.Metadata.TryGetValue(OnnxContract.PriorKey, out string? json) || json.Length == 0)
        {
            return null;
        }

        try
        {
            return Prior.FromJson(json);
        }
        catch (DocumentException cause)
        {
            throw new DataException(
                $"{OnnxContract.PriorKey} of {graph.Name} is no prior ({cause.Message.TrimEnd('.')}); export it again with the prior's "
                    + "JSON document.",
                cause);
        }
    }
}
