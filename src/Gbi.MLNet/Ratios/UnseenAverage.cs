using Gbi.Numerics;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Ratios;

/// <summary>
/// ln of the mean ratio over all models that did not see an event: those of its own fold, and of the other folds those members whose
/// bootstrap sample left it out.
/// </summary>
/// <remarks>
/// The average over all folds has less noise than the models of one fold. A calibration that is learnt from scores of single folds would
/// take the average for as noisy as those and shrink it too much: for a log ratio of variance v within a sample and a score with noise of
/// variance w, the slope is v/(v+w).
/// </remarks>
internal static class UnseenAverage
{
    /// <summary>One number per event.</summary>
    /// <param name="data">The training events.</param>
    /// <param name="foldOf">The fold whose models did not see the event.</param>
    /// <param name="folds">The models, [folds][members].</param>
    /// <param name="leftOut">True for events that a member saw in no fold's training, one array a member; empty for none.</param>
    /// <param name="ofFold">The same by the models of the event's own fold.</param>
    public static float[] Of(BinnedEvents data, int[] foldOf, TreeEnsemble[][] folds, bool[][] leftOut, float[] ofFold)
    {
        if (leftOut.Length == 0)
        {
            return ofFold;
        }

        double[] sum = Array.ConvertAll(ofFold, logRatio => folds[0].Length * Math.Exp(logRatio));
        int[] count = new int[ofFold.Length];
        Array.Fill(count, folds[0].Length);
        for (int fold = 0; fold < folds.Length; fold++)
        {
            for (int member = 0; member < leftOut.Length; member++)
            {
                int[] rows = [.. Enumerable.Range(0, ofFold.Length).Where(row => leftOut[member][row] && foldOf[row] != fold)];
                float[] logRatios = folds[fold][member].Predict(data, rows);
                EventBlocks.ForEach(rows.Length, (start, length) =>
                {
                    for (int i = start; i < start + length; i++)
                    {
                        sum[rows[i]] += Math.Exp(logRatios[i]);
                        count[rows[i]]++;
                    }
                });
            }
        }

        return [.. sum.Select((total, row) => (float)Math.Log(total / count[row]))];
    }
}
