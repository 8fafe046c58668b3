using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Binned;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Yields;

/// <summary>Yields of bins and their derivatives by the parameters that change them.</summary>
internal sealed class YieldSlopes
{
    private readonly double[] _yields;
    private readonly List<(int Parameter, double Slope)>[] _slopes;

    private YieldSlopes(double[] yields, List<(int, double)>[] slopes) => (_yields, _slopes) = (yields, slopes);

    /// <summary>Those of some samples at a point.</summary>
    public static YieldSlopes Of(ChannelTerms terms, double[] point)
    {
        double[] yields = terms.Expected(point).ToArray();
        (IReadOnlyList<double[]> rows, IReadOnlyList<double[]> slots) = terms.Slopes(point);
        var slopes = new List<(int, double)>[yields.Length];
        for (int bin = 0; bin < yields.Length; bin++)
        {
            slopes[bin] =
            [
                .. rows.Select((row, at) => (terms.WholeParameters[at], row[bin])),
                .. slots.Select((slot, at) => (terms.BinParameters[at][bin], slot[bin])).Where(slope => slope.Item1 >= 0),
            ];
        }

        return new YieldSlopes(yields, slopes);
    }

    public IReadOnlyList<Estimate> Bins(PropagatedError errors) =>
        [.. _yields.Select((value, bin) => new Estimate(value, errors.Of(_slopes[bin])))];

    public Estimate Total(PropagatedError errors) => new(_yields.Sum(), errors.Of(_slopes.SelectMany(bin => bin)));
}

/// <summary>The error of a number that depends on parameters: √Σ g_p g_q C_pq over its derivatives g.</summary>
internal sealed class PropagatedError
{
    private readonly double[]? _variances;
    private readonly IReadOnlyList<double>? _covariance;
    private readonly int _count;

    /// <summary>Of independent parameters.</summary>
    public PropagatedError(double[] variances) => (_variances, _count) = (variances, variances.Length);

    /// <summary>Of a fit; NaN where it has no covariance.</summary>
    public PropagatedError(FitResult fit) => (_covariance, _count) = (fit.Covariance, fit.Parameters.Count);

    /// <summary>The error.</summary>
    /// <param name="slopes">g_p, parameter by parameter; several of one parameter add up.</param>
    public double Of(IEnumerable<(int Parameter, double Slope)> slopes)
    {
        if (_variances is null && _covariance is null)
        {
            return double.NaN;
        }

        double[] whole = new double[_count];
        foreach ((int parameter, double slope) in slopes)
        {
            whole[parameter] += slope;
        }

        int[] used = [.. Enumerable.Range(0, _count).Where(i => whole[i] != 0)];
        double variance = _variances is not null ? used.Sum(i => whole[i] * whole[i] * _variances[i])
            : _covariance is ArrowInverse arrow ? arrow.Form(whole)
            : used.Sum(i => whole[i] * used.Sum(j => whole[j] * _covariance![(i * _count) + j]));
        return Math.Sqrt(Math.Max(0, variance));
    }
}
