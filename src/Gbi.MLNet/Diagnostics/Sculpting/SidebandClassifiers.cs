using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Diagnostics.Sculpting;

/// <summary>Classifiers between parts of the sidebands; every event is scored by a model that did not see it.</summary>
internal sealed class SidebandClassifiers(
    EventTable sideband, ReadOnlyMemory<float> masses, IReadOnlyList<string> features, RatioOptions options, CancellationToken cancellation)
{
    /// <summary>A cut on the score of a classifier between some rows and the others.</summary>
    public CutSculpting Cut(
        int[] rows, MassWindow window, double regionBackground, double efficiency, Seed seed, IProgress<double>? progress)
    {
        float[] scores = Scores(rows, seed, progress, out _);
        return CutSculpting.Of(masses.Span, sideband.Weights, scores, window, regionBackground, efficiency);
    }

    /// <summary>The area under the ROC curve of a classifier between some rows and the others.</summary>
    /// <remarks>
    /// The folds' areas are not independent where nothing is to be learnt (<see cref="ReweightingTest.Error"/>), so that the error is that
    /// of one fold and not of all.
    /// </remarks>
    public AreaUnderCurve Separation(int[] rows, Seed seed, IProgress<double>? progress)
    {
        float[] scores = Scores(rows, seed, progress, out bool[] isFirst);
        int[] first = RowsOf(isFirst, true);
        int[] second = RowsOf(isFirst, false);
        AreaUnderCurve area = RocCurve.AreaWithError(At(scores, first), WeightsAt(first), At(scores, second), WeightsAt(second));
        return area with { Error = area.Error * Math.Sqrt(options.FoldCount) };
    }

    private float[] Scores(int[] rows, Seed seed, IProgress<double>? progress, out bool[] isFirst)
    {
        isFirst = new bool[sideband.Count];
        foreach (int row in rows)
        {
            isFirst[row] = true;
        }

        return RatioTrainer.CrossFit(sideband, isFirst, features, options, seed, progress, cancellation).OutOfFold.LogRatio.ToArray();
    }

    private double[] WeightsAt(int[] rows) => [.. rows.Select(sideband.Weight)];

    private static float[] At(float[] scores, int[] rows) => [.. rows.Select(row => scores[row])];

    private static int[] RowsOf(bool[] flags, bool wanted) => [.. Enumerable.Range(0, flags.Length).Where(row => flags[row] == wanted)];
}
