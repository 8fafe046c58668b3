using Gbi.Inference.Binned;

namespace Gbi.HistFactory;

/// <summary>How the variations of a workspace run between and beyond their up and down; the document itself does not say it.</summary>
public sealed record WorkspaceLaws
{
    /// <summary>The law of normsys.</summary>
    public FactorLaw Normalisation { get; init; } = FactorLaw.PolynomialExponential;

    /// <summary>The law of histosys.</summary>
    public ShapeLaw Shape { get; init; } = ShapeLaw.PolynomialLinear;
}
