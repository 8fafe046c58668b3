using Gbi.Numerics;

namespace Gbi.Searches.Family.Fits;

/// <summary>Weighted mean of the score g over a sample, and the covariance of that mean.</summary>
/// <param name="Mean">Σ w g / Σ w; one value for μ and for each t.</param>
/// <param name="Covariance">Σ w² (g − mean)(g − mean)ᵀ / (Σ w)², row-major.</param>
internal sealed record FamilyMoments(double[] Mean, double[] Covariance)
{
    /// <summary>The moments of <paramref name="size"/> numbers of each event.</summary>
    /// <param name="count">Number of events.</param>
    /// <param name="size">Numbers of an event.</param>
    /// <param name="weight">Weight of an event.</param>
    /// <param name="fill">Writes the numbers of an event.</param>
    public static FamilyMoments Of(int count, int size, Func<int, double> weight, Action<int, double[]> fill)
    {
        var blocks = new Sums[EventBlocks.CountOf(count)];
        EventBlocks.ForEach(count, (start, length) =>
        {
            var sums = new Sums(size);
            double[] score = new double[size];
            for (int row = start; row < start + length; row++)
            {
                fill(row, score);
                sums.Add(weight(row), score);
            }

            blocks[start / EventBlocks.DefaultSize] = sums;
        });
        var total = new Sums(size);
        foreach (Sums block in blocks)
        {
            total.Add(block);
        }

        return total.Moments();
    }

    private sealed class Sums(int size)
    {
        private readonly double[] _first = new double[size];
        private readonly double[] _squareFirst = new double[size];
        private readonly double[] _squareSecond = new double[size * size];
        private double _weight;
        private double _square;

        public void Add(double weight, double[] score)
        {
            _weight += weight;
            _square += weight * weight;
            for (int i = 0; i < score.Length; i++)
            {
                _first[i] += weight * score[i];
                _squareFirst[i] += weight * weight * score[i];
                for (int j = 0; j <= i; j++)
                {
                    _squareSecond[(i * score.Length) + j] += weight * weight * score[i] * score[j];
                }
            }
        }

        public void Add(Sums other)
        {
            _weight += other._weight;
            _square += other._square;
            for (int i = 0; i < _first.Length; i++)
            {
                _first[i] += other._first[i];
                _squareFirst[i] += other._squareFirst[i];
            }

            for (int i = 0; i < _squareSecond.Length; i++)
            {
                _squareSecond[i] += other._squareSecond[i];
            }
        }

        public FamilyMoments Moments()
        {
            int size = _first.Length;
            double[] mean = Array.ConvertAll(_first, sum => sum / _weight);
            double[] covariance = new double[size * size];
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double about = _squareSecond[(i * size) + j] - (mean[i] * _squareFirst[j]) - (mean[j] * _squareFirst[i])
                        + (mean[i] * mean[j] * _square);
                    covariance[(i * size) + j] = covariance[(j * size) + i] = about / (_weight * _weight);
                }
            }

            return new FamilyMoments(mean, covariance);
        }
    }
}
