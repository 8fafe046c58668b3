using System.Numerics.Tensors;
using Gbi.Events;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// The mean log-likelihood of values that are normal about η/h with the scale 1/h, cut off at bounds; η is linear in terms. A point holds
/// the coefficients of η, the constant's first, and h.
/// </summary>
internal sealed class TruncatedLikelihood
{
    private const int MostSteps = 30;

    // Gain of a step in nats an event, below which the steps end.
    private const double LeastGain = 1e-7;

    // Part of Newton's step below which it is not shortened further.
    private const double ShortestStep = 1e-3;

    private readonly double[][] _terms;
    private readonly ParameterValues _values;
    private readonly double[] _weights;

    private TruncatedLikelihood(double[][] terms, ParameterValues values, double[] weights)
    {
        _terms = terms;
        _values = values;
        _weights = weights;
    }

    /// <summary>The likelihood of some of the events.</summary>
    public static TruncatedLikelihood Of(PolynomialTerms terms, EventTable features, ParameterValues values, double[] weights, int[] rows)
    {
        double[][] ofEvents = [.. rows.Select(_ => new double[terms.Count + 1])];
        float[] column = new float[features.Count];
        for (int k = -1; k < terms.Count; k++)
        {
            if (k >= 0)
            {
                terms.Fill(k, features, column);
            }

            for (int i = 0; i < rows.Length; i++)
            {
                ofEvents[i][k + 1] = k < 0 ? 1 : column[rows[i]];
            }
        }

        float[] Some(float[] all) => Array.ConvertAll(rows, row => all[row]);
        var some = new ParameterValues(Some(values.Values), Some(values.Low), Some(values.High));
        double[] ofRows = Array.ConvertAll(rows, row => weights[row]);
        double mean = ofRows.Average();
        return new TruncatedLikelihood(ofEvents, some, Array.ConvertAll(ofRows, weight => weight / (mean * rows.Length)));
    }

    /// <summary>The point that a least-squares fit stands for.</summary>
    public double[] PointOf(double[] coefficients)
    {
        double square = 0;
        for (int i = 0; i < _terms.Length; i++)
        {
            double away = _values.Values[i] - TensorPrimitives.Dot<double>(_terms[i], coefficients);
            square += _weights[i] * away * away;
        }

        double h = 1 / Math.Sqrt(square);
        return [.. coefficients.Select(value => value * h), h];
    }

    /// <summary>Newton's steps to the maximum; null where there is none.</summary>
    public Fit? Maximum(double[] start)
    {
        double[] point = [.. start];
        if (!point.All(double.IsFinite))
        {
            return null;
        }

        (double log, double[] gradient, Matrix<double> information) = At(point);
        for (int step = 0; step < MostSteps; step++)
        {
            if (Factor(information) is not { } factor)
            {
                return null;
            }

            double[] change = factor.Solve(Vector<double>.Build.Dense(gradient)).ToArray();
            double gain = double.NegativeInfinity;
            double[] next = point;
            for (double length = 1; length > ShortestStep && !(gain > 0); length /= 2)
            {
                next = [.. point.Zip(change, (value, by) => value + (length * by))];
                gain = next[^1] > 0 ? LogOf(next) - log : double.NegativeInfinity;
            }

            if (!(gain > LeastGain))
            {
                return new Fit(point, Significances(point, factor));
            }

            point = next;
            (log, gradient, information) = At(point);
        }

        return null;
    }

    private static Cholesky<double>? Factor(Matrix<double> information)
    {
        try
        {
            return information.Cholesky();
        }
        catch (ArgumentException)
        {
            // Not positive definite: the likelihood grows without end.
            return null;
        }
    }

    private double[] Significances(double[] point, Cholesky<double> information)
    {
        Vector<double> variances = information.Solve(Matrix<double>.Build.DenseIdentity(point.Length)).Diagonal();
        return [.. point.Select((value, k) => value * Math.Sqrt(_terms.Length / variances[k]))];
    }

    private double LogOf(double[] point)
    {
        double sum = 0;
        for (int i = 0; i < _terms.Length; i++)
        {
            sum += _weights[i] * DensityAt(i, point).Log;
        }

        return sum;
    }

    private (double Log, double[] Gradient, Matrix<double> Information) At(double[] point)
    {
        int last = point.Length - 1;
        double log = 0;
        double[] gradient = new double[last + 1];
        double[][] information = [.. point.Select((_, k) => new double[k + 1])];
        for (int i = 0; i < _terms.Length; i++)
        {
            TruncatedNormal density = DensityAt(i, point);
            double weight = _weights[i];
            double[] terms = _terms[i];
            log += weight * density.Log;
            TensorPrimitives.MultiplyAdd(terms, weight * density.ByEta, gradient.AsSpan(0, last), gradient.AsSpan(0, last));
            gradient[last] += weight * density.ByH;
            for (int k = 0; k < last; k++)
            {
                TensorPrimitives.MultiplyAdd(
                    terms.AsSpan(0, k + 1), -weight * density.ByEtaEta * terms[k], information[k], information[k]);
            }

            Span<double> ofH = information[last].AsSpan(0, last);
            TensorPrimitives.MultiplyAdd(terms, -weight * density.ByEtaH, ofH, ofH);
            information[last][last] -= weight * density.ByHH;
        }

        return (log, gradient, Matrix<double>.Build.Dense(
            last + 1, last + 1, (k, l) => information[Math.Max(k, l)][Math.Min(k, l)]));
    }

    private TruncatedNormal DensityAt(int i, double[] point) => TruncatedNormal.At(
        _values.Values[i], _values.Low[i], _values.High[i], TensorPrimitives.Dot<double>(_terms[i], point.AsSpan(0, point.Length - 1)),
        point[^1]);

    /// <summary>A maximum.</summary>
    /// <param name="Point">Coefficients of η, and h.</param>
    /// <param name="Significances">Each over its standard error.</param>
    public sealed record Fit(double[] Point, double[] Significances)
    {
        /// <summary>Coefficients of the location η/h.</summary>
        public double[] Coefficients => [.. Point[..^1].Select(value => value / Point[^1])];
    }
}
