using Gbi.Calibration;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Models;

/// <content>Calibration and normalisation on events that the networks were not trained on.</content>
public sealed partial class OnnxRatio
{
    // An area below 0.5 by as much as this, and by three standard errors, is no fluctuation.
    private const double FarBelowHalf = 0.01;

    /// <summary>
    /// The same networks calibrated and normalised on events that they were not trained on: mean r over the denominator is 1. Both
    /// share their sessions and are closed together.
    /// </summary>
    /// <param name="numerator">Events of p₁; weights of any sign.</param>
    /// <param name="denominator">Events of p₀.</param>
    /// <param name="options">Method and sizes; null for the normalisation alone.</param>
    /// <exception cref="DataException">The events do not determine the calibration, or the mean ratio is not above 0.</exception>
    public OnnxRatio Calibrated(EventTable numerator, EventTable denominator, CalibrationOptions? options) =>
        Calibrated(numerator, denominator, options, CancellationToken.None);

    /// <summary>The same, stopped between blocks of scored events.</summary>
    internal OnnxRatio Calibrated(
        EventTable numerator, EventTable denominator, CalibrationOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        var plain = new OnnxRatio(_network, _options);
        if (options is null)
        {
            plain.RequireRatio();
        }

        float[] above = plain.Outputs(numerator, 0, cancellation).LogRatio.ToArray();
        float[] below = plain.Outputs(denominator, 0, cancellation).LogRatio.ToArray();
        if (options is not { Method: CalibrationMethod.Histogram })
        {
            RequireOrder(new WeightedScores(above, numerator.Weights), new WeightedScores(below, denominator.Weights));
        }

        IRatioCalibration? calibration = options is null ? null : Calibrate(above, numerator, below, denominator, options);
        double[] ratios = Array.ConvertAll(below, score => Math.Exp(calibration?.LogRatio(score) ?? score));
        (double mean, double error) = Estimate.OfMean(ratios, denominator);
        return new OnnxRatio(_network, _options)
        {
            Calibration = calibration,
            LogNormalisation = mean > 0 && double.IsFinite(mean) ? -Math.Log(mean) : throw new DataException(
                $"The mean ratio over the denominator is {mean:G4}, expected a number above 0 to divide by; check its weights."),
            NormalisationError = error / mean,
        };
    }

    // The order of classes shows in no shape: the ratio of exchanged samples is 1/r.
    private void RequireOrder(WeightedScores above, WeightedScores below)
    {
        Estimate area = RocCurve.AreaWithError(above, below);
        if (0.5 - area.Value > Math.Max(FarBelowHalf, 3 * area.Error))
        {
            throw new DataException(Text(
                $"{_network.Name} gives events of the numerator lower ratios than those of the denominator (area under the ROC curve ")
                + Text($"{area.Value:F3} ± {area.Error:F3}, expected above 0.5): the samples are exchanged, or the output is that of the ")
                + "other class; exchange the samples, or take the other slot.");
        }
    }

    private IRatioCalibration Calibrate(
        ReadOnlySpan<float> above, EventTable numerator, float[] below, EventTable denominator, CalibrationOptions options)
    {
        bool[] isNumerator = new bool[above.Length + below.Length];
        isNumerator.AsSpan(0, above.Length).Fill(true);
        double[] weights =
        [
            .. Enumerable.Range(0, above.Length).Select(numerator.Weight), .. Enumerable.Range(0, below.Length).Select(denominator.Weight)
        ];
        return RatioCalibration.Fit([.. above, .. below], isNumerator, weights, options) ?? throw new DataException(
            $"The {above.Length:N0} events of the numerator and {below.Length:N0} of the denominator do not determine a {options.Method} "
                + $"calibration of {_network.Name}: "
            + $"it needs {RatioCalibration.Requirement(options)}; give more events, or no calibration.");
    }
}
