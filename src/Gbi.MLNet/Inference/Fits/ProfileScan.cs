using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Fits;

/// <summary>One point of a scan.</summary>
/// <param name="Mu">μ.</param>
/// <param name="T">t_μ; NaN where the fit failed.</param>
/// <param name="Parameters">All parameters of the conditional fit; empty where it failed.</param>
/// <param name="Failure">Why the fit failed; null where it did not.</param>
public sealed record ScanPoint(double Mu, double T, IReadOnlyList<double> Parameters, string? Failure);

/// <summary>t_μ over values of μ; each fit starts from its neighbour on the side of the best one.</summary>
public static class ProfileScan
{
    /// <summary>Scans; a fit that fails becomes a point with the reason, and the scan continues.</summary>
    /// <param name="fits">The likelihood and μ.</param>
    /// <param name="mus">Values of μ in any order; points come back in the same.</param>
    /// <exception cref="FitException">The best fit failed.</exception>
    public static IReadOnlyList<ScanPoint> Of(ProfileLikelihood fits, IReadOnlyList<double> mus)
    {
        ArgumentNullException.ThrowIfNull(fits);
        ArgumentNullException.ThrowIfNull(mus);
        double best = fits.MuHat;
        var points = new ScanPoint[mus.Count];
        int[] outwards = [.. Enumerable.Range(0, mus.Count).OrderBy(i => Math.Abs(mus[i] - best))];
        foreach (bool above in (bool[])[true, false])
        {
            fits.At(best);
            foreach (int i in outwards.Where(i => (mus[i] >= best) == above))
            {
                points[i] = PointAt(fits, mus[i]);
            }
        }

        return points;
    }

    private static ScanPoint PointAt(ProfileLikelihood fits, double mu)
    {
        try
        {
            double t = fits.TMu(mu);
            return new ScanPoint(mu, t, fits.At(mu).Parameters, null);
        }
        catch (FitException failure)
        {
            return new ScanPoint(mu, double.NaN, [], failure.Message);
        }
    }
}
