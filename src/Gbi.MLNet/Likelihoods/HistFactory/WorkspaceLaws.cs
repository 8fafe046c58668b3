using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>The interpolation laws of a workspace, which its document does not hold.</summary>
public sealed record WorkspaceLaws
{
    /// <summary>The law of normsys: code 0, 1 or 4.</summary>
    public InterpolationLaw Normalisation { get; init; } = InterpolationLaw.PolynomialExponential;

    /// <summary>The law of histosys: code 0, 2 or 4p.</summary>
    public InterpolationLaw Shape { get; init; } = InterpolationLaw.PolynomialLinear;
}
