using Gbi.Events;
using Gbi.Searches.Background;

namespace Gbi.Searches.Anomaly;

/// <summary>
/// Each classifier is cut at its own quantile of the template's half that it did not see; counts are the sums over the classifiers, and a
/// share is the mean with the data's weights.
/// </summary>
/// <param name="Classifiers">The scores.</param>
/// <param name="Template">The background.</param>
internal sealed class ClassifierCuts(IReadOnlyList<CountedClassifier> Classifiers, BackgroundTemplate Template) : ISearchCuts
{
    private readonly double _sumOfData = Classifiers.Sum(classifier => classifier.Data.SumOfWeights);
    private readonly float[][] _members = Template.MemberLogRatios();

    /// <inheritdoc/>
    public CutShare At(double efficiency)
    {
        WeightSums data = default;
        double threshold = 0;
        double share = 0;
        double[] influence = new double[Template.Events.Count];
        double[] deviations = new double[_members.Length];
        foreach (CountedClassifier classifier in Classifiers)
        {
            double part = classifier.Data.SumOfWeights / _sumOfData;
            int count = classifier.CountAbove(efficiency);
            float cut = classifier.Template.Scores[count - 1];
            data += classifier.Data.Above(cut);
            threshold += part * cut;
            double above = classifier.Template.Weights[..count].ToArray().Sum() / classifier.SumOfTemplate;
            share += part * above;
            for (int i = 0; i < classifier.Rows.Length; i++)
            {
                influence[classifier.Rows[i]] +=
                    part * classifier.Template.Weight(i) * ((i < count ? 1 : 0) - above) / classifier.SumOfTemplate;
            }

            for (int member = 0; member < deviations.Length; member++)
            {
                deviations[member] += part * (ShareOf(classifier, count, _members[member]) - above);
            }
        }

        return new CutShare(threshold, data, share, influence.Sum(of => of * of), CutShare.VarianceOf(deviations));
    }

    private static double ShareOf(CountedClassifier classifier, int count, float[] logRatios)
    {
        double above = 0;
        double sum = 0;
        for (int i = 0; i < classifier.Rows.Length; i++)
        {
            double weight = classifier.Template.Weight(i) * Math.Exp(logRatios[classifier.Rows[i]]);
            above += i < count ? weight : 0;
            sum += weight;
        }

        return above / sum;
    }
}
