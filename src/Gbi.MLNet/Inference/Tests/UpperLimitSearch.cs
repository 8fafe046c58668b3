using Gbi.Likelihoods.Model;
using MathNet.Numerics.RootFinding;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Tests;

/// <summary>
/// Finds upper limits. Expected ones are where √q̃_μ,A, nearly linear in μ, takes a value known in closed form; the observed one is where
/// ln CLs crosses that of 1 − confidence level. Each is searched by itself: one that is not found leaves the others.
/// </summary>
/// <param name="test">Tests whose fits of all kinds have the upper bound of limits.</param>
/// <param name="confidenceLevel">Confidence level of the limits.</param>
internal sealed class UpperLimitSearch(StrengthTest test, double confidenceLevel)
{
    private const double RelativeAccuracy = 1e-11;

    // Farther from the first guess than this factor no limit is looked for.
    private const double Farthest = 1e9;

    private readonly double _highest = test.Parameters[test.ParameterOfInterest].Upper;
    private readonly List<string> _failures = [];

    public UpperLimits Run()
    {
        double[] roots = AsymptoticCls.RootsOfAsimovAt(1 - confidenceLevel);
        double[] expected = new double[roots.Length];
        double muHat = test.Observed.MuHat;
        double guess = FirstGuess();
        for (int band = 0; band < roots.Length; band++)
        {
            double target = roots[band];
            double first = band == 0 || double.IsNaN(expected[band - 1]) ? guess : expected[band - 1] * target / roots[band - 1];
            expected[band] = Found(
                mu => Math.Sqrt(test.Asimov.QTildeMu(mu)) - target, first, $"The limit expected at {Bands[band]}");
        }

        double ofMedian = double.IsNaN(expected[2]) ? guess : expected[2];
        double observed = Found(Excess, Math.Max(ofMedian, muHat > 0 ? muHat : 0), "The observed limit");
        return double.IsNaN(observed) && expected.All(double.IsNaN)
            ? throw new FitException(_failures[0])
            : new UpperLimits(observed, expected, confidenceLevel) { MuHat = muHat, Failures = _failures };
    }

    private static readonly string[] Bands = ["−2σ", "−1σ", "the median", "+1σ", "+2σ"];

    private double Found(Func<double, double> rising, double guess, string what)
    {
        try
        {
            return Crossing(rising, guess, what);
        }
        catch (FitException failure)
        {
            _failures.Add(failure.Message);
            return double.NaN;
        }
    }

    /// <summary>ln (1 − confidence level) − ln CLs, which rises through 0 at the limit.</summary>
    private double Excess(double mu) => Math.Log(1 - confidenceLevel) - test.Test(mu).LogCls;

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
            string name = test.Parameters[test.ParameterOfInterest].Name;
            if (high >= _highest)
            {
                throw new FitException(Text($"{what} lies above {_highest:G6}, the upper bound of {name}; widen its bounds."));
            }

            if (high > Farthest * guess)
            {
                throw new FitException(Text($"{what} lies above {name} = {high:G6}, if there is one: the data hardly depend on it."));
            }

            (low, high) = (high, Math.Min(high * 1.5, _highest));
            atHigh = rising(high);
        }

        return Brent.TryFindRoot(rising, low, high, RelativeAccuracy * high, 100, out double root)
            ? root
            : throw new FitException(Text($"{what} was not found between {low:G6} and {high:G6}; CLs is not smooth there."));
    }
}
