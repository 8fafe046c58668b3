using Gbi.Diagnostics.Power;
using Gbi.Events;

namespace Gbi.Searches.Anomaly;

/// <summary>A classifier's scores of events that it did not learn from, highest first.</summary>
/// <param name="Data">Of its share of the data.</param>
/// <param name="Template">Of the template's half that it did not see.</param>
/// <param name="Rows">Their numbers in the template, in the same order.</param>
/// <param name="SumOfTemplate">Σ w of them.</param>
/// <param name="Area">Area under the ROC curve of both.</param>
internal sealed record CountedClassifier(WeightedScores Data, WeightedScores Template, int[] Rows, double SumOfTemplate, double Area)
{
    /// <summary>Orders the scores.</summary>
    /// <param name="data">Of the data.</param>
    /// <param name="template">Of the template.</param>
    /// <param name="rows">Number of each event in the template.</param>
    public static CountedClassifier Of(WeightedScores data, WeightedScores template, int[] rows)
    {
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        float[] keys = [.. template.Scores];
        Array.Sort(keys, order);
        Array.Reverse(order);
        Array.Reverse(keys);
        double area = data.Count > 0 && template.SumOfWeights > 0 && data.SumOfWeights > 0 ? RocCurve.Area(data, template) : double.NaN;
        return new CountedClassifier(
            data, new WeightedScores(keys, Array.ConvertAll(order, at => template.Weight(at))), Array.ConvertAll(order, at => rows[at]),
            template.SumOfWeights, area);
    }

    /// <summary>
    /// The number of template events at or above the lowest score at which they are at most a share of the weight, one group of equal
    /// scores at least.
    /// </summary>
    public int CountAbove(double share)
    {
        double above = 0;
        int count = 0;
        while (count < Rows.Length)
        {
            int end = count;
            double group = 0;
            while (end < Rows.Length && Template.Scores[end] == Template.Scores[count])
            {
                group += Template.Weight(end++);
            }

            if (count > 0 && above + group > share * SumOfTemplate)
            {
                break;
            }

            (above, count) = (above + group, end);
        }

        return count;
    }
}
