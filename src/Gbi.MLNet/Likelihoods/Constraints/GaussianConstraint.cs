using Gbi.Numerics.Probability;

namespace Gbi.Likelihoods.Constraints;

/// <summary>m ~ N(θ, σ²).</summary>
internal sealed record GaussianConstraint(double Measured, double Sigma) : Constraint(Measured)
{
    public override double Width => Sigma;

    public override double BestValue => Observed;

    public override double Expected(double parameter) => parameter;

    public override ValueWithDerivatives At(double parameter, double observed)
    {
        double pull = (parameter - observed) / Sigma;
        return new(0.5 * pull * pull, pull / Sigma, 1 / (Sigma * Sigma));
    }

    public override double LeastNll(double observed) => Math.Log(Sigma) + LogOfRootTwoPi;

    public override double Draw(double parameter, Random random) => random.NextNormal(parameter, Sigma);

    public override double Shifted(double observed, int sign) => observed + (sign * Sigma);

    public override bool IsPossible(double observed) => double.IsFinite(observed);
}
