using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>Hessian errors of a function of many parameters, whose covariance is worked out where it is asked for.</summary>
internal static class ArrowErrors
{
    /// <summary>Errors at a minimum; without flat directions: where the curvature is not positive definite, there are none.</summary>
    public static HessianErrors At(
        IArrowFunction twiceNll, ArrowLayout layout, ReadOnlySpan<double> point, ReadOnlySpan<int> free, ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper)
    {
        int size = point.Length;
        var hessian = new ArrowMatrix(layout);
        double[] slope = new double[size];
        twiceNll.Evaluate(point, slope, hessian);
        int[] held = HessianErrors.HeldByBounds(point, slope, free, lower, upper);
        (int[] used, ArrowInverse? inverse) = HessianErrors.Inverted(free, held, of => InverseOf(hessian, of));
        var errors = new HessianErrors(size)
        {
            Covariance = inverse,
            HessianCovariance = inverse,
            Used = used,
            Held = [.. free.ToArray().Except(used)],
        };
        foreach (int i in free)
        {
            errors.Errors[i] = inverse is null || !used.Contains(i) ? double.NaN : Math.Sqrt(inverse[i * (size + 1)]);
        }

        return errors;
    }

    /// <summary>2 H⁻¹ over some parameters; null where H is not positive definite.</summary>
    private static ArrowInverse? InverseOf(ArrowMatrix hessian, int[] used)
    {
        bool[] isUsed = new bool[hessian.Layout.Count];
        foreach (int i in used)
        {
            isUsed[i] = true;
        }

        var factor = new ArrowFactor(hessian.Layout);
        return factor.TryFactorise(hessian, new double[isUsed.Length], isUsed) ? factor.Inverse(2) : null;
    }
}
