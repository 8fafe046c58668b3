using Gbi.Events;
using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Tests;

/// <summary>
/// Finds where CLs by toys, observed and at five points of its band, falls through 1 − confidence level. A μ is tested once for all six.
/// </summary>
/// <param name="test">Tests whose fits of all kinds have the upper bound of limits.</param>
/// <param name="confidenceLevel">Confidence level of the limits.</param>
/// <param name="byToys">The test of a μ.</param>
internal sealed class ToyLimitSearch(StrengthTest test, double confidenceLevel, Func<double, ToyTestResult> byToys)
{
    // The ends of the interpolation lie this many errors of ln CLs on both sides, and no farther than a change of CLs by √e: nearer ones
    // would leave the slope to chance, and farther ones would be bent.
    private const double ErrorsToEnd = 2;
    private const double FarthestEnd = 0.5;

    private const double LeastWidth = 1e-4;
    private const double FirstStep = 1.2;
    private const double LargestStep = 2;
    private const int MostTests = 60;
    private const double Farthest = 1e9;

    private static readonly string[] Names =
    [
        "The limit expected at −2σ", "The limit expected at −1σ", "The limit expected at the median", "The limit expected at +1σ",
        "The limit expected at +2σ", "The observed limit",
    ];

    private readonly double _highest = test.Parameters[test.ParameterOfInterest].Upper;
    private readonly SortedList<double, LimitTest> _tests = [];
    private readonly List<string> _failures = [];

    public UpperLimits Run(int toyCount, IProgress<double>? progress)
    {
        (double[] guesses, double muHat) = Asymptotic();
        var found = new Estimate[Names.Length];
        for (int curve = 0; curve < Names.Length; curve++)
        {
            try
            {
                found[curve] = Crossing(curve, guesses[curve], toyCount);
            }
            catch (FitException failure)
            {
                _failures.Add(failure.Message);
                found[curve] = new Estimate(double.NaN, double.NaN);
            }

            progress?.Report((curve + 1.0) / Names.Length);
        }

        Estimate[] expected = found[..^1];
        return found.All(limit => double.IsNaN(limit.Value))
            ? throw new FitException(_failures[0])
            : new UpperLimits(found[^1].Value, [.. expected.Select(limit => limit.Value)], confidenceLevel)
            {
                MuHat = muHat,
                Failures = _failures,
                ObservedError = found[^1].Error,
                ExpectedErrors = [.. expected.Select(limit => limit.Error)],
                Tests = [.. _tests.Values],
            };
    }

    /// <summary>Where to begin: at the asymptotic limits; where there is none, at another one, or where fits of μ begin.</summary>
    private (double[] Guesses, double MuHat) Asymptotic()
    {
        double muHat = test.Observed.MuHat;
        double[] limits;
        try
        {
            UpperLimits found = new UpperLimitSearch(test, confidenceLevel).Run();
            limits = [.. found.Expected, found.Observed];
        }
        catch (FitException)
        {
            limits = [.. Names.Select(_ => double.NaN)];
        }

        double other = limits.Append(Math.Max(1, muHat)).First(double.IsFinite);
        return ([.. limits.Select(limit => Math.Min(double.IsFinite(limit) && limit > 0 ? limit : other, _highest))], muHat);
    }

    private Estimate Crossing(int curve, double guess, int toyCount)
    {
        double step = FirstStep;
        double next = guess;
        for (int count = 0; count < MostTests; count++)
        {
            Test(next);
            (Point? low, Point? high) = Bracket(curve, toyCount);
            if (low is not { } from)
            {
                (next, step) = (high!.Value.Mu / step, Math.Min(step * step, LargestStep));
            }
            else if (high is not { } to)
            {
                RequireBelowTheEnd(from.Mu, guess, curve);
                (next, step) = (Math.Min(from.Mu * step, _highest), Math.Min(step * step, LargestStep));
            }
            else if (Between(from, to, out Estimate crossing) is { } nearer)
            {
                next = nearer;
            }
            else
            {
                return crossing;
            }
        }

        throw new FitException(Text($"{Names[curve]} was not found with {MostTests} tests by toys around {next:G6}; take more toys."));
    }

    /// <summary>The crossing on the line between two points; a μ to test where one of them lies too far from it, else null.</summary>
    private static double? Between(Point low, Point high, out Estimate crossing)
    {
        double slope = (low.Excess - high.Excess) / (high.Mu - low.Mu);
        double share = low.Excess / (low.Excess - high.Excess);
        double mu = low.Mu + (share * (high.Mu - low.Mu));

        // Toys of both ends have parts in common, so that their errors are added as if they were one.
        double error = ((1 - share) * low.Error) + (share * high.Error);
        crossing = new Estimate(mu, error / slope);
        double end = Math.Max(Math.Min(ErrorsToEnd * error, FarthestEnd) / slope, LeastWidth * mu);
        return low.Mu < mu - (2 * end) ? mu - end : high.Mu > mu + (2 * end) ? mu + end : null;
    }

    private void Test(double mu)
    {
        if (!_tests.ContainsKey(mu))
        {
            ToyTestResult result = byToys(mu);
            _tests.Add(mu, new LimitTest(mu, new Estimate(result.Cls, result.ClsError), result.ExpectedCls, result.Failures.Count));
        }
    }

    /// <summary>The first μ tested whose CLs is at or below that of the limit, and the last one before it.</summary>
    private (Point? Low, Point? High) Bracket(int curve, int toyCount)
    {
        Point? low = null;
        foreach (LimitTest tested in _tests.Values)
        {
            Point point = PointOf(tested, curve, toyCount);
            if (point.Excess <= 0)
            {
                return (low, point);
            }

            low = point;
        }

        return (low, null);
    }

    /// <summary>ln CLs above that of the limit; where no toy with signal is left, that of half a toy.</summary>
    private Point PointOf(LimitTest tested, int curve, int toyCount)
    {
        Estimate cls = curve < tested.ExpectedCls.Count ? tested.ExpectedCls[curve] : tested.Cls;
        if (double.IsNaN(cls.Value))
        {
            throw new FitException(Text(
                $"{Names[curve]} cannot be found: at {tested.Mu:G6} no toy without signal of {toyCount:N0} reaches the test statistic, ")
                    + "so that CLs is not known; take more toys.");
        }

        double value = cls.Value > 0 ? cls.Value : cls.Error / Math.Sqrt(2);
        if (cls.Value == 0 && value >= 1 - confidenceLevel)
        {
            throw new FitException(Text(
                $"{Names[curve]} cannot be found: of {toyCount:N0} toys with signal none reaches the test statistic at {tested.Mu:G6}, ")
                    + Text($"and half a toy would be a CLs of {value:G2}; take more toys."));
        }

        return new Point(tested.Mu, Math.Log(value) - Math.Log(1 - confidenceLevel), cls.Error / value);
    }

    private void RequireBelowTheEnd(double mu, double guess, int curve)
    {
        string name = test.Parameters[test.ParameterOfInterest].Name;
        if (mu >= _highest)
        {
            throw new FitException(Text($"{Names[curve]} lies above {_highest:G6}, the upper bound of {name}; widen its bounds."));
        }

        if (mu > Farthest * guess)
        {
            throw new FitException(Text($"{Names[curve]} lies above {name} = {mu:G6}, if there is one: the data hardly depend on it."));
        }
    }

    private readonly record struct Point(double Mu, double Excess, double Error);
}
