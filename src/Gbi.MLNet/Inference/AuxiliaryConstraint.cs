using MathNet.Numerics;

namespace Gbi.Inference;

/// <summary>An auxiliary measurement m of one parameter θ.</summary>
public abstract record AuxiliaryConstraint
{
    private protected AuxiliaryConstraint(double observed) => Observed = observed;

    /// <summary>m, as observed.</summary>
    public double Observed { get; }

    /// <summary>E[m | θ].</summary>
    public abstract double Expected(double parameter);

    /// <summary>−2 ln p(m | θ) without the part that does not depend on θ, its first and its second derivative in θ.</summary>
    internal abstract (double Value, double Slope, double Curvature) Evaluate(double parameter, double observed);

    /// <summary>The part of −2 ln p(m | θ) that does not depend on θ.</summary>
    internal abstract double Constant(double observed);
}

/// <summary>m ~ N(θ, σ²).</summary>
public sealed record GaussianConstraint : AuxiliaryConstraint
{
    /// <summary>A measurement with standard deviation <paramref name="width"/>, above 0.</summary>
    public GaussianConstraint(double observed, double width = 1)
        : base(observed) => Width = width > 0 && double.IsFinite(width) ? width : throw new ArgumentOutOfRangeException(
            nameof(width), width, "The width of a Gaussian constraint must be above 0 and finite.");

    /// <summary>σ.</summary>
    public double Width { get; }

    /// <inheritdoc/>
    public override double Expected(double parameter) => parameter;

    internal override (double Value, double Slope, double Curvature) Evaluate(double parameter, double observed)
    {
        double pull = (parameter - observed) / Width;
        return (pull * pull, 2 * pull / Width, 2 / (Width * Width));
    }

    internal override double Constant(double observed) => Math.Log(2 * Math.PI * Width * Width);
}

/// <summary>m ~ Poisson(τ θ): a count in a control measurement.</summary>
public sealed record PoissonConstraint : AuxiliaryConstraint
{
    /// <summary>A count with scale <paramref name="scale"/>, above 0.</summary>
    public PoissonConstraint(double observed, double scale)
        : base(observed) => Scale = scale > 0 && double.IsFinite(scale) ? scale : throw new ArgumentOutOfRangeException(
            nameof(scale), scale, "The scale of a Poisson constraint must be above 0 and finite.");

    /// <summary>τ.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public override double Expected(double parameter) => Scale * parameter;

    internal override (double Value, double Slope, double Curvature) Evaluate(double parameter, double observed)
    {
        double mean = Scale * parameter;
        if (mean < 0 || (mean == 0 && observed > 0))
        {
            return (double.PositiveInfinity, 0, 0);
        }

        return observed == 0
            ? (2 * mean, 2 * Scale, 0)
            : (2 * (mean - (observed * Math.Log(mean))), 2 * (Scale - (observed / parameter)), 2 * observed / (parameter * parameter));
    }

    internal override double Constant(double observed) => 2 * SpecialFunctions.GammaLn(observed + 1);
}
