using Gbi.Likelihoods;
using Gbi.Likelihoods.Binned;

namespace Gbi.Inference.Fits;

/// <summary>
/// By how much the bend of the bins' yields in a parameter lowers the curvature of ½(−2 ln L): where variations up and down move a yield
/// the same way, towards the counts, the likelihood may have a minimum for either sign of the parameter. Holds buffers.
/// </summary>
/// <param name="likelihood">The likelihood whose bins and counts these are.</param>
internal sealed class YieldBend(Likelihood likelihood)
{
    private const double LeastYield = 1e-9;

    private readonly ChannelTerms[] _channels = [.. likelihood.Model.BinnedChannels.Select(likelihood.Model.TermsOf)];
    private readonly double[] _up = new double[likelihood.Model.BinCount];
    private readonly double[] _middle = new double[likelihood.Model.BinCount];
    private readonly double[] _down = new double[likelihood.Model.BinCount];

    /// <summary>
    /// (2/d²) Σ_b r_b E_b/λ_b, with λ_b the yield at 0, r_b = n_b − λ_b and E_b the even part of λ_b(±d) − λ_b; or the same with the part
    /// of r along the odd one taken out, which other parameters may make up for, where that is more.
    /// </summary>
    /// <param name="point">Values of the other parameters.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="distance">d; above 0.</param>
    public double Of(ReadOnlySpan<double> point, int parameter, double distance)
    {
        double[] at = point.ToArray();
        Fill(_up, at, parameter, distance);
        Fill(_middle, at, parameter, 0);
        Fill(_down, at, parameter, -distance);
        double residualEven = 0;
        double residualOdd = 0;
        double oddEven = 0;
        double oddOdd = 0;
        for (int bin = 0; bin < _middle.Length; bin++)
        {
            double weight = 1 / Math.Max(_middle[bin], LeastYield);
            double even = ((_up[bin] + _down[bin]) / 2) - _middle[bin];
            double odd = (_up[bin] - _down[bin]) / 2;
            double residual = likelihood.Counts[bin] - _middle[bin];
            residualEven += weight * residual * even;
            residualOdd += weight * residual * odd;
            oddEven += weight * odd * even;
            oddOdd += weight * odd * odd;
        }

        double withoutOdd = residualEven - (oddOdd > 0 ? residualOdd * oddEven / oddOdd : 0);
        return 2 / (distance * distance) * Math.Max(residualEven, withoutOdd);
    }

    private void Fill(double[] yields, double[] point, int parameter, double value)
    {
        point[parameter] = value;
        int start = 0;
        foreach (ChannelTerms channel in _channels)
        {
            channel.Expected(point).CopyTo(yields.AsSpan(start));
            start += channel.BinCount;
        }
    }
}
