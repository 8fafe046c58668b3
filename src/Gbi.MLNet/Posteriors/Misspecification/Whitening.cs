using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Posteriors.Misspecification;

/// <summary>
/// Columns brought to mean 0 and unit covariance: w = L⁻¹ z, with z the standardised columns and L Lᵀ their correlations.
/// </summary>
internal sealed class Whitening
{
    private readonly double[] _means;
    private readonly double[] _deviations;
    private readonly double[] _factor;

    public Whitening(WhiteningState state)
    {
        State = state;
        _means = [.. state.Means];
        _deviations = [.. state.Deviations];
        _factor = [.. state.Correlations];
        if (!CholeskyFactor.TryFactorise(_factor, _means.Length))
        {
            throw new DataException("The correlations of a misspecification check are not positive definite; the model file is damaged.");
        }
    }

    public WhiteningState State { get; }

    public int Width => _means.Length;

    /// <summary>Learns from some rows; a missing value counts as the mean.</summary>
    public static Whitening Learn(float[][] columns, int[] rows)
    {
        int width = columns.Length;
        double[] means = new double[width];
        double[] deviations = new double[width];
        double[][] standardised = new double[width][];
        EventBlocks.ForEachIndex(width, k =>
        {
            double[] known = [.. rows.Select(row => (double)columns[k][row]).Where(double.IsFinite)];
            double mean = means[k] = known.Length > 0 ? known.Average() : 0;
            double variance = known.Length > 1 ? known.Sum(value => (value - mean) * (value - mean)) / (known.Length - 1) : 0;
            double deviation = deviations[k] = variance > 0 ? Math.Sqrt(variance) : 1;
            standardised[k] = [.. rows.Select(row => float.IsNaN(columns[k][row]) ? 0 : (columns[k][row] - mean) / deviation)];
        });
        double share = (double)width / (rows.Length + width);
        double[] correlations = new double[width * width];
        EventBlocks.ForEachIndex(width, k =>
        {
            for (int other = 0; other < k; other++)
            {
                double sum = 0;
                for (int i = 0; i < rows.Length; i++)
                {
                    sum += standardised[k][i] * standardised[other][i];
                }

                double correlation = (1 - share) * sum / Math.Max(1, rows.Length - 1);
                correlations[(k * width) + other] = correlations[(other * width) + k] = correlation;
            }

            correlations[(k * width) + k] = 1;
        });
        return new Whitening(new WhiteningState(means, deviations, correlations));
    }

    /// <summary>z of a row; 0 where a value is missing.</summary>
    public void Standardise(float[][] columns, int row, Span<double> into)
    {
        for (int k = 0; k < into.Length; k++)
        {
            float value = columns[k][row];
            into[k] = float.IsNaN(value) ? 0 : (value - _means[k]) / _deviations[k];
        }
    }

    /// <summary>w of a row.</summary>
    public void Whiten(float[][] columns, int row, Span<float> into)
    {
        double[] z = new double[Width];
        Standardise(columns, row, z);
        for (int i = 0; i < z.Length; i++)
        {
            double sum = z[i];
            for (int k = 0; k < i; k++)
            {
                sum -= _factor[(i * Width) + k] * z[k];
            }

            z[i] = sum / _factor[(i * Width) + i];
            into[i] = (float)z[i];
        }
    }

    /// <summary>
    /// What remains of each feature without the prediction by the others, in its standard deviations: (P z)ⱼ/√Pⱼⱼ with P the inverse of the
    /// correlations.
    /// </summary>
    /// <param name="z">Standardised features, replaced by P z/√P.</param>
    /// <param name="precisions">Pⱼⱼ.</param>
    public void ToResiduals(Span<double> z, ReadOnlySpan<double> precisions)
    {
        CholeskyFactor.Solve(_factor, Width, z);
        for (int j = 0; j < z.Length; j++)
        {
            z[j] /= Math.Sqrt(precisions[j]);
        }
    }

    /// <summary>The diagonal of the inverse of the correlations.</summary>
    public double[] Precisions()
    {
        double[] precisions = new double[Width];
        EventBlocks.ForEachIndex(Width, j =>
        {
            double[] unit = new double[Width];
            unit[j] = 1;
            CholeskyFactor.Solve(_factor, Width, unit);
            precisions[j] = unit[j];
        });
        return precisions;
    }
}
