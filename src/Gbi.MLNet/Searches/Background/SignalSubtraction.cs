using Gbi.Events;
using Gbi.Likelihoods.Model;
using Gbi.Searches.Family.Scans;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Background;

/// <summary>
/// What a template owes to the signal in its sidebands: it is made once more from sidebands with the simulated signal subtracted. So all
/// that happens to a signal there counts: its events' weights, how much they are like those of the region, and what a generator learnt from
/// them.
/// </summary>
/// <param name="Template">The template.</param>
/// <param name="OfTemplate">ln r of its events, r the ratio of the features alone.</param>
/// <param name="Signal">The signal that is subtracted.</param>
/// <param name="OfBeside">ln r of its events in the sidebands.</param>
/// <param name="Scored">Signal events of the region with their ln r.</param>
internal sealed record SignalSubtraction(
    BackgroundTemplate Template, float[] OfTemplate, SimulatedSignal Signal, float[] OfBeside, (EventTable Events, float[] LogRatio) Scored)
{
    // Of a smaller signal the change would be lost in the chances of one training and the next.
    private const double LeastErrors = 5;

    /// <summary>
    /// κ = T/S (m − m′)/(m_S − m′), with the mean scores m of the template, m′ of that without the signal, m_S of the signal; the score is
    /// (r − 1)/(β + μ (r − 1)), β = T/N. A template t = (1 − c) p_B + c p_S has c = κ S/T.
    /// </summary>
    /// <param name="found">The fitted fraction. At 0 and below the score has no bound: μ is at least one error.</param>
    /// <param name="error">Its error; S is μ N and at least that of five errors.</param>
    /// <param name="observed">N, the events in the signal region.</param>
    /// <exception cref="FitException">Signal and background cannot be told apart.</exception>
    public double Effect(double found, double error, double observed)
    {
        double fraction = Math.Max(found, error);
        double signal = Math.Max(found, LeastErrors * error) * observed;

        // As many simulated events as the template has are enough.
        int[] rows = FamilyScan.Evenly(Signal.Beside.Count, Template.Events.Count);
        EventTable less = Signal.Beside.Select(rows);
        double perEvent = -signal / Signal.InRegion.SumOfWeights * Signal.Beside.SumOfWeights / less.SumOfWeights;
        less = less.WithWeights(Enumerable.Range(0, rows.Length).Select(row => perEvent * less.Weight(row)).ToArray());
        EventTable without = Template.With!(less).Events;

        double expected = Template.Expected.Value;
        double background = expected / observed;
        float[] ofWithout = without.Count == OfTemplate.Length ? OfTemplate : [.. OfTemplate, .. rows.Select(row => OfBeside[row])];
        double clean = MeanScore(without, ofWithout);
        double raised = MeanScore(Scored.Events, Scored.LogRatio) - clean;
        return raised > 0 ? expected / signal * (MeanScore(Template.Events, OfTemplate) - clean) / raised : throw new FitException(Text(
            $"The signal simulation raises the mean score by {raised:G3}, expected more than 0; signal and background cannot be told "
                + $"apart by these features."));

        double MeanScore(EventTable events, float[] logRatio)
        {
            double sum = 0;
            for (int row = 0; row < logRatio.Length; row++)
            {
                double excess = Math.Exp(logRatio[row]) - 1;
                sum += events.Weight(row) * excess / (background + (fraction * excess));
            }

            return sum / events.SumOfWeights;
        }
    }
}
