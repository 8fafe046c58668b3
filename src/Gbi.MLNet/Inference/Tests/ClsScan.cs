using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Tests;

/// <summary>The asymptotic test of one strength among several.</summary>
/// <param name="Mu">The strength.</param>
/// <param name="Test">Its test; null where a fit failed.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
public sealed record ClsPoint(double Mu, StrengthTestResult? Test, string? Failure);

/// <summary>CLs over values of the strength, by asymptotic formulas.</summary>
public static class ClsScan
{
    // Beyond the highest of the limits CLs is small, and the curves end.
    private const double Beyond = 1.25;

    /// <summary>
    /// Tests values of the strength, with the bounds of fits that <see cref="StrengthTest.UpperLimits"/> has; a test that fails becomes a
    /// point with the reason.
    /// </summary>
    /// <param name="test">The model with its observed data.</param>
    /// <param name="mus">Values of μ, each 0 or more; points come in their ascending order.</param>
    public static IReadOnlyList<ClsPoint> Of(StrengthTest test, IReadOnlyList<double> mus)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(mus);
        StrengthTest free = test.ForLimits();
        return [.. mus.Order().Select(mu => PointAt(free, mu))];
    }

    /// <summary>Equally spaced strengths from 0 to beyond the highest of some limits; empty where none was found.</summary>
    internal static IReadOnlyList<double> Grid(UpperLimits limits, int count)
    {
        double highest = Beyond * limits.Expected.Append(limits.Observed).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return highest > 0 ? [.. Enumerable.Range(0, count).Select(at => highest * at / (count - 1))] : [];
    }

    private static ClsPoint PointAt(StrengthTest test, double mu)
    {
        try
        {
            return new ClsPoint(mu, test.Test(mu), null);
        }
        catch (FitException failure)
        {
            return new ClsPoint(mu, null, failure.Message);
        }
    }
}
