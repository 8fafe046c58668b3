using Gbi.Events;
using Gbi.Ratios;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Estimators;

/// <summary>The mean ratio over denominator events that the classifier was not trained with.</summary>
/// <param name="Ratio">The mean with its statistical error.</param>
/// <param name="Events">Number of events.</param>
internal sealed record HeldOutMean(Estimate Ratio, int Events)
{
    /// <summary>Fewest events that can say anything of a mean.</summary>
    private const int FewestEvents = 20;

    /// <summary>Largest share of the mean that events with a clipped ratio may have.</summary>
    private const double MaxClippedShare = 0.1;

    /// <summary>Largest relative error of the mean.</summary>
    private const double MaxRelativeError = 0.5;

    /// <summary>How far from 1 a mean is unremarkable, besides three standard errors.</summary>
    private const double Unremarkable = 0.1;

    /// <summary>Largest |ln r| of a probability that is taken for one.</summary>
    private const double MaxAbsLogRatio = 20;

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
        (List<double> ratios, List<double> weights, double clipped) =
            Read(scored, options, new(logPriorOdds, 0, MaxAbsLogRatio));
        if (ratios.Count < FewestEvents)
        {
            throw new DataException(
                $"{ratios.Count} denominator events were held out to normalise the ratio, expected {FewestEvents} or more; "
                    + "give more events or a larger HeldOutFraction.");
        }

        var mean = Estimate.OfMean([.. ratios], new EventTable([], ratios.Count, weights.ToArray()));
        if (!(mean.Value > 0 && double.IsFinite(mean.Value)))
        {
            throw new DataException(Text(
                $"The mean ratio over {ratios.Count:N0} held-out denominator events is {mean.Value:G4}, expected a number above 0; the "
                    + $"classifier's column '{options.ProbabilityColumn}' holds no probabilities."));
        }

        double share = clipped / ratios.Zip(weights, (ratio, weight) => ratio * weight).Sum();
        if (share > MaxClippedShare || mean.Error > MaxRelativeError * mean.Value)
        {
            throw new DataException(Text(
                $"The mean ratio over {ratios.Count:N0} held-out denominator events is {mean.Value:G4} ± {mean.Error:G2}, and "
                    + $"{100 * share:F0} % of it comes from probabilities so near 1 that the ratio is clipped: it cannot be normalised. "
                    + $"Take a smoother classifier or calibrator (Platt in place of isotonic), Gbi.Calibrate, or more events."));
        }

        return new HeldOutMean(mean, ratios.Count);
    }

    private static (List<double> Ratios, List<double> Weights, double Clipped) Read(
        IDataView scored, LikelihoodRatioOptions options, ProbabilityToRatio model)
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
        var (ratios, weights, clipped) = (new List<double>(), new List<double>(), 0.0);
        bool isNumerator = false;
        float p = 0;
        float w = 1;
        while (cursor.MoveNext())
        {
            label(ref isNumerator);
            if (isNumerator)
            {
                continue;
            }

            probability(ref p);
            weight?.Invoke(ref w);
            double logRatio = model.LogRatio(p);
            ratios.Add(Math.Exp(LikelihoodRatio.Clip(logRatio, model.MaxAbsLogRatio)));
            weights.Add(w);
            clipped += logRatio > model.MaxAbsLogRatio ? w * ratios[^1] : 0;
        }

        return (ratios, weights, clipped);
    }
}
