using Gbi.Likelihoods.Model;
using MathNet.Numerics.RootFinding;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Tests;

/// <summary>
/// Finds upper limits. Expected ones are where √q̃_μ,A, nearly linear in μ, takes a value known in closed form; the observed one is where
/// ln CLs crosses that of 1 − confidence level.
/// </summary>
internal sealed class UpperLimitSearch(StrengthTest test, double confidenceLevel)
{
    private const double RelativeAccuracy = 1e-11;
    private readonly double _highest = test.Model.Parameters[test.ParameterOfInterest].Upper;

    public UpperLimits Run()
    {
        double[] roots = AsymptoticCls.RootsOfAsimovAt(1 - confidenceLevel);
        double[] expected = new double[roots.Length];
        double guess = FirstGuess();
        for (int band = 0; band < roots.Length; band++)
        {
            double target = roots[band];
            double first = band == 0 ? guess : expected[band - 1] * target / roots[band - 1];
            expected[band] = Crossing(mu => Math.Sqrt(test.Asimov.QTildeMu(mu)) - target, first, "The expected limit");
        }

        return new UpperLimits(Crossing(Excess, expected[2], "The observed limit"), expected, confidenceLevel);
    }

    /// <summary>ln (1 − confidence level) − ln CLs, which rises through 0 at the limit.</summary>
    private double Excess(double mu) => Math.Log(1 - confidenceLevel) - Math.Log(Math.Max(double.Epsilon, test.Test(mu).Cls));

    /// <summary>One Hessian error of μ on the Asimov data, or the start of its fits where it has none.</summary>
    private double FirstGuess()
    {
        double error = test.Asimov.Fit().Errors[test.ParameterOfInterest];
        return double.IsFinite(error) && error > 0 ? Math.Min(error, _highest / 2) : Math.Min(1, _highest / 2);
    }

    private double Crossing(Func<double, double> rising, double guess, string what)
    {
        double high = Math.Min(guess * 1.02, _highest);
        double low = Math.Min(guess, high) * 0.98;
        double atLow = rising(low);
        while (atLow > 0 && low > double.Epsilon)
        {
            (high, low) = (low, low / 2);
            atLow = rising(low);
        }

        double atHigh = rising(high);
        while (atHigh < 0)
        {
            if (high >= _highest)
            {
                throw new FitException(Text(
                    $"{what} lies above {_highest:G6}, the upper bound of {test.Model.Parameters[test.ParameterOfInterest].Name}; widen "
                        + $"its bounds."));
            }

            (low, high) = (high, Math.Min(high * 1.5, _highest));
            atHigh = rising(high);
        }

        return Brent.TryFindRoot(rising, low, high, RelativeAccuracy * high, 100, out double root)
            ? root
            : throw new FitException(Text($"{what} was not found between {low:G6} and {high:G6}; CLs is not smooth there."));
    }
}
