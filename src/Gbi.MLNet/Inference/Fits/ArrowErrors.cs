using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>Hessian errors of a function of many parameters, whose covariance is worked out where it is asked for.</summary>
internal static class ArrowErrors
{
    /// <summary>Errors at a minimum; where directions are flat, those of the parameters that none of them moves.</summary>
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
        FlatDirections? flat = inverse is null ? ArrowFlatness.Of(hessian, used, point) : null;
        var errors = new HessianErrors(size)
        {
            Covariance = inverse,
            HessianCovariance = inverse,
            Used = used,
            Held = [.. free.ToArray().Except(used)],
            Flat = flat,
        };
        Array.ForEach(free.ToArray(), i => errors.Errors[i] = double.NaN);

        // With one parameter of each flat direction held, nothing changes for those that none moves.
        int[] determined = flat is null ? used : [.. used.Where((_, at) => flat.Rows.All(row => row[at] == 0))];
        inverse ??= flat is null ? null : InverseOf(hessian, [.. used.Where((_, at) => !HessianErrors.IsPivot(flat, at))]);
        foreach (int i in inverse is null ? [] : determined)
        {
            errors.Errors[i] = Math.Sqrt(inverse![i * (size + 1)]);
        }

        return errors;
    }

    /// <summary>2 H⁻¹ over some parameters; null where H is not positive definite, or one parameter is the shadow of others.</summary>
    private static ArrowInverse? InverseOf(ArrowMatrix hessian, int[] used)
    {
        bool[] isUsed = new bool[hessian.Layout.Count];
        foreach (int i in used)
        {
            isUsed[i] = true;
        }

        var factor = new ArrowFactor(hessian.Layout);
        if (!factor.TryFactorise(hessian, new double[isUsed.Length], isUsed))
        {
            return null;
        }

        ArrowInverse inverse = factor.Inverse(2);
        return used.All(i => inverse[i * (isUsed.Length + 1)] * hessian.Diagonal(i) / 2 < HessianErrors.LargestInflation) ? inverse : null;
    }
}
