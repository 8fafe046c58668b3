using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>
/// Errors from the curvature H of half of −2 ln L, and what it does not determine: the covariance H⁻¹, and for weighted events
/// V = H⁻¹ C H⁻¹ with the covariance C of the gradient.
/// </summary>
/// <remarks>
/// Huber, Proc. Fifth Berkeley Symp. 1 (1967) 221; for weighted events in unbinned likelihoods Langenbruch, arXiv:1911.01303.
/// The likelihoods here are extended, so that C = Σ w² v vᵀ holds the variance of the number of events too.
/// </remarks>
internal sealed class HessianErrors
{
    // H_ii (H⁻¹)_ii = 1/(1 − ρ²), ρ the correlation of a parameter with all others: above this the parameter is another's shadow.
    internal const double LargestInflation = 1e12;

    internal HessianErrors(int size) => Errors = new double[size];

    /// <summary>Covariance of the used parameters, 0 elsewhere; shape [n × n]; null where H is not positive definite.</summary>
    public IReadOnlyList<double>? Covariance { get; init; }

    /// <summary>H⁻¹ in the same form: the covariance itself where events have no weights.</summary>
    public IReadOnlyList<double>? HessianCovariance { get; init; }

    /// <summary>Standard errors; 0 for fixed parameters, NaN for those that the function does not determine. Length n.</summary>
    public double[] Errors { get; }

    /// <summary>
    /// Indices of the parameters that covariance and flat directions are of: the free ones, without those that a bound holds where the
    /// curvature of all of them is not positive definite.
    /// </summary>
    public required int[] Used { get; init; }

    /// <summary>Indices of the free parameters that are held at a bound and have no error.</summary>
    public required int[] Held { get; init; }

    /// <summary>Directions among the used parameters along which the function does not change; null where there is none.</summary>
    public FlatDirections? Flat { get; init; }

    /// <summary>Whether the covariance is that of weighted events.</summary>
    public bool IsOfWeightedEvents { get; init; }

    /// <summary>Errors at a minimum.</summary>
    /// <param name="twiceNll">−2 ln L.</param>
    /// <param name="point">All parameters at the minimum.</param>
    /// <param name="free">Indices of the free ones.</param>
    /// <param name="lower">Lower bounds; empty for none.</param>
    /// <param name="upper">Upper bounds; empty for none.</param>
    /// <remarks>
    /// At a bound beyond which the likelihood would rise further, the curvature need not be that of a minimum. Such a parameter is then
    /// held there: it has no error, and those of the others are conditional on it.
    /// </remarks>
    public static HessianErrors At(
        ISmoothFunction twiceNll, ReadOnlySpan<double> point, ReadOnlySpan<int> free, ReadOnlySpan<double> lower = default,
        ReadOnlySpan<double> upper = default)
    {
        if (twiceNll is IArrowFunction { Layout: { } layout } arrow)
        {
            return ArrowErrors.At(arrow, layout, point, free, lower, upper);
        }

        int size = point.Length;
        double[] hessian = new double[size * size];
        double[] slope = new double[size];
        twiceNll.Evaluate(point, slope, hessian);
        int[] held = HeldByBounds(point, slope, free, lower, upper);
        (int[] used, double[]? inverse) = Inverted(free, held, of => InverseOf(Half(hessian, size, of), of.Length));
        FlatDirections? flat = inverse is null ? FlatDirections.Of(Half(hessian, size, used), Select(point, used)) : null;
        double[]? gradient = GradientCovariance(twiceNll, point);
        double[]? sandwich = inverse is null || gradient is null ? null : Sandwich(inverse, Half(gradient, size, used), used.Length);
        var errors = new HessianErrors(size)
        {
            Covariance = inverse is null ? null : Spread(sandwich ?? inverse, size, used),
            HessianCovariance = inverse is null ? null : Spread(inverse, size, used),
            Used = used,
            Held = [.. free.ToArray().Except(used)],
            Flat = flat,
            IsOfWeightedEvents = gradient is not null,
        };
        double[]? determined = flat is not null && gradient is not null ? Determined(hessian, gradient, size, used, flat) : null;
        for (int i = 0; i < used.Length; i++)
        {
            double variance = flat?.Variances[i] ?? double.NaN;
            variance = double.IsNaN(variance) ? variance : determined?[i] ?? variance;
            errors.Errors[used[i]] = Math.Sqrt((sandwich ?? inverse)?[i * (used.Length + 1)] ?? variance);
        }

        foreach (int parameter in errors.Held)
        {
            errors.Errors[parameter] = double.NaN;
        }

        return errors;
    }

