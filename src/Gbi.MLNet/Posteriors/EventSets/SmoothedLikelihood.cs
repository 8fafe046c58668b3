using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics.Minima;

namespace Gbi.Posteriors.EventSets;

/// <summary>
/// The log-likelihood of a set of events as a polynomial of the parameters near its posterior: of degree 4 in one parameter, 3 in two to
/// four, 2 in more, by least squares over points with the weights p L^¼/g: they are about twice as wide as the posterior p L.
/// </summary>
/// <remarks>
/// A sum of learnt log-densities has steps, which are much finer than the posterior of one event and as wide as that of many. In a regular
/// likelihood terms of degree k have coefficients of the order N^(1−k/2): from some tens of events on higher ones say nothing.
/// </remarks>
internal sealed class SmoothedLikelihood
{
    /// <summary>
    /// Distance from the mean, in standard deviations of the weights, within which points about twice as wide as the posterior determine
    /// the polynomial.
    /// </summary>
    public const double Known = 2.5;

    /// <summary>Power of L that points are weighted with.</summary>
    public const double Power = 0.25;

    private const double PointsOfATerm = 3;
    private const double Ridge = 1e-9;

    private readonly double[] _centre;
    private readonly double[] _factor;
    private readonly int[][] _terms;
    private readonly double _largestRadius;
    private SmoothedLikelihood(double[] centre, double[] factor, int[][] terms, double largestRadius) =>
        (_centre, _factor, _terms, _largestRadius) = (centre, factor, terms, largestRadius);

    private double[] Coefficients { get; init; } = [];

    private double[] Weights { get; init; } = [];

    private bool Falls { get; init; } = true;

    /// <summary>Fits points.</summary>
    /// <param name="points">Points θ ~ g, a column a parameter.</param>
    /// <param name="logLikelihoods">ln L of each; −∞ where it is 0.</param>
    /// <param name="logPriorOverProposal">ln p/g of each.</param>
    /// <param name="largestRadius">Distance from the mean, in standard deviations of the weights, up to which it is a polynomial.</param>
    /// <returns>null where too few points have weight, or L is 0 near the posterior, where no polynomial is.</returns>
    public static SmoothedLikelihood? TryFit(
        EventTable points, double[] logLikelihoods, double[] logPriorOverProposal, double largestRadius)
    {
        int width = points.ColumnNames.Count;
        int[][] terms = [.. Terms(width, width == 1 ? 4 : width <= 4 ? 3 : 2)];
        double[] weights = Shares(logLikelihoods, logPriorOverProposal);
        ReadOnlyMemory<float>[] columns = [.. points.ColumnNames.Select(points.Memory)];
        double[] centre = [.. columns.Select(column => Sum(weights, row => column.Span[row]))];
        double[] factor = new double[width * width];
        for (int j = 0; j < width; j++)
        {
            for (int k = 0; k < width; k++)
            {
                factor[(j * width) + k] = Sum(
                    weights, row => (columns[j].Span[row] - centre[j]) * (columns[k].Span[row] - centre[k]));
            }
        }

        if (!(1 / weights.Sum(share => share * share) >= PointsOfATerm * terms.Length) || !CholeskyFactor.TryFactorise(factor, width))
        {
            return null;
        }

        var frame = new SmoothedLikelihood(centre, factor, terms, largestRadius);
        return !frame.HasEdges(columns, logLikelihoods) && frame.Fit(columns, logLikelihoods, weights) is { } coefficients
            ? new SmoothedLikelihood(centre, factor, terms, largestRadius) { Coefficients = coefficients, Weights = weights }
            : null;
    }

    /// <summary>The same less a multiple of a function of θ, which is known at some points of the fit.</summary>
    /// <param name="points">The first points of the fit.</param>
    /// <param name="values">The function there.</param>
    /// <param name="multiple">How often it is taken off.</param>
    /// <param name="keeps">Whether it is taken off ln L; otherwise off 0.</param>
    /// <returns>null where the points do not determine a polynomial.</returns>
    public SmoothedLikelihood? TryLess(EventTable points, double[] values, double multiple, bool keeps)
    {
        if (Fit([.. points.ColumnNames.Select(points.Memory)], values, Weights[..points.Count]) is not { } others)
        {
            return null;
        }

        double[] left = [.. Coefficients.Zip(others, (one, other) => (keeps ? one : 0) - (multiple * other))];
        return new SmoothedLikelihood(_centre, _factor, _terms, _largestRadius)
        {
            Coefficients = left,
            Weights = Weights,
            Falls = keeps,
        };
    }

