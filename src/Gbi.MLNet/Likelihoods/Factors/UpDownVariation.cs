using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Factors;

/// <summary>Per-event ratios to nominal at one standard deviation up and down, and the law between and beyond them.</summary>
public sealed record UpDownVariation : ShapeVariation
{
    /// <summary>A factor from two columns of ratios.</summary>
    /// <param name="parameter">Name of the nuisance parameter.</param>
    /// <param name="down">Column of p_down/p_nominal; above 0 where the law is exponential.</param>
    /// <param name="up">Column of p_up/p_nominal; above 0 where the law is exponential.</param>
    /// <param name="law">How the factor runs between and beyond.</param>
    public UpDownVariation(string parameter, string down, string up, InterpolationLaw law = InterpolationLaw.PolynomialExponential)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(parameter);
        ArgumentException.ThrowIfNullOrWhiteSpace(down);
        ArgumentException.ThrowIfNullOrWhiteSpace(up);
        (Parameter, Down, Up, Law) = (parameter, down, up, law);
    }

    /// <summary>Name of the nuisance parameter.</summary>
    public string Parameter { get; }

    /// <summary>Column of p_down/p_nominal.</summary>
    public string Down { get; }

    /// <summary>Column of p_up/p_nominal.</summary>
    public string Up { get; }

    /// <summary>How the factor runs between and beyond.</summary>
    public InterpolationLaw Law { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters => [Parameter];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [Down, Up];
}
