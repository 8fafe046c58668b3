using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Generators.Spectra;

/// <summary>Masses of the sidebands with the two intervals that they fill.</summary>
internal sealed record SidebandSample(double[] Masses, double[]? Weights, double Low, double High, MassWindow Window)
{
    public static SidebandSample Of(ReadOnlySpan<float> masses, ReadOnlySpan<double> weights, MassWindow window)
    {
        double[] values = new double[masses.Length];
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = masses[i];
            low = Math.Min(low, values[i]);
            high = Math.Max(high, values[i]);
        }

        RequireSideband(low < window.Low, "below", window);
        RequireSideband(high > window.High, "above", window);
        low = double.IsFinite(window.OuterLow) ? window.OuterLow : low;
        high = double.IsFinite(window.OuterHigh) ? window.OuterHigh : high;
        return new SidebandSample(values, weights.IsEmpty ? null : weights.ToArray(), low, high, window);
    }

    public double Weight(int i) => Weights is null ? 1 : Weights[i];

    public double SumOfWeights => Weights?.Sum() ?? Masses.Length;

    public double SumOfSquares => Weights?.Sum(weight => weight * weight) ?? Masses.Length;

    /// <summary>Quadrature nodes over both sidebands.</summary>
    public Quadrature Rule()
    {
        Quadrature lower = Quadrature.OnInterval(Low, Window.Low, 128);
        Quadrature upper = Quadrature.OnInterval(Window.High, High, 128);
        return new Quadrature([.. lower.Nodes, .. upper.Nodes], [.. lower.Weights, .. upper.Weights]);
    }

    /// <summary>
    /// The χ² probability of the sample under a spectrum, in bins of equal width in each sideband; NaN where no degree of freedom is left.
    /// </summary>
    public double GoodnessOf(SpectrumFit spectrum)
    {
        int bins = Math.Clamp(Masses.Length / 200, 10, 50);
        double lowerShare = (Window.Low - Low) / (Window.Low - Low + High - Window.High);
        int lowerBins = Math.Clamp((int)Math.Round(bins * lowerShare), 1, bins - 1);
        double chiSquared = 0;
        int used = Add(Low, Window.Low, lowerBins) + Add(Window.High, High, bins - lowerBins);
        int degrees = used - spectrum.Options.ParameterCount;
        return degrees > 0 ? TailProbability.OfChiSquared(chiSquared, degrees) : double.NaN;

        int Add(double from, double to, int count)
        {
            double[] sums = new double[count];
            double[] squares = new double[count];
            Fill(from, to, sums, squares);
            int counted = 0;
            double width = (to - from) / count;
            for (int bin = 0; bin < count; bin++)
            {
                double expected = spectrum.Integral(from + (bin * width), from + ((bin + 1) * width));
                double variance = Weights is null ? expected : squares[bin];
                if (variance > 0 && expected * expected >= 5 * variance)
                {
                    chiSquared += (sums[bin] - expected) * (sums[bin] - expected) / variance;
                    counted++;
                }
            }

            return counted;
        }
    }

    private void Fill(double from, double to, double[] sums, double[] squares)
    {
        for (int i = 0; i < Masses.Length; i++)
        {
            if (Masses[i] >= from && Masses[i] <= to)
            {
                int bin = Math.Min((int)((Masses[i] - from) / (to - from) * sums.Length), sums.Length - 1);
                sums[bin] += Weight(i);
                squares[bin] += Weight(i) * Weight(i);
            }
        }
    }

    private static void RequireSideband(bool there, string where, MassWindow window)
    {
        if (!there)
        {
            throw new DataException($"There are no events {where} the signal region {window}; a background needs sidebands on both sides.");
        }
    }
}
