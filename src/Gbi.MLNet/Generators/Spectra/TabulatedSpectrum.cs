using Gbi.Numerics;

namespace Gbi.Generators.Spectra;

/// <summary>A positive density between two limits, tabulated so that numbers can be drawn from it.</summary>
internal sealed class TabulatedSpectrum
{
    private const int CellCount = 4096;

    private readonly double _low;
    private readonly double _width;
    private readonly double[] _cumulative = new double[CellCount + 1];

    /// <summary>Tabulates a density, which need not be normalised, in 4096 cells by the midpoint rule.</summary>
    public TabulatedSpectrum(Func<double, double> density, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(density);
        _low = low;
        _width = (high - low) / CellCount;
        for (int cell = 0; cell < CellCount; cell++)
        {
            _cumulative[cell + 1] = _cumulative[cell] + Math.Max(0, density(low + ((cell + 0.5) * _width)));
        }
    }

    /// <summary>The value below which a share <paramref name="probability"/> of the density lies.</summary>
    public double Quantile(double probability)
    {
        double target = probability * _cumulative[CellCount];
        int cell = Array.BinarySearch(_cumulative, target);
        cell = Math.Clamp(cell >= 0 ? cell : ~cell - 1, 0, CellCount - 1);
        double inside = (target - _cumulative[cell]) / (_cumulative[cell + 1] - _cumulative[cell]);
        return _low + ((cell + inside) * _width);
    }

    /// <summary>Draws with the numbers that belong to 0 … <paramref name="count"/>−1 under a seed.</summary>
    public float[] Draw(int count, Seed seed)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)Quantile(seed.Uniform(i));
        }

        return values;
    }
}
