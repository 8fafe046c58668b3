using Gbi.Events;
using Gbi.Trees;

namespace Gbi.Ratios;

/// <summary>Signal events of the stretch around a centre, by which its ratio is calibrated; scored by models that did not see them.</summary>
internal sealed class StretchSamples
{
    private readonly CrossFittedFamily _family;
    private readonly ParameterPolynomial _polynomial;
    private readonly EventTable _signal;
    private readonly float[] _coefficients;
    private readonly double[][] _places;

    /// <summary>The events of a stretch.</summary>
    public StretchSamples(CrossFittedFamily family, double[] centre)
    {
        _family = family;
        _polynomial = new ParameterPolynomial(family.Model.Parameters, family.Model.Monomials);
        ReadOnlyMemory<float>[] columns = [.. family.Model.Parameters.Select(family.Signal.Memory)];
        List<int> rows = [];
        List<double[]> places = [];
        for (int row = 0; row < family.Signal.Count; row++)
        {
            double[] theta = family.Model.Coordinates.Ordered([.. columns.Select(column => (double)column.Span[row])]);
            double[] place = family.Model.Coordinates.Local(theta, centre);
            if (Array.TrueForAll(place, value => Math.Abs(value) <= 1))
            {
                rows.Add(row);
                places.Add(place);
            }
        }

        _signal = family.Signal.Select([.. rows]);
        _places = [.. places];
        _coefficients = family.Model.Coefficients(_signal, centre, [.. rows.Select(row => family.SignalFoldOf[row])]);
    }

    /// <summary>The map of the log ratio; null where there are too few signal events for one.</summary>
    /// <param name="background">Coefficients of the background.</param>
    public StretchCalibration? Calibrate(float[] background)
    {
        if (_signal.Count < StretchCalibration.FewestSignal)
        {
            return null;
        }

        // A background event stands at the place of some signal event, for the density of points to be the same in both samples.
        EventTable reference = _family.Background;
        return StretchCalibration.Fit(
            LogRatios(_coefficients, row => row),
            [.. Enumerable.Range(0, _signal.Count).Select(_signal.Weight)],
            LogRatios(background, row => row % _signal.Count),
            [.. Enumerable.Range(0, reference.Count).Select(row => reference.Weight(row) * _signal.Weight(row % _signal.Count))]);
    }

    private float[] LogRatios(float[] coefficients, Func<int, int> partnerOf)
    {
        int width = _family.Model.Monomials.Count + 1;
        double[][] phi = [.. _places.Select(place => _polynomial.At(place))];
        float[] logRatios = new float[coefficients.Length / width];
        for (int row = 0; row < logRatios.Length; row++)
        {
            logRatios[row] = (float)(coefficients[row * width]
                + ParametricRatio.Sum(phi[partnerOf(row)], coefficients.AsSpan((row * width) + 1, width - 1)));
        }

        return logRatios;
    }
}
