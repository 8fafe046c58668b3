using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Impacts;

/// <summary>Fits with one more parameter held, each from where the covariance of the best fit expects its minimum.</summary>
internal sealed class HeldFits
{
    private readonly FitResult _best;
    private readonly BoxFits _fits;
    private readonly bool[] _isFixed;

    /// <param name="fits">The likelihood.</param>
    /// <param name="best">Its best fit.</param>
    public HeldFits(ProfileLikelihood fits, FitResult best)
    {
        _best = best;
        _isFixed = [.. fits.Parameters.Select(parameter => parameter.IsFixed)];
        _fits = new BoxFits(
            fits.TwiceNll, fits.Parameters, [.. fits.Parameters.Select(parameter => parameter.Lower)],
            [.. fits.Parameters.Select(parameter => parameter.Upper)])
        {
            Cancellation = fits.Cancellation,
        };
    }

    /// <summary>All parameters at the minimum with one of them held at a value.</summary>
    /// <exception cref="FitException">No minimum was found.</exception>
    public IReadOnlyList<double> At(int held, double value)
    {
        _isFixed[held] = true;
        try
        {
            return _fits.FirstFrom(Starts(held, value), _isFixed).Parameters;
        }
        finally
        {
            _isFixed[held] = false;
        }
    }

    /// <summary>θ̂ᵢ + C_ik/C_kk (θ_k − θ̂_k), and θ̂ where that leads nowhere.</summary>
    private IEnumerable<double[]> Starts(int held, double value)
    {
        int count = _best.Parameters.Count;
        double[] start = [.. _best.Parameters];
        if (_best.HessianCovariance is { } covariance && covariance[held * (count + 1)] is > 0 and var variance)
        {
            double step = (value - _best.Parameters[held]) / variance;
            double[] expected = [.. start.Select((best, i) => i == held ? value : best + (covariance[(i * count) + held] * step))];
            yield return expected;
        }

        start[held] = value;
        yield return start;
    }
}
