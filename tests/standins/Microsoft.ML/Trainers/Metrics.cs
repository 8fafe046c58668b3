namespace Microsoft.ML.Data;

public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(Scored[] rows)
    {
        double truePositives = rows.Count(row => row.IsPositive && row.Predicted);
        double trueNegatives = rows.Count(row => !row.IsPositive && !row.Predicted);
        double positives = rows.Count(row => row.IsPositive);
        double negatives = rows.Length - positives;
        double predicted = rows.Count(row => row.Predicted);
        Accuracy = (truePositives + trueNegatives) / rows.Length;
        PositivePrecision = Share(truePositives, predicted);
        PositiveRecall = Share(truePositives, positives);
        NegativePrecision = Share(trueNegatives, rows.Length - predicted);
        NegativeRecall = Share(trueNegatives, negatives);
        F1Score = Share(2 * PositivePrecision * PositiveRecall, PositivePrecision + PositiveRecall);
        AreaUnderRocCurve = RankArea(rows, positives, negatives);
    }

    public double AreaUnderRocCurve { get; }

    public double Accuracy { get; }

    public double PositivePrecision { get; }

    public double PositiveRecall { get; }

    public double NegativePrecision { get; }

    public double NegativeRecall { get; }

    public double F1Score { get; }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    /// <summary>The Mann–Whitney area; tied scores count a half.</summary>
    private static double RankArea(Scored[] rows, double positives, double negatives)
    {
        double below = 0;
        double area = 0;
        foreach (IGrouping<float, Scored> tie in rows.GroupBy(row => row.Score).OrderBy(group => group.Key))
        {
            double tiedNegatives = tie.Count(row => !row.IsPositive);
            area += (tie.Count() - tiedNegatives) * (below + (tiedNegatives / 2));
            below += tiedNegatives;
        }

        return Share(area, positives * negatives);
    }
}

public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(Scored[] rows)
        : base(rows)
    {
        LogLoss = -rows.Average(row => Math.Log2(row.IsPositive ? row.Probability : 1 - row.Probability));
        double prior = rows.Average(row => row.IsPositive ? 1.0 : 0.0);
        Entropy = -((prior * Math.Log2(prior)) + ((1 - prior) * Math.Log2(1 - prior)));
        LogLossReduction = (Entropy - LogLoss) / Entropy;
    }

    public double LogLoss { get; }

    public double LogLossReduction { get; }

    public double Entropy { get; }
}
