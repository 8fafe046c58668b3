using Gbi.Events;
using Gbi.Ratios.Parametric;

namespace Gbi.Ratios.Families;

/// <summary>Signal events of the segment around a centre, by which its ratio is calibrated; scored by models that did not see
/// them.</summary>
internal sealed class SegmentSamples
{
    private readonly CrossFittedFamily _family;
    private readonly ParameterPolynomial _polynomial;

    // In half-widths, far above what the coordinates are rounded by.
    private const double Rounding = 1e-6;

    /// <summary>The events of a segment.</summary>
    /// <param name="family">The family with its signal events.</param>
    /// <param name="models">Its models around the centre.</param>
    /// <param name="centre">The centre, in θ.</param>
    public SegmentSamples(CrossFittedFamily family, CentredFamily models, double[] centre)
    {
        _family = family;
        _polynomial = new ParameterPolynomial(family.Model.Parameters, family.Model.Monomials);
        List<int> rows = [];
        List<double[]> local = [];
        double[][] theta = family.SignalTheta;
        (double Low, double High)[] range = [.. centre.Select((_, p) => (
            family.Model.Coordinates.At(p, -1 - Rounding, centre), family.Model.Coordinates.At(p, 1 + Rounding, centre)))];
        for (int row = 0; row < theta.Length; row++)
        {
            // Most events are far away, and their logarithms need not be taken.
            if (IsWithin(theta[row], range) && family.Model.Coordinates.Local(theta[row], centre) is var coordinate
                && Array.TrueForAll(coordinate, value => Math.Abs(value) <= 1))
            {
                rows.Add(row);
                local.Add(coordinate);
            }
        }

        Signal = family.Signal.Select([.. rows]);
        Local = [.. local];
        Coefficients = models.Coefficients(Signal, [.. rows.Select(row => family.SignalFoldOf[row])]);
    }

    /// <summary>The signal events.</summary>
    public EventTable Signal { get; }

    /// <summary>Δ₀ and Δ_A of the signal events around the centre.</summary>
    public float[] Coefficients { get; }

    /// <summary>t of each signal event.</summary>
    public double[][] Local { get; }

    /// <summary>Whether there are enough signal events to calibrate with.</summary>
    public bool IsEnough => Signal.Count >= SegmentCalibration.FewestSignal;

    /// <summary>The map of the log ratio; null where there are too few signal events for one.</summary>
    /// <param name="background">Coefficients of background events.</param>
    /// <param name="reference">The background events.</param>
    public SegmentCalibration? Calibrate(float[] background, EventTable reference)
    {
        if (!IsEnough)
        {
            return null;
        }

        // A background event stands at the coordinates of some signal event, for the density of points to be the same in both samples.
        return SegmentCalibration.Fit(
            LogRatios(Coefficients, row => row),
            [.. Enumerable.Range(0, Signal.Count).Select(Signal.Weight)],
            LogRatios(background, row => row % Signal.Count),
            [.. Enumerable.Range(0, reference.Count).Select(row => reference.Weight(row) * Signal.Weight(row % Signal.Count))]);
    }

    private static bool IsWithin(double[] theta, (double Low, double High)[] range)
    {
        for (int p = 0; p < theta.Length; p++)
        {
            if (theta[p] < range[p].Low || theta[p] > range[p].High)
            {
                return false;
            }
        }

        return true;
    }

    private float[] LogRatios(float[] coefficients, Func<int, int> partnerOf)
    {
        int width = _family.Model.Monomials.Count + 1;
        double[][] phi = [.. Local.Select(coordinate => _polynomial.At(coordinate))];
        float[] logRatios = new float[coefficients.Length / width];
        for (int row = 0; row < logRatios.Length; row++)
        {
            logRatios[row] = (float)(coefficients[row * width]
                + ParametricRatio.Sum(phi[partnerOf(row)], coefficients.AsSpan((row * width) + 1, width - 1)));
        }

        return logRatios;
    }
}
