using Gbi.Numerics.Probability;

namespace Gbi.Likelihoods.Constraints;

/// <summary>ln m ~ N(ln θ, ln²κ).</summary>
internal sealed record LogNormalConstraint(double Kappa, double Measured) : Constraint(Measured)
{
    public override double Width => Observed * Math.Log(Kappa);

    public override double BestValue => Observed;

    public override double Expected(double parameter) => parameter;

    public override ValueWithDerivatives At(double parameter, double observed)
    {
        if (!(parameter > 0))
        {
            return new(double.PositiveInfinity, 0, 0);
        }

        double sigma = Math.Log(Kappa);
        double pull = Math.Log(parameter / observed) / sigma;
        double slope = 1 / (sigma * parameter);
        return new(0.5 * pull * pull, pull * slope, (slope * slope) - (pull * slope / parameter));
    }

    public override double LeastNll(double observed) => Math.Log(observed * Math.Log(Kappa)) + LogOfRootTwoPi;

    public override double Draw(double parameter, Random random) => parameter * Math.Exp(random.NextNormal(0, Math.Log(Kappa)));

    public override double Shifted(double observed, int sign) => observed * Math.Pow(Kappa, sign);

    public override bool IsPossible(double observed) => observed > 0 && double.IsFinite(observed);
}
