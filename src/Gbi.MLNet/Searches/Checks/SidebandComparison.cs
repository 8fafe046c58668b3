using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches.Anomaly;
using Gbi.Searches.Background;

namespace Gbi.Searches.Checks;

/// <summary>
/// The search repeated in the sidebands, where there is no signal: data of the sidebands over the same background at their masses. What a
/// simulation or a generator has wrong there, it has wrong in the signal region.
/// </summary>
internal static class SidebandComparison
{
    /// <summary>Most that the largest of the significances may be.</summary>
    private const double MostSigmas = 2.5;

    private static readonly double[] Efficiencies = [0.1, 0.01, 0.001];

    /// <summary>
    /// The check of the largest (n − ε N)/√(ε (1 − ε) N + N² V) over cuts that keep a share ε of the background, n of N events above
    /// them and V the variance of ε.
    /// </summary>
    /// <param name="sideband">Data of the sidebands.</param>
    /// <param name="background">The background at their masses.</param>
    /// <param name="anomaly">How the classifiers are trained: as in the search.</param>
    /// <param name="seed">For their training.</param>
    /// <param name="progress">Told the finished fraction.</param>
    /// <param name="cancellation">Stops between trees.</param>
    public static ClosureCheck Run(
        SidebandData sideband, BackgroundTemplate background, RatioOptions anomaly, Seed seed, IProgress<double> progress,
        CancellationToken cancellation)
    {
        EventTable data = sideband.Events.WithColumns(sideband.Features);
        ISearchCuts cuts = new AnomalyTrainer(anomaly, seed)
            .Learn(data, background, sideband.Features, progress, cancellation)
            .CutsOf(background);
        double sum = data.SumOfWeights;
        double largest = Efficiencies.Max(efficiency => SignificanceOf(cuts.At(efficiency), sum));
        return new ClosureCheck(
            "", largest, null, double.NegativeInfinity, MostSigmas,
            "Data of the sidebands differ from the background at their masses as a signal would, so that an excess in the signal region is "
                + "no sign of one; improve the simulation or the generator, or leave out the features that it describes badly.");
    }

    private static double SignificanceOf(CutShare cut, double sum)
    {
        // Weighted counts have the variance of their squared weights.
        double perWeight = cut.Data.Sum > 0 ? cut.Data.Squares / cut.Data.Sum : 1;
        double variance = (cut.Share * (1 - cut.Share) * sum * perWeight) + (sum * sum * cut.Variance);
        return variance > 0 ? (cut.Data.Sum - (cut.Share * sum)) / Math.Sqrt(variance) : 0;
    }
}