    /// <summary>
    /// What is inverted for the free parameters; where the curvature of all of them is not positive definite, for those that no bound
    /// holds.
    /// </summary>
    /// <param name="free">Indices of the free parameters.</param>
    /// <param name="held">Those among them that a bound holds.</param>
    /// <param name="inverseOf">The inverse for some parameters; null where there is none.</param>
    internal static (int[] Used, T? Inverse) Inverted<T>(ReadOnlySpan<int> free, int[] held, Func<int[], T?> inverseOf)
        where T : class
    {
        int[] all = free.ToArray();
        T? inverse = inverseOf(all);
        if (inverse is not null || held.Length == 0)
        {
            return (all, inverse);
        }

        int[] used = [.. all.Except(held)];
        return (used, inverseOf(used));
    }

    /// <summary>The free parameters at a bound beyond which the function would go on falling.</summary>
    internal static int[] HeldByBounds(
        ReadOnlySpan<double> point, ReadOnlySpan<double> slope, ReadOnlySpan<int> free, ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper)
    {
        List<int> held = [];
        foreach (int i in free)
        {
            if ((!lower.IsEmpty && point[i] <= lower[i] && slope[i] > 0) || (!upper.IsEmpty && point[i] >= upper[i] && slope[i] < 0))
            {
                held.Add(i);
            }
        }

        return [.. held];
    }

    /// <summary>
    /// V_μμ/(H⁻¹)_μμ: by how much the variance of a parameter is larger than that of Poisson events, all free parameters profiled; 1 where
    /// events have no weights. The profile of −2 ln L over it is asymptotically χ² with one degree of freedom.
    /// </summary>
    /// <param name="twiceNll">−2 ln L.</param>
    /// <param name="point">All parameters at the minimum.</param>
    /// <param name="free">Indices of the free ones.</param>
    /// <param name="parameter">Index of the parameter; free or not.</param>
    /// <exception cref="FitException">The Hessian does not determine the parameter at the minimum.</exception>
    /// <remarks>Kent, Biometrika 69 (1982) 19; as a vertical scaling: Chandler and Bate, Biometrika 94 (2007) 167.</remarks>
    public static double VarianceRatio(ISmoothFunction twiceNll, ReadOnlySpan<double> point, ReadOnlySpan<int> free, int parameter)
    {
        if (GradientCovariance(twiceNll, point) is not { } gradient)
        {
            return 1;
        }

        int size = point.Length;
        double[] hessian = new double[size * size];
        twiceNll.Evaluate(point, new double[size], hessian);
        int[] used = free.Contains(parameter) ? free.ToArray() : [.. free, parameter];
        double[] reduced = Half(hessian, size, used);
        if (InverseOf(reduced, used.Length) is null && FlatDirections.Of(reduced, Select(point, used)) is { } flat)
        {
            used = [.. Enumerable.Range(0, used.Length).Where(i => !IsPivot(flat, i) || used[i] == parameter).Select(i => used[i])];
            reduced = Half(hessian, size, used);
        }

        int at = Array.IndexOf(used, parameter) * (used.Length + 1);
        return InverseOf(reduced, used.Length) is { } inverse
            ? Sandwich(inverse, Half(gradient, size, used), used.Length)[at] / inverse[at]
            : throw new FitException(
                "The Hessian is not positive definite at the best fit of weighted events, so that the variance to which test statistics "
                    + "are scaled is not known; check bounds and starting values of the parameters, or fix those that the data do not "
                    + "determine.");
    }

