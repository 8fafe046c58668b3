using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Posteriors.Misspecification;

/// <summary>
/// The feature that lies farthest from its mean, or from what the other features predict, ranked among held-out observations. Residuals are
/// compared by their normal scores, so that one feature with long tails does not hide the others.
/// </summary>
internal sealed class FeatureResiduals
{
    private const double FewestBeyond = 5;

    private static readonly double[] TailProbabilities = [0.5, 0.2, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003];

    private readonly Whitening _whitening;
    private readonly double[] _precisions;
    private readonly float[] _quantiles;
    private readonly double[] _scores;
    private readonly float[] _largest;

    public FeatureResiduals(Whitening whitening, ResidualState state)
    {
        _whitening = whitening;
        _precisions = whitening.Precisions();
        State = state;
        _quantiles = [.. state.Quantiles];
        _scores = [.. state.Scores];
        _largest = [.. state.Largest];
    }

    public ResidualState State { get; }

    /// <summary>Learns quantiles from some rows and ranks others.</summary>
    public static FeatureResiduals Learn(Whitening whitening, float[][] columns, int[] rows, int[] heldOut)
    {
        double[] tails = [.. TailProbabilities.Where(tail => tail * rows.Length >= FewestBeyond)];
        double[] scores = [.. tails.Select(tail => TailProbability.NormalQuantile(1 - (tail / 2)))];
        int width = whitening.Width;
        var bare = new FeatureResiduals(whitening, new ResidualState(new float[2 * width * scores.Length], scores, []));
        float[][] residuals = [.. Enumerable.Range(0, 2 * width).Select(_ => new float[rows.Length])];
        EventBlocks.ForEach(rows.Length, (start, length) =>
        {
            double[] ofRow = new double[2 * width];
            for (int i = start; i < start + length; i++)
            {
                bare.Residuals(columns, rows[i], ofRow);
                for (int at = 0; at < ofRow.Length; at++)
                {
                    residuals[at][i] = (float)Math.Abs(ofRow[at]);
                }
            }
        }, blockSize: 256);
        float[] quantiles = new float[2 * width * scores.Length];
        EventBlocks.ForEachIndex(2 * width, at =>
        {
            Array.Sort(residuals[at]);
            for (int knot = 0; knot < tails.Length; knot++)
            {
                quantiles[(at * tails.Length) + knot] = residuals[at][(int)((1 - tails[knot]) * (rows.Length - 1))];
            }
        });
        var unranked = new FeatureResiduals(whitening, new ResidualState(quantiles, scores, []));
        float[] largest = new float[heldOut.Length];
        EventBlocks.ForEach(heldOut.Length, (start, length) =>
        {
            for (int i = start; i < start + length; i++)
            {
                largest[i] = unranked.Of(columns, heldOut[i]).Score;
            }
        }, blockSize: 256);
        Array.Sort(largest);
        return new FeatureResiduals(whitening, unranked.State with { Largest = largest });
    }

    /// <summary>
    /// The largest normal score of a row, its feature, its residual, and whether it is the one against the other features.
    /// </summary>
    public (float Score, int Feature, double Residual, bool IsConditional) Of(float[][] columns, int row)
    {
        int width = _whitening.Width;
        double[] residuals = new double[2 * width];
        Residuals(columns, row, residuals);
        (double Score, int At) largest = (-1, 0);
        for (int at = 0; at < residuals.Length; at++)
        {
            double score = Score(at, Math.Abs(residuals[at]));
            largest = score > largest.Score ? (score, at) : largest;
        }

        return ((float)largest.Score, largest.At % width, residuals[largest.At], largest.At >= width);
    }

    /// <summary>How often a held-out observation has so large a residual in any feature.</summary>
    public double Probability(float score) => UpperRank.Probability(_largest, score);

    private void Residuals(float[][] columns, int row, double[] into)
    {
        int width = _whitening.Width;
        Span<double> marginal = into.AsSpan(0, width);
        Span<double> conditional = into.AsSpan(width, width);
        _whitening.Standardise(columns, row, marginal);
        marginal.CopyTo(conditional);
        _whitening.ToResiduals(conditional, _precisions);
    }

    /// <summary>The normal score of a residual, linear between knots and beyond them; 0 where a feature is constant in training.</summary>
    private double Score(int at, double residual)
    {
        (double X, double Y) before = (0, 0);
        double slope = 0;
        for (int knot = 0; knot < _scores.Length; knot++)
        {
            double x = _quantiles[(at * _scores.Length) + knot];
            if (!(x > before.X))
            {
                continue;
            }

            slope = (_scores[knot] - before.Y) / (x - before.X);
            if (residual <= x)
            {
                break;
            }

            before = (x, _scores[knot]);
        }

        return before.Y + (slope * (residual - before.X));
    }
}