    /// <summary>
    /// ln L of each row, up to a constant. Beyond the largest distance R it falls on the ray from the mean as a parabola with its value at
    /// R, and stays as it is there where it has not fallen up to R.
    /// </summary>
    public double[] Of(EventTable parameters)
    {
        ReadOnlyMemory<float>[] columns = [.. parameters.ColumnNames.Select(parameters.Memory)];
        double[] logs = new double[parameters.Count];
        Span<double> point = stackalloc double[columns.Length];
        Span<double> terms = stackalloc double[_terms.Length];
        for (int row = 0; row < logs.Length; row++)
        {
            double radius = Whiten(columns, row, point);
            double stretch = Math.Max(1, radius / _largestRadius);
            foreach (ref double coordinate in point)
            {
                coordinate /= stretch;
            }

            Fill(point, terms);
            logs[row] = TensorPrimitives.Dot<double>(terms, Coefficients);
            double fall = Coefficients[0] - logs[row];
            logs[row] -= Falls && fall > 0 ? fall * ((stretch * stretch) - 1) : 0;
        }

        return logs;
    }

    private bool HasEdges(ReadOnlyMemory<float>[] columns, double[] logLikelihoods)
    {
        double[] point = new double[columns.Length];
        return Enumerable.Range(0, logLikelihoods.Length).Any(row =>
            double.IsNegativeInfinity(logLikelihoods[row]) && Whiten(columns, row, point) <= Known);
    }

    private double[]? Fit(ReadOnlyMemory<float>[] columns, double[] values, double[] weights)
    {
        int count = _terms.Length;
        double[] normal = new double[count * count];
        double[] solution = new double[count];
        Span<double> point = stackalloc double[columns.Length];
        Span<double> terms = stackalloc double[count];
        double largest = values.Max();
        for (int row = 0; row < values.Length; row++)
        {
            if (weights[row] == 0)
            {
                continue;
            }

            Whiten(columns, row, point);
            Fill(point, terms);
            for (int i = 0; i < count; i++)
            {
                solution[i] += weights[row] * terms[i] * (values[row] - largest);
                for (int k = 0; k < count; k++)
                {
                    normal[(i * count) + k] += weights[row] * terms[i] * terms[k];
                }
            }
        }

        for (int i = 0; i < count; i++)
        {
            normal[(i * count) + i] *= 1 + Ridge;
        }

        if (!CholeskyFactor.TryFactorise(normal, count))
        {
            return null;
        }

        CholeskyFactor.Solve(normal, count, solution);
        return solution;
    }

    /// <summary>The whitened point; its distance from the mean.</summary>
    private double Whiten(ReadOnlyMemory<float>[] columns, int row, Span<double> point)
    {
        for (int k = 0; k < point.Length; k++)
        {
            point[k] = columns[k].Span[row] - _centre[k];
        }

        CholeskyFactor.SolveLower(_factor, point.Length, point);
        return TensorPrimitives.Norm<double>(point);
    }

    private void Fill(ReadOnlySpan<double> point, Span<double> terms)
    {
        for (int i = 0; i < terms.Length; i++)
        {
            terms[i] = 1;
            foreach (int factor in _terms[i])
            {
                terms[i] *= point[factor];
            }
        }
    }

    /// <summary>All products of at most so many coordinates, each by the numbers of its factors.</summary>
    private static IEnumerable<int[]> Terms(int width, int degree)
    {
        int[][] ofDegree = [[]];
        for (int order = 0; ; order++)
        {
            foreach (int[] term in ofDegree)
            {
                yield return term;
            }

            if (order == degree)
            {
                yield break;
            }

            ofDegree = [.. ofDegree.SelectMany(term => Enumerable.Range(0, width)
                .Where(factor => term.Length == 0 || factor >= term[^1]).Select(factor => (int[])[.. term, factor]))];
        }
    }

    private static double[] Shares(double[] logLikelihoods, double[] logPriorOverProposal) => ImportanceWeights.Of(
        [.. logLikelihoods.Zip(logPriorOverProposal, (likelihood, ratio) => double.IsNegativeInfinity(likelihood)
            ? likelihood
            : ratio + (Power * likelihood))]).Shares;

    private static double Sum(double[] shares, Func<int, double> value)
    {
        double sum = 0;
        for (int row = 0; row < shares.Length; row++)
        {
            sum += shares[row] > 0 ? shares[row] * value(row) : 0;
        }

        return sum;
    }
}
