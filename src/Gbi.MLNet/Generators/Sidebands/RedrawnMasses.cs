using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;

namespace Gbi.Generators.Sidebands;

/// <summary>
/// Masses for events as the background has them, p(m|x) ∝ p(m) r(x,m) with the spectrum p(m) and the ratio r(x,m) of a sideband generator,
/// its log ratio averaged over folds and members. Without a tree every event has masses of the spectrum.
/// </summary>
internal sealed class RedrawnMasses
{
    /// <summary>Cells of equal probability of the spectrum, in each of which r is constant.</summary>
    private const int CellCount = 64;

    private readonly TabulatedSpectrum _spectrum;
    private readonly float[]? _coefficients;
    private readonly float[] _parameters;
    private readonly double[] _logMeans;

    private RedrawnMasses(TabulatedSpectrum spectrum, float[]? coefficients, float[] parameters, double[] logMeans) =>
        (_spectrum, _coefficients, _parameters, _logMeans) = (spectrum, coefficients, parameters, logMeans);

    /// <summary>Masses of the events of a table.</summary>
    /// <param name="generator">Spectrum and ratio.</param>
    /// <param name="events">Events with the generator's features.</param>
    public static RedrawnMasses Of(SidebandGenerator generator, EventTable events)
    {
        MassSpectrum spectrum = generator.Spectrum;
        var tabulated = new TabulatedSpectrum(spectrum.Density, spectrum.Low, spectrum.High);
        double[] centres = [.. Enumerable.Range(0, CellCount).Select(cell => tabulated.Quantile((cell + 0.5) / CellCount))];
        (float[] parameters, double[] logMeans) = generator.MeanNormalisation(centres);
        return new RedrawnMasses(
            tabulated, generator.TreeCount == 0 ? null : generator.MeanCoefficients(events), parameters, logMeans);
    }

    /// <summary>A mass for each of some rows of the table, by the numbers that belong to them under a seed.</summary>
    public float[] Draw(int[] rows, Seed seed)
    {
        float[] masses = new float[rows.Length];
        EventBlocks.ForEach(rows.Length, (start, length) =>
        {
            Span<double> cumulative = stackalloc double[CellCount];
            for (int i = start; i < start + length; i++)
            {
                int row = rows[i];
                double probability = seed.Uniform(row);
                masses[i] = (float)_spectrum.Quantile(_coefficients is null ? probability : Inside(row, probability, cumulative));
            }
        });
        return masses;
    }

    /// <summary>The spectrum's probability below the mass at which the event's own is <paramref name="probability"/>.</summary>
    private double Inside(int row, double probability, Span<double> cumulative)
    {
        ReadOnlySpan<float> delta = _coefficients.AsSpan(
            JointOverMarginalRatio.CoefficientCount * row, JointOverMarginalRatio.CoefficientCount);
        double sum = 0;
        for (int cell = 0; cell < CellCount; cell++)
        {
            double t = _parameters[cell];
            sum += Math.Exp(delta[0] + (t * (delta[1] + (t * delta[2]))) - _logMeans[cell]);
            cumulative[cell] = sum;
        }

        double target = probability * sum;
        int at = cumulative.BinarySearch(target);
        at = Math.Min(at >= 0 ? at : ~at, CellCount - 1);
        double below = at == 0 ? 0 : cumulative[at - 1];
        return (at + ((target - below) / (cumulative[at] - below))) / CellCount;
    }
}
