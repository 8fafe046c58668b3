using Gbi.Events;
using Gbi.Ratios;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Estimators;

/// <summary>The mean ratio over denominator events that the classifier was not trained with.</summary>
/// <param name="Ratio">The mean with its statistical error.</param>
/// <param name="Events">Number of events.</param>
/// <param name="Certain">ln r of events with a probability of 0 and of 1, before normalisation.</param>
internal sealed record HeldOutMean(Estimate Ratio, int Events, (double Zero, double One) Certain)
{
    /// <summary>Fewest events that can say anything of a mean.</summary>
    private const int FewestEvents = 20;

    /// <summary>Largest relative error of the mean.</summary>
    private const double MaxRelativeError = 0.5;

    /// <summary>How far from 1 a mean is unremarkable, besides three standard errors.</summary>
    private const double Unremarkable = 0.1;

    /// <summary>Standard errors within which the mean is left as it is: to divide by it would add its error and mend nothing.</summary>
    private const double Insignificant = 2;

    /// <summary>ln κ: what brings the mean to 1 where it is significantly off.</summary>
    public double LogNormalisation => Math.Abs(Ratio.Value - 1) > Insignificant * Ratio.Error ? -Math.Log(Ratio.Value) : 0;

    /// <summary>Whether the mean has to be spoken of.</summary>
    public bool IsFarFromOne =>
        Math.Abs(Math.Log(Ratio.Value)) > Math.Max(Unremarkable, 3 * Ratio.Error / Ratio.Value);

    /// <summary>What is to be said then.</summary>
    public string Remark => Text(
        $"The classifier's mean ratio over {Events:N0} denominator events that it was not trained with was {Ratio.Value:G4} ± "
            + $"{Ratio.Error:G2} before it was brought to 1. A common cause is class weights within the trainer, a weight column that only "
            + $"the trainer or only LikelihoodRatioOptions.WeightColumn names, or probabilities that are not calibrated: the ratio's shape "
            + $"may be wrong too; check it with ClosureTest.");

    /// <summary>Reads the classifier's probabilities.</summary>
    /// <exception cref="DataException">The events do not determine a mean; the message says why.</exception>
    public static HeldOutMean Of(IDataView scored, LikelihoodRatioOptions options, double logPriorOdds)
    {
        HeldOutEvents numerator = new();
        HeldOutEvents denominator = new();
        Read(scored, options, numerator, denominator);
        int count = denominator.Probabilities.Count;
        if (count < FewestEvents)
        {
            throw new DataException(
                $"{count} denominator events were held out to normalise the ratio, expected {FewestEvents} or more; give more events or a "
                    + "larger HeldOutFraction.");
        }

        var model = new ProbabilityToRatio(logPriorOdds, 0, options.MaxAbsLogRatio)
        {
            Certain = CertainRatios.Of(numerator, denominator, logPriorOdds),
        };
        double[] ratios =
        [
            .. denominator.Probabilities.Select(p => Math.Exp(LikelihoodRatio.Clip(model.LogRatio(p), model.MaxAbsLogRatio))),
        ];
        var mean = Estimate.OfMean(ratios, new EventTable([], count, denominator.Weights.ToArray()));

        // No event with a probability of 1 may be one that was not drawn: it would have added this.
        double unseen = numerator.CountOf(1) > 0 && denominator.CountOf(1) == 0 ? Math.Exp(model.Certain.One) / count : 0;
        mean = mean with { Error = double.Hypot(mean.Error, unseen) };
        if (!(mean.Value > 0 && double.IsFinite(mean.Value)))
        {
            throw new DataException(Text(
                $"The mean ratio over {count:N0} held-out denominator events is {mean.Value:G4}, expected a number above 0; the "
                    + $"classifier's column '{options.ProbabilityColumn}' holds no probabilities."));
        }

        if (mean.Error > MaxRelativeError * mean.Value)
        {
            throw new DataException(Text(
                $"The mean ratio over {count:N0} held-out denominator events is {mean.Value:G4} ± {mean.Error:G2}: it cannot be "
                    + $"normalised, as a few events with probabilities near 1 decide. Take a smoother classifier or calibrator (Platt in "
                    + $"place of isotonic), Gbi.Calibrate, or more events."));
        }

        return new HeldOutMean(mean, count, model.Certain);
    }

    private static void Read(IDataView scored, LikelihoodRatioOptions options, HeldOutEvents numerator, HeldOutEvents denominator)
    {
        List<DataViewSchema.Column> columns = [scored.Schema[options.LabelColumn], scored.Schema[options.ProbabilityColumn]];
        if (options.WeightColumn is { } name)
        {
            columns.Add(scored.Schema[name]);
        }

        using DataViewRowCursor cursor = scored.GetRowCursor(columns);
        ValueGetter<bool> label = cursor.GetGetter<bool>(columns[0]);
        ValueGetter<float> probability = cursor.GetGetter<float>(columns[1]);
        ValueGetter<float>? weight = options.WeightColumn is null ? null : cursor.GetGetter<float>(columns[2]);
        bool isNumerator = false;
        float p = 0;
        float w = 1;
        while (cursor.MoveNext())
        {
            label(ref isNumerator);
            probability(ref p);
            weight?.Invoke(ref w);
            (isNumerator ? numerator : denominator).Add(p, w);
        }
    }
}

/// <summary>Probabilities and weights of the held-out events of one sample.</summary>
internal sealed class HeldOutEvents
{
    public List<float> Probabilities { get; } = [];

    public List<double> Weights { get; } = [];

    public void Add(float probability, double weight)
    {
        Probabilities.Add(probability);
        Weights.Add(weight);
    }

    public int CountOf(float probability) => Probabilities.Count(p => p == probability);

    /// <summary>Share of the weight with this probability; at the least that of one event.</summary>
    public double ShareOf(float probability)
    {
        double sum = Weights.Sum();
        double found = Probabilities.Zip(Weights, (p, weight) => p == probability ? weight : 0).Sum();
        return Math.Max(found, sum / Weights.Count) / sum;
    }
}

/// <summary>
/// What a probability of exactly 0 or 1 is worth. It claims an infinite log ratio, on the strength of a few training events (an isotonic or
/// naive calibrator's last cell) or because Single ends there; the events held out say how much of it they support.
/// </summary>
internal static class CertainRatios
{
    /// <summary>
    /// ln r of a probability of 0 and of 1: the ratio of both samples' shares of events with it. Where the sample that should have none has
    /// none, one event is counted in its place, and ln r is at the least the largest of the other events.
    /// </summary>
    public static (double Zero, double One) Of(HeldOutEvents numerator, HeldOutEvents denominator, double logPriorOdds)
    {
        float[] others = [.. numerator.Probabilities.Concat(denominator.Probabilities).Where(p => p is > 0 and < 1)];
        if (numerator.Weights.Count == 0 || others.Length == 0)
        {
            return (double.NegativeInfinity, double.PositiveInfinity);
        }

        double zero = -Found(denominator, numerator, 0, -LikelihoodRatio.LogRatio(others.Min(), logPriorOdds));
        double one = Found(numerator, denominator, 1, LikelihoodRatio.LogRatio(others.Max(), logPriorOdds));
        return (zero, one);
    }

    private static double Found(HeldOutEvents many, HeldOutEvents few, float probability, double largest)
    {
        double counted = Math.Log(many.ShareOf(probability) / few.ShareOf(probability));
        return few.CountOf(probability) > 0 ? counted : many.CountOf(probability) > 0 ? Math.Max(counted, largest) : largest;
    }
}
