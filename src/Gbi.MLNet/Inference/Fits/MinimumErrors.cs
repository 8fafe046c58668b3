using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>Errors and ratio of variances of a minimum, computed once for it.</summary>
/// <param name="twiceNll">−2 ln L.</param>
/// <param name="parameterOfInterest">Index of μ.</param>
/// <param name="lower">Lower bounds of all parameters.</param>
/// <param name="upper">Upper bounds of all parameters.</param>
/// <param name="givenRatio">The ratio of variances where it is that of other data; null for these.</param>
internal sealed class MinimumErrors(
    ISmoothFunction twiceNll, int parameterOfInterest, double[] lower, double[] upper, double? givenRatio)
{
    private BoxMinimum? _errorsOf;
    private BoxMinimum? _ratioOf;
    private HessianErrors? _errors;
    private double _ratio;

    /// <summary>Whether the ratio may differ from 1.</summary>
    public bool IsScaled => givenRatio is not null || twiceNll is IWeightedLikelihood { HasWeightedEvents: true };

    /// <summary>Its errors.</summary>
    public HessianErrors Of(BoxMinimum minimum, int[] free)
    {
        if (_errors is null || !ReferenceEquals(_errorsOf, minimum))
        {
            (_errorsOf, _errors) = (minimum, HessianErrors.At(twiceNll, [.. minimum.Parameters], free, lower, upper));
        }

        return _errors;
    }

    /// <summary>The ratio of the sandwich variance of μ to that of Poisson events, of data that have such a ratio.</summary>
    /// <exception cref="FitException">The Hessian does not determine μ.</exception>
    public double VarianceRatio(BoxMinimum minimum, int[] free)
    {
        if (givenRatio is { } given)
        {
            return given;
        }

        if (!ReferenceEquals(_ratioOf, minimum))
        {
            _ratio = Ratio(minimum, free);
            _ratioOf = minimum;
        }

        return _ratio;
    }

    private double Ratio(BoxMinimum minimum, int[] free)
    {
        int at = parameterOfInterest * (minimum.Parameters.Count + 1);
        HessianErrors errors = Of(minimum, free);
        return errors.Used.Contains(parameterOfInterest) && errors is { Covariance: { } sandwich, HessianCovariance: { } hessian }
            ? sandwich[at] / hessian[at]
            : HessianErrors.VarianceRatio(twiceNll, [.. minimum.Parameters], errors.Used, parameterOfInterest);
    }
}
