using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;

namespace Gbi.Calibration;

/// <summary>
/// The loss of a log ratio that is linear in functions of the score, f(s) = Σₖ βₖ φₖ(s) + β_last:
/// Σ₁ w softplus(−f) + Σ₀ w softplus(f), each sample's weights w divided by their sum.
/// </summary>
internal sealed class LogisticLoss
{
    private readonly double[][] _slopes;
    private readonly double[] _weights;
    private readonly bool[] _isNumerator;
    private readonly bool _isReversed;

    private LogisticLoss(double[][] slopes, double[] weights, bool[] isNumerator, bool isReversed)
    {
        _isReversed = isReversed;
        _slopes = slopes;
        _weights = weights;
        _isNumerator = isNumerator;
    }

    /// <summary>The loss, or null where a sample has too few effective events or the samples do not overlap in the score.</summary>
    public static LogisticLoss? Of(
        ReadOnlySpan<float> scores,
        ReadOnlySpan<bool> isNumerator,
        ReadOnlySpan<double> weights,
        int minEvents,
        Func<double, double>[] functions)
    {
        var numerator = new SampleSums();
        var denominator = new SampleSums();
        for (int row = 0; row < scores.Length; row++)
        {
            (isNumerator[row] ? numerator : denominator).Add(scores[row], weights[row]);
        }

        // Where every event of the numerator lies above all of the denominator, an ever steeper map is an ever better one.
        if (!numerator.IsFull(minEvents) || !denominator.IsFull(minEvents) || numerator.Lowest >= denominator.Highest)
        {
            return null;
        }

        double[] normalised = new double[weights.Length];
        for (int row = 0; row < normalised.Length; row++)
        {
            normalised[row] = weights[row] / (isNumerator[row] ? numerator.Sum : denominator.Sum);
        }

        float[] s = scores.ToArray();
        double[][] slopes = [.. functions.Select(function => Evaluate(function, s))];
        return new LogisticLoss(slopes, normalised, isNumerator.ToArray(), numerator.Highest <= denominator.Lowest);
    }

    /// <summary>
    /// The parameters of the least loss whose slopes, all but the last parameter, are 0 or more; null where there is none.
    /// </summary>
    /// <remarks>
    /// The loss is convex, so that where the free minimum breaks a bound, the bounded one lies on the border of the region: it is the
    /// best of the minima with some slopes at 0.
    /// </remarks>
    public double[]? MinimiseWithSlopesAboveZero()
    {
        // With each sample's weights summing to 1, the best constant is 0; it is all there is where the numerator lies wholly below.
        (double[] Parameters, double Loss) best = (new double[_slopes.Length + 1], 2 * Math.Log(2));
        if (_isReversed)
        {
            return best.Parameters;
        }

        int every = (1 << _slopes.Length) - 1;
        if (Minimise(every) is not { } free)
        {
            return null;
        }

        if (IsAllowed(free.Parameters))
        {
            return free.Parameters;
        }

        for (int used = 1; used < every; used++)
        {
            if (Minimise(used) is { } found && IsAllowed(found.Parameters) && found.Loss < best.Loss)
            {
                best = found;
            }
        }

        return best.Parameters;
    }

    private static bool IsAllowed(double[] parameters) => Array.TrueForAll(parameters[..^1], slope => slope >= 0);

    private static double[] Evaluate(Func<double, double> function, float[] scores)
    {
        double[] values = new double[scores.Length];
        EventBlocks.ForEach(values.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                values[row] = function(scores[row]);
            }
        });
        return values;
    }

    private (double[] Parameters, double Loss)? Minimise(int used)
    {
        double[][] slopes = [.. _slopes.Where((_, k) => (used & (1 << k)) != 0)];
        var last = (Loss: 0.0, Gradient: new double[slopes.Length + 1]);
        ConvexMinimum minimum = ConvexNewton.Minimise(
            (x, gradient, hessian) =>
            {
                last.Loss = Value(slopes, x.ToArray(), gradient, hessian);
                gradient.CopyTo(last.Gradient);
                return last.Loss;
            },
            new double[slopes.Length + 1],
            tolerance: 1e-12);
        if (!minimum.Converged || minimum.InverseHessian is not { } inverse)
        {
            return null;
        }

        // The loss itself cannot tell points nearer than √tolerance apart; one more whole step squares the distance left.
        double[] x =
        [
            .. minimum.X.Select((value, i) => value - last.Gradient.Select((slope, j) => inverse[(i * minimum.X.Length) + j] * slope).Sum())
        ];
        if (!Array.TrueForAll(x, double.IsFinite))
        {
            return null;
        }

        double[] parameters = new double[_slopes.Length + 1];
        for (int k = 0, next = 0; k < _slopes.Length; k++)
        {
            parameters[k] = (used & (1 << k)) != 0 ? x[next++] : 0;
        }

        parameters[^1] = x[^1];
        return (parameters, last.Loss);
    }

    /// <summary>Loss, gradient and Hessian at f = Σ xₖ φₖ + x_last, blocks added in order.</summary>
    private double Value(double[][] slopes, double[] x, Span<double> gradient, Span<double> hessian)
    {
        int size = x.Length;
        int width = 1 + size + (size * size);
        double[] sums = new double[EventBlocks.CountOf(_weights.Length) * width];
        EventBlocks.ForEach(_weights.Length, (start, length) =>
            AddBlock(slopes, x, start, length, sums.AsSpan(start / EventBlocks.DefaultSize * width, width)));
        double value = 0;
        gradient.Clear();
        hessian.Clear();
        for (int block = 0; block < sums.Length; block += width)
        {
            value += sums[block];
            for (int i = 0; i < size; i++)
            {
                gradient[i] += sums[block + 1 + i];
            }

            for (int i = 0; i < size * size; i++)
            {
                hessian[i] += sums[block + 1 + size + i];
            }
        }

        return value;
    }

    private void AddBlock(double[][] slopes, double[] x, int start, int length, Span<double> sums)
    {
        int size = x.Length;
        Span<double> gradient = sums.Slice(1, size);
        Span<double> hessian = sums[(1 + size)..];
        Span<double> phi = stackalloc double[size];
        phi[size - 1] = 1;
        for (int row = start; row < start + length; row++)
        {
            double f = x[size - 1];
            for (int k = 0; k < size - 1; k++)
            {
                phi[k] = slopes[k][row];
                f += x[k] * phi[k];
            }

            double sign = _isNumerator[row] ? -1 : 1;
            double exponential = Math.Exp(-Math.Abs(f));
            double smaller = exponential / (1 + exponential);
            sums[0] += _weights[row] * (Math.Max(sign * f, 0) + LogMath.OnePlus(exponential));
            double slope = sign * _weights[row] * (sign * f > 0 ? 1 - smaller : smaller);
            double curvature = _weights[row] * smaller * (1 - smaller);
            for (int i = 0; i < size; i++)
            {
                gradient[i] += slope * phi[i];
                for (int j = 0; j < size; j++)
                {
                    hessian[(i * size) + j] += curvature * phi[i] * phi[j];
                }
            }
        }
    }

    private sealed class SampleSums
    {
        private double _squares;

        public double Sum { get; private set; }

        public double Lowest { get; private set; } = double.PositiveInfinity;

        public double Highest { get; private set; } = double.NegativeInfinity;

        public bool IsFull(int events) => Sum > 0 && Sum * Sum >= events * _squares;

        public void Add(double score, double weight)
        {
            if (weight == 0)
            {
                return;
            }

            Sum += weight;
            _squares += weight * weight;
            Lowest = Math.Min(Lowest, score);
            Highest = Math.Max(Highest, score);
        }
    }
}
