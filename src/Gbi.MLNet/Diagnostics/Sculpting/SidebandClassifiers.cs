using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Diagnostics.Sculpting;

/// <summary>Classifiers between parts of the sidebands; every event is scored by a model that did not see it.</summary>
internal sealed class SidebandClassifiers(SidebandData sideband, RatioOptions options, CancellationToken cancellation)
{
    /// <summary>A cut on the score of a classifier between some rows and the others.</summary>
    public CutSculpting Cut(
        int[] rows, double regionBackground, double efficiency, Seed seed, IProgress<double>? progress)
    {
        float[] scores = Scores(rows, seed, progress, out _);
        return CutSculpting.Of(sideband.Masses, sideband.Events.Weights, scores, sideband.Window, regionBackground, efficiency);
    }

    /// <summary>The area under the ROC curve of a classifier between some rows and the others.</summary>
    /// <remarks>
    /// The folds' areas are not independent where nothing is to be learnt (<see cref="ReweightingTest.Error"/>), so that the error is that
    /// of one fold and not of all.
    /// </remarks>
    public Estimate Separation(int[] rows, Seed seed, IProgress<double>? progress)
    {
        float[] scores = Scores(rows, seed, progress, out bool[] isFirst);
        int[] first = RowsOf(isFirst, true);
        int[] second = RowsOf(isFirst, false);
        Estimate area = RocCurve.AreaWithError(new(At(scores, first), WeightsAt(first)), new(At(scores, second), WeightsAt(second)));
        return area with { Error = area.Error * Math.Sqrt(options.FoldCount) };
    }

    private float[] Scores(int[] rows, Seed seed, IProgress<double>? progress, out bool[] isFirst)
    {
        isFirst = new bool[sideband.Events.Count];
        foreach (int row in rows)
        {
            isFirst[row] = true;
        }

        return RatioTrainer.CrossFit(
            sideband.Events, isFirst, sideband.Features, options, seed, progress, cancellation).OutOfFold.LogRatio.ToArray();
    }

    private double[] WeightsAt(int[] rows) => [.. rows.Select(sideband.Events.Weight)];

    private static float[] At(float[] scores, int[] rows) => [.. rows.Select(row => scores[row])];

    private static int[] RowsOf(bool[] flags, bool wanted) => [.. Enumerable.Range(0, flags.Length).Where(row => flags[row] == wanted)];
}
