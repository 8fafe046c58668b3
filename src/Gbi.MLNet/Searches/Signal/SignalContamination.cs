using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Likelihoods.Model;
using Gbi.Searches.Background;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Signal;

/// <summary>Signal contamination of the sidebands: what a background template takes in of it, for each signal event in the signal
/// region.</summary>
/// <param name="Shape">k: weight of signal events among the template's; 0 for a template that is not made of sidebands.</param>
/// <param name="Rate">k_T: events by which the mass spectrum, fitted to the sidebands, expects more background.</param>
public readonly record struct SignalContamination(double Shape, double Rate)
{
    private const double Little = 0.01;

    /// <summary>
    /// κ: the signal events of the region that would change the template's mean score by as much as what it took in. That is less than k,
    /// as events in the sidebands are less like signal than those within, and more, as a generator raises the weights of background like
    /// the signal that it learnt from. k until a likelihood that corrects for it is fitted.
    /// </summary>
    public double Effect { get; init; } = Shape;

    /// <summary>Requires that the template leaves some of a signal to be seen.</summary>
    /// <exception cref="FitException">It does not.</exception>
    internal void RequireSignal()
    {
        if (!(Effect < 1))
        {
            throw new FitException(Text(
                $"The background template contains {Effect:F2} signal events for each one in the signal region, which cancels the "
                    + $"signal; widen the sidebands or the signal region."));
        }
    }

    /// <summary>The simulation's events of the sidebands, passed through all that made the template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="sideband">The data's events of the sidebands.</param>
    /// <param name="simulation">The signal.</param>
    internal static SignalContamination Of(BackgroundTemplate template, SidebandData sideband, SimulatedSignal simulation)
    {
        EventTable inSidebands = simulation.InSidebands;
        MassWindow window = sideband.Window;
        string mass = sideband.Mass;
        double inRegion = simulation.InRegion.SumOfWeights;
        if (template.Spectrum is not { } spectrum || inSidebands.Count == 0)
        {
            return default;
        }

        // The spectrum's answer to a little more signal, in parts of the sidebands' events.
        double scale = Little * sideband.Events.SumOfWeights / inSidebands.SumOfWeights;
        EventTable added = inSidebands.WithColumns([mass]).WithWeights(
            Enumerable.Range(0, inSidebands.Count).Select(row => scale * inSidebands.Weight(row)).ToArray());
        EventTable more = sideband.Events.WithColumns([mass]).Append(added);
        double expected = MassSpectrum.Fit(more[mass], more.Weights, window, spectrum.Options).Expected(window.Low, window.High).Value;
        return new SignalContamination(
            template.WeightsOf(inSidebands).Sum() / inRegion, (expected - template.Expected.Value) / (scale * inRegion));
    }
}

/// <summary>
/// The simulated signal that is subtracted from the sidebands, so that the template of the rest shows the contribution of the signal:
/// its events' weights, how much they are like those of the region, and what a generator learnt from them.
/// </summary>
/// <param name="Events">Simulated events of the sidebands with negative weights.</param>
/// <param name="LogRatio">ln r of each, r the ratio of the features alone.</param>
/// <param name="Fraction">μ of the score: the fitted fraction, at least one error of it, as at 0 and below the score has no bound.</param>
/// <param name="Yield">S, signal events of the region that belong to what is subtracted.</param>
/// <param name="Observed">N, the events in the signal region.</param>
internal sealed record SignalSubtraction(EventTable Events, float[] LogRatio, double Fraction, double Yield, double Observed)
{
    // Of a smaller signal the change would be lost in the chances of one training and the next.
    private const double LeastErrors = 5;

    /// <summary>The signal of a fit.</summary>
    /// <param name="signal">The simulation.</param>
    /// <param name="logRatio">ln r of its events in the sidebands.</param>
    /// <param name="most">Most events: as many as the template has are enough.</param>
    /// <param name="found">The fitted fraction; S is μ N and at least that of five errors.</param>
    /// <param name="observed">N.</param>
    public static SignalSubtraction Of(SimulatedSignal signal, float[] logRatio, int most, Estimate found, double observed)
    {
        double yield = Math.Max(found.Value, LeastErrors * found.Error) * observed;
        int[] rows = EventTable.EvenRows(signal.InSidebands.Count, most);
        EventTable some = signal.InSidebands.Select(rows);
        double perEvent = -yield / signal.InRegion.SumOfWeights * signal.InSidebands.SumOfWeights / some.SumOfWeights;
        return new SignalSubtraction(
            some.WithWeights(Enumerable.Range(0, rows.Length).Select(row => perEvent * some.Weight(row)).ToArray()),
            [.. rows.Select(row => logRatio[row])], Math.Max(found.Value, found.Error), yield, observed);
    }

    /// <summary>
    /// κ = T/S (m − m′)/(m_S − m′), with the mean scores m of the template, m′ of that without the signal, m_S of the signal; the score is
    /// (r − 1)/(β + μ (r − 1)), β = T/N. A template t = (1 − c) p_B + c p_S has c = κ S/T.
    /// </summary>
    /// <param name="expected">T.</param>
    /// <param name="template">The template, scored.</param>
    /// <param name="without">Events of the template without the signal: the same as the template's, followed by those of the subtraction
    /// where they are part of it.</param>
    /// <param name="signal">Signal events of the region, scored.</param>
    /// <exception cref="FitException">Signal and background cannot be separated.</exception>
    public double Effect(double expected, WeightedScores template, EventTable without, WeightedScores signal)
    {
        ReadOnlySpan<float> ofTemplate = template.Scores;
        double clean = MeanScore(
            WeightedScores.Of(without, without.Count == template.Count ? ofTemplate : [.. ofTemplate, .. LogRatio]), expected);
        double raised = MeanScore(signal, expected) - clean;
        return raised > 0 ? expected / Yield * (MeanScore(template, expected) - clean) / raised : throw new FitException(Text(
            $"The signal simulation raises the mean score by {raised:G3}, expected more than 0; signal and background cannot be told "
                + $"apart by these features."));
    }

    private double MeanScore(WeightedScores events, double expected)
    {
        double[] scores = new double[events.Count];
        for (int row = 0; row < scores.Length; row++)
        {
            double excess = Math.Exp(events.Scores[row]) - 1;
            scores[row] = excess / ((expected / Observed) + (Fraction * excess));
        }

        return events.MeanOf(scores).Value;
    }
}
