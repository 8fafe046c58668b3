using System.Collections.Concurrent;
using Gbi.Events;
using Gbi.Inference.MixtureFraction;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Scans;

/// <summary>
/// The ratio at one point of a scan. The first trees tell which tenth of the background is most like signal; there the ratio is that of all
/// trees, and elsewhere it is 0, which is the ratio of the signal that is left. So few events are scored in full, and what the others tell
/// is hardly missed.
/// </summary>
internal sealed class FamilyScanModel
{
    private const int FirstTrees = 10;
    private const double LikeSignal = 0.1;

    // Where exactly the tenth begins does not matter.
    private const int EventsOfQuantile = 10_000;

    private readonly Lazy<CentredFamily> _models;
    private readonly Lazy<CentredFamily> _first;
    private readonly double[] _theta;
    private readonly double[] _local;
    private readonly bool _isCentre;
    private readonly ConcurrentDictionary<FamilyScanSample, (float Least, double Mean)> _norms = [];

    /// <param name="family">The family.</param>
    /// <param name="centre">The centre of the segment that holds the point.</param>
    /// <param name="theta">The point.</param>
    public FamilyScanModel(SignalFamily family, double[] centre, double[] theta)
    {
        _theta = theta;
        _local = family.Coordinates.Local(theta, centre);
        _isCentre = theta.SequenceEqual(centre);
        _models = new(() => _isCentre ? family.Around(centre).Constants : family.Around(centre));
        _first = new(() => _models.Value.First(FirstTrees));
    }

    /// <summary>What the data say at the point.</summary>
    /// <param name="data">The data.</param>
    /// <param name="reference">Background that normalises the ratio.</param>
    public FamilyScanPoint At(FamilyScanSample data, FamilyScanSample reference)
    {
        (float least, double mean) = _norms.GetOrAdd(reference, Norm);
        (float[] ratios, double[] weights) = Ratios(data, Firsts(data), least);
        if (ratios.Length == 0 || !(mean > 0))
        {
            return new FamilyScanPoint(_theta, 0, 0);
        }

        // All other events are one with r = 0.
        float[] all = [.. ratios.Select(ratio => (float)(ratio / mean)), 0];
        double[] ofAll = [.. weights, data.SumOfWeights - weights.Sum()];
        double fraction = Math.Max(0, SignalFractionFit.EstimateFromRatios(all, ofAll).Value);
        double gain = 0;
        for (int i = 0; i < all.Length; i++)
        {
            gain += 2 * ofAll[i] * LogMath.OnePlus(fraction * (all[i] - 1));
        }

        return new FamilyScanPoint(_theta, fraction, Math.Max(0, gain));
    }

    /// <summary>What the first trees say at least of the tenth that is like signal, and the mean of r.</summary>
    private (float Least, double Mean) Norm(FamilyScanSample reference)
    {
        float[][] firsts = Firsts(reference);
        float least = Quantile([.. firsts.SelectMany(values => values)], 1 - LikeSignal);
        (float[] ratios, double[] weights) = Ratios(reference, firsts, least);
        return (least, ratios.Zip(weights, (ratio, weight) => ratio * weight).Sum() / reference.SumOfWeights);
    }

    private static float Quantile(float[] values, double probability)
    {
        float[] some = [.. EventTable.EvenRows(values.Length, EventsOfQuantile).Select(row => values[row])];
        Array.Sort(some);
        return some[(int)(probability * some.Length)];
    }

    /// <summary>ln r by the first trees; shape [folds][events].</summary>
    private float[][] Firsts(FamilyScanSample sample) => [.. sample.Folds.Select((events, fold) => LogRatios(_first.Value, fold, events))];

    /// <summary>r, before normalisation, and weight of each event that is like signal.</summary>
    private (float[] Ratios, double[] Weights) Ratios(FamilyScanSample sample, float[][] firsts, float least)
    {
        List<float> logRatios = [];
        List<double> weights = [];
        for (int fold = 0; fold < firsts.Length; fold++)
        {
            EventTable likeSignal = sample.Folds[fold].Select(RowsAbove(firsts[fold], least));
            logRatios.AddRange(LogRatios(_models.Value, fold, likeSignal));
            for (int row = 0; row < likeSignal.Count; row++)
            {
                weights.Add(likeSignal.Weight(row));
            }
        }

        return ([.. logRatios.Select(MathF.Exp)], [.. weights]);
    }

    private float[] LogRatios(CentredFamily models, int fold, EventTable events)
    {
        float[] coefficients = models.OfFold(fold, events);
        return _isCentre ? coefficients : LocalPolynomial.Values(coefficients, _local);
    }

    private static int[] RowsAbove(float[] values, float least)
    {
        List<int> rows = [];
        for (int row = 0; row < values.Length; row++)
        {
            if (values[row] >= least)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}

/// <summary>Events, evenly out of all, fold by fold: sorted once for all points that look at them.</summary>
internal sealed class FamilyScanSample
{
    /// <param name="family">The family.</param>
    /// <param name="all">Events to choose from.</param>
    /// <param name="most">Most events chosen.</param>
    public FamilyScanSample(SignalFamily family, FoldedEvents all, int most)
    {
        (EventTable events, int[] foldOf) = all;
        int[] rows = EventTable.EvenRows(events.Count, most);
        EventTable needed = events.WithColumns(family.Needed);
        Folds = [.. Enumerable.Range(0, family.FoldCount).Select(fold => needed.Select([.. rows.Where(row => foldOf[row] == fold)]))];
        SumOfWeights = Folds.Sum(fold => fold.SumOfWeights);
    }

    public EventTable[] Folds { get; }

    public double SumOfWeights { get; }
}
