using Gbi.Numerics.Minima;

namespace Gbi.Likelihoods;

/// <summary>−2 ln L of data whose gradient may vary more, or less, than its second derivatives say.</summary>
internal interface IWeightedLikelihood : ISmoothFunction
{
    /// <summary>Whether it does: the data are observed events with weights other than 1.</summary>
    bool HasWeightedEvents { get; }

    /// <summary>
    /// C/2, with C the covariance of the gradient of −2 ln L at a point: in the place of Σ w v vᵀ, the information of Poisson events with
    /// v = ∇ ln f, weighted events have Σ w² v vᵀ; all other terms have their second derivatives.
    /// </summary>
    /// <param name="parameters">The point, where the function is defined.</param>
    /// <param name="covariance">Filled; shape [n × n], row-major.</param>
    void GradientCovariance(ReadOnlySpan<double> parameters, Span<double> covariance);
}
