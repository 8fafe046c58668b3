using System.Collections.Concurrent;
using Gbi.Events;
using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Scans;

/// <summary>
/// The ratio at one point of a scan. The first trees tell which tenth of the background is most like signal; there the ratio is that of all
/// trees, and elsewhere it is 0, which is the ratio of the signal that is left. So few events are scored in full, and what the others tell
/// is hardly missed.
/// </summary>
internal sealed class FamilyScanModel
{
    /// <summary>The tenth of the background that is looked at for starts.</summary>
    public const double Tenth = 0.1;

    private const int FirstTrees = 10;

    // Where exactly the share begins does not matter.
    private const int EventsOfQuantile = 10_000;

    private readonly Lazy<CentredFamily> _models;
    private readonly Lazy<CentredFamily> _first;
    private readonly double[] _theta;
    private readonly double[] _local;
    private readonly bool _isCentre;
    private readonly double _share;
    private readonly ConcurrentDictionary<FamilyScanSample, (float Least, double Mean)> _norms = [];

    /// <param name="family">The family.</param>
    /// <param name="centre">The centre of the segment that holds the point.</param>
    /// <param name="theta">The point.</param>
    public FamilyScanModel(SignalFamily family, double[] centre, double[] theta)
    {
        _theta = theta;
        _local = family.Coordinates.Local(theta, centre);
        _isCentre = theta.SequenceEqual(centre);
        _share = Tenth;
        _models = new(() => _isCentre ? family.Around(centre).Constants : family.Around(centre));
        _first = new(() => _models.Value.First(FirstTrees));
    }

    private FamilyScanModel(FamilyScanModel other, double share) =>
        (_theta, _local, _isCentre, _models, _first, _share) =
            (other._theta, other._local, other._isCentre, other._models, other._first, share);

    /// <summary>The same point with another share of the background that is like signal.</summary>
    /// <param name="share">Range: above 0, at most 1.</param>
    public FamilyScanModel WithShare(double share) => new(this, share);

    /// <summary>What the data say at the point.</summary>
    /// <param name="data">The data.</param>
    /// <param name="reference">Background that normalises the ratio.</param>
    public FamilyScanPoint At(FamilyScanSample data, FamilyScanSample reference)
    {
        (float least, double mean) = _norms.GetOrAdd(reference, Norm);
        LikeSignalEvents found = EventsLikeSignal(data, Firsts(data), least);
        (double fraction, double gain) = found.Gain(mean, position => data.Weights[position], data.SumOfWeights);
        return new FamilyScanPoint(_theta, fraction, gain);
    }

    /// <summary>The events of a background sample that are like signal at the point.</summary>
    public LikeSignalEvents Of(FamilyScanSample reference)
    {
        (float least, LikeSignalEvents found, double mean) = Measure(reference);
        _norms[reference] = (least, mean);
        return found;
    }

    private (float Least, double Mean) Norm(FamilyScanSample reference)
    {
        (float least, _, double mean) = Measure(reference);
        return (least, mean);
    }

    /// <summary>What the first trees say at least of the share that is like signal, its events, and the mean of r.</summary>
    private (float Least, LikeSignalEvents Events, double Mean) Measure(FamilyScanSample reference)
    {
        float[][] firsts = Firsts(reference);
        float least = Quantile([.. firsts.SelectMany(values => values)], 1 - _share);
        LikeSignalEvents found = EventsLikeSignal(reference, firsts, least);
        return (least, found, found.Mean(position => reference.Weights[position], reference.SumOfWeights));
    }

    private static float Quantile(float[] values, double probability)
    {
        float[] some = [.. EventTable.EvenRows(values.Length, EventsOfQuantile).Select(row => values[row])];
        Array.Sort(some);
        return some[(int)(probability * some.Length)];
    }

    /// <summary>ln r by the first trees; shape [folds][events].</summary>
    private float[][] Firsts(FamilyScanSample sample) => [.. sample.Folds.Select((events, fold) => LogRatios(_first.Value, fold, events))];

    private LikeSignalEvents EventsLikeSignal(FamilyScanSample sample, float[][] firsts, float least)
    {
        List<int> positions = [];
        List<float> ratios = [];
        int before = 0;
        for (int fold = 0; fold < firsts.Length; fold++)
        {
            int[] rows = RowsAbove(firsts[fold], least);
            positions.AddRange(rows.Select(row => before + row));
            ratios.AddRange(LogRatios(_models.Value, fold, sample.Folds[fold].Select(rows)).Select(MathF.Exp));
            before += sample.Folds[fold].Count;
        }

        return new LikeSignalEvents([.. positions], [.. ratios]);
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