    /// <summary>C/2 of all parameters where the data are weighted events; null where they are not.</summary>
    private static double[]? GradientCovariance(ISmoothFunction twiceNll, ReadOnlySpan<double> point)
    {
        if (twiceNll is not IWeightedLikelihood { HasWeightedEvents: true } weighted)
        {
            return null;
        }

        double[] covariance = new double[point.Length * point.Length];
        weighted.GradientCovariance(point, covariance);
        return covariance;
    }

    private static double[]? InverseOf(double[] reduced, int size)
    {
        double[]? inverse = size == 0 ? [] : LinearSystem.InverseOfPositiveDefinite(reduced, size);
        for (int i = 0; inverse is not null && i < size; i++)
        {
            int diagonal = i * (size + 1);
            inverse = inverse[diagonal] * reduced[diagonal] < LargestInflation ? inverse : null;
        }

        return inverse;
    }

    /// <summary>H⁻¹ C H⁻¹.</summary>
    private static double[] Sandwich(double[] inverse, double[] gradient, int size) =>
        Product(Product(inverse, gradient, size), inverse, size);

    private static double[] Product(double[] left, double[] right, int size)
    {
        double[] product = new double[size * size];
        for (int i = 0; i < product.Length; i++)
        {
            for (int k = 0; k < size; k++)
            {
                product[i] += left[(i / size * size) + k] * right[(k * size) + (i % size)];
            }
        }

        return product;
    }

    /// <summary>
    /// Variances of weighted events for the free parameters with one of each flat direction held, which changes nothing for those that no
    /// flat direction moves; null where what is left is not determined either.
    /// </summary>
    private static double[]? Determined(double[] hessian, double[] gradient, int size, ReadOnlySpan<int> free, FlatDirections flat)
    {
        int[] kept = [.. Enumerable.Range(0, free.Length).Where(i => !IsPivot(flat, i))];
        int[] parameters = new int[kept.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            parameters[i] = free[kept[i]];
        }

        if (InverseOf(Half(hessian, size, parameters), kept.Length) is not { } inverse)
        {
            return null;
        }

        double[] sandwich = Sandwich(inverse, Half(gradient, size, parameters), kept.Length);
        double[] variances = new double[free.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            variances[kept[i]] = sandwich[i * (kept.Length + 1)];
        }

        return variances;
    }

    /// <summary>Whether a variable is the first that one flat direction moves and no other.</summary>
    internal static bool IsPivot(FlatDirections flat, int variable) => flat.Rows.Any(row => variable == Enumerable.Range(0, row.Length)
        .First(i => row[i] != 0 && flat.Rows.Count(other => other[i] != 0) == 1));

    private static double[] Half(double[] hessian, int size, ReadOnlySpan<int> free)
    {
        double[] reduced = new double[free.Length * free.Length];
        for (int row = 0; row < free.Length; row++)
        {
            for (int column = 0; column < free.Length; column++)
            {
                reduced[(row * free.Length) + column] = hessian[(free[row] * size) + free[column]] / 2;
            }
        }

        return reduced;
    }

    private static double[] Select(ReadOnlySpan<double> point, ReadOnlySpan<int> free)
    {
        double[] selected = new double[free.Length];
        for (int i = 0; i < free.Length; i++)
        {
            selected[i] = point[free[i]];
        }

        return selected;
    }

    private static double[] Spread(double[] inverse, int size, ReadOnlySpan<int> free)
    {
        double[] covariance = new double[size * size];
        for (int row = 0; row < free.Length; row++)
        {
            for (int column = 0; column < free.Length; column++)
            {
                covariance[(free[row] * size) + free[column]] = inverse[(row * free.Length) + column];
            }
        }

        return covariance;
    }
}
