using Gbi.Onnx.Sessions;
using Gbi.Simulators.Priors;

namespace Gbi.Onnx.Posteriors;

/// <summary>How a posterior by networks is read and run.</summary>
public sealed record OnnxPosteriorOptions
{
    /// <summary>Device and blocks.</summary>
    public OnnxOptions Execution { get; init; } = new();

    /// <summary>
    /// What the parameters of the training were drawn from; null for the prior that the file holds. It is for files without one, or for a
    /// prior that a JSON document cannot hold.
    /// </summary>
    public Prior? Prior { get; init; }

    /// <summary>
    /// Whether draws outside the prior's support are drawn again, and the density is divided by the probability inside. False gives draws
    /// and density as the network has them, normalised over all θ: importance weights, which are 0 outside, are exact then, while a
    /// division by an estimate adds its error.
    /// </summary>
    public bool TruncatesToPrior { get; init; } = true;
}
