using Gbi.Events;
using Gbi.Searches.Background;

namespace Gbi.Searches.Anomaly;

/// <summary>
/// Each classifier is cut at its own quantile of the template's half that it did not see, and an event counts one half for each of the two
/// classifiers of its fold. A share is the mean over the classifiers with the data's weights.
/// </summary>
/// <remarks>
/// The variance of a count is that of a Poisson number, as if both classifiers counted the same events: halves of different events
/// fluctuate less, and classifiers that learnt from each other's events together fluctuate more; measured over data without signal, the
/// two make up for each other.
/// </remarks>
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
            (double above, double squares) = classifier.Data.Above(cut);
            data += new WeightSums(above / 2, squares / 2);
            threshold += part * cut;
            double kept = classifier.Template.Weights[..count].ToArray().Sum() / classifier.SumOfTemplate;
            share += part * kept;
            for (int i = 0; i < classifier.Rows.Length; i++)
            {
                influence[classifier.Rows[i]] +=
                    part * classifier.Template.Weight(i) * ((i < count ? 1 : 0) - kept) / classifier.SumOfTemplate;
            }

            for (int member = 0; member < deviations.Length; member++)
            {
                deviations[member] += part * (ShareOf(classifier, count, _members[member]) - kept);
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
