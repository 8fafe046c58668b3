using Gbi.Numerics.Probability;

namespace Gbi.Likelihoods.Constraints;

/// <summary>m ~ Poisson(θτ).</summary>
internal sealed record PoissonConstraint(double Scale, double Measured) : Constraint(Measured)
{
    public override double Width => Math.Sqrt(Math.Max(Observed, 1)) / Scale;

    public override double BestValue => Observed / Scale;

    public override double Expected(double parameter) => parameter * Scale;

    public override ValueWithDerivatives At(double parameter, double observed)
    {
        if (parameter < 0 || !(parameter > 0 || observed == 0))
        {
            return new(double.PositiveInfinity, 0, 0);
        }

        if (observed == 0)
        {
            return new(parameter * Scale, Scale, 0);
        }

        // With z = θτ/m − 1: m (z − ln(1+z)), which keeps its digits near the minimum.
        double excess = ((parameter * Scale) - observed) / observed;
        return new(observed * (excess - LogMath.OnePlus(excess)), Scale - (observed / parameter), observed / (parameter * parameter));
    }

    public override double LeastNll(double observed) => PoissonCount.LeastNll(observed);

    public override double Draw(double parameter, Random random) => random.NextPoisson(parameter * Scale);

    public override double Shifted(double observed, int sign) => Math.Max(0, observed + (sign * Math.Sqrt(observed)));

    public override bool IsPossible(double observed) => observed >= 0 && double.IsFinite(observed);
}
