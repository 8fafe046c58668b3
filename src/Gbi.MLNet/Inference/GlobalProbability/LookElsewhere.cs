using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.GlobalProbability;

/// <summary>A global p-value, that of the largest excess anywhere in a scan, from a local one.</summary>
/// <param name="Local">The local p-value of the largest excess.</param>
/// <param name="Value">The global one or a bound on it. Range: [<paramref name="Local"/>, 1].</param>
/// <param name="Error">Standard error of <paramref name="Value"/>; 0 where it has none.</param>
public sealed record LookElsewhere(double Local, double Value, double Error)
{
    /// <summary>The global p-value over the local one: how many independent trials the scan is equivalent to.</summary>
    public double TrialsFactor => Value / Local;

    /// <summary>
    /// An upper bound from upcrossings: p_local + ⟨N(u₀)⟩ (u/u₀)^((s−1)/2) e^(−(u−u₀)/2), with u the largest q of the scan, s its degrees
    /// of freedom, and at most 1. Where it is small it is the global p-value itself.
    /// </summary>
    /// <param name="local">P(q ≥ u) at a fixed mass. Range: (0, 1].</param>
    /// <param name="observed">u, the largest q of the observed scan; at or above the level of the upcrossings.</param>
    /// <param name="upcrossings">Counted on signal-free scans over the same masses.</param>
    /// <param name="degreesOfFreedom">s: 1 for the strength alone, as with q₀, whose half χ² is in the count already. Range: 1 or
    /// more.</param>
    /// <remarks>
    /// <para>Gross and Vitells, arXiv:1005.1891, equations 2 and 3, after Davies, Biometrika 74 (1987) 33.</para>
    /// <para>
    /// The law is that of a smooth scan with asymptotic q. A grid of windows misses what rises and falls between two of them: take steps
    /// well below the width of a resonance. Windows with a training each carry noise of their own, which makes q jump from window to
    /// window; the bound still holds, but lies above the truth, as it does for windows that do not overlap. A q that is not asymptotic (few
    /// events, a learnt background) breaks the law: take toys (<see cref="ToyGlobalProbability"/>).
    /// </para>
    /// </remarks>
    public static LookElsewhere OfUpcrossings(double local, double observed, UpcrossingMean upcrossings, int degreesOfFreedom = 1)
    {
        ArgumentNullException.ThrowIfNull(upcrossings);
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        RequireProbability(local);
        double level = upcrossings.Level;
        if (!(observed >= level && (level > 0 || degreesOfFreedom == 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(observed), observed, Text(
                $"The largest q of the scan is {observed:G4} and upcrossings were counted at {level:G4}; count them at a level above 0 "
                    + $"and below it."));
        }

        double power = degreesOfFreedom == 1 ? 1 : Math.Pow(observed / level, (degreesOfFreedom - 1) / 2.0);
        double fall = power * Math.Exp((level - observed) / 2);
        return new LookElsewhere(local, Math.Min(1, local + (upcrossings.Value * fall)), upcrossings.Error * fall);
    }

    /// <summary>Šidák's 1 − (1 − p)ⁿ for n independent trials; a sanity check, as neighbours in a scan are never independent.</summary>
    /// <param name="local">The smallest local p-value. Range: (0, 1].</param>
    /// <param name="trials">n, the number of trials. Range: 1 or more.</param>
    public static LookElsewhere OfIndependentTrials(double local, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        RequireProbability(local);

        // −expm1(n ln(1 − p)), which keeps its digits for small p.
        double exponent = trials * LogMath.OnePlus(-local);
        double value = exponent > -1e-5 ? -exponent * (1 + (exponent / 2)) : 1 - Math.Exp(exponent);
        return new LookElsewhere(local, value, 0);
    }

    private static void RequireProbability(double local)
    {
        if (!(local is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(local), local, "A local p-value must be above 0 and at most 1.");
        }
    }
}
