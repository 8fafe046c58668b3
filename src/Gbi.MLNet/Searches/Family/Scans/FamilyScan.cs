using System.Collections.Concurrent;
using Gbi.Numerics;
using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Scans;

/// <summary>A point of a scan over the parameters of a family.</summary>
/// <param name="Theta">The parameters.</param>
/// <param name="Fraction">The best signal fraction there, 0 or more.</param>
/// <param name="Gain">−2 ln L without signal less −2 ln L at that fraction. Range: 0 or more.</param>
public sealed record FamilyScanPoint(IReadOnlyList<double> Theta, double Fraction, double Gain);

/// <summary>Looks where in its range a family describes some of the data best, so that fits have somewhere to start.</summary>
/// <remarks>
/// A signal of z standard deviations in all data has √gain = z √f ± 1 in a share f of them, and half of all points, which hold none, have
/// one above 0: too few events hide it, and so do models of few trees, whose ratio is too flat. All trees are used, therefore, and the last
/// points are looked at with all data; <see cref="FamilyScanModel"/> makes that quick.
/// </remarks>
internal sealed class FamilyScan
{
    private const int FewestKept = 4;
    private const int Growth = 3;

    // Background events that may be scored with all trees, at all points together, to tell what data without signal gain: seconds.
    private const double MostScored = 1e7;

    private readonly SignalFamily _family;
    private readonly FamilyScanModel[] _models;
    private readonly int _first;
    private readonly FoldedEvents _background;
    private readonly ConcurrentDictionary<int, FamilyScanSample> _references = [];

    /// <param name="family">The family.</param>
    /// <param name="first">Events of the first round.</param>
    /// <param name="background">Background events.</param>
    public FamilyScan(SignalFamily family, int first, FoldedEvents background)
    {
        (_family, _first, _background) = (family, first, background);
        var grid = new FamilyGrid(_family.Coordinates);
        _models = [.. grid.Covering().Select(point => new FamilyScanModel(_family, grid.Nearest(point), point))];
    }

    /// <summary>The points, the best first: those that were looked at with more events before the others.</summary>
    public IReadOnlyList<FamilyScanPoint> Run(FoldedEvents data)
    {
        // The best third is looked at again with three times the events, and so on until all data are used.
        FamilyScanModel[] left = _models;
        List<FamilyScanPoint> dropped = [];
        for (long events = _first; ; events *= Growth)
        {
            int used = 2 * events >= data.Events.Count ? data.Events.Count : (int)events;
            (FamilyScanModel Model, FamilyScanPoint Point)[] ranked =
                [.. On(data, used, left).OrderByDescending(found => found.Point.Gain)];
            if (used == data.Events.Count)
            {
                return [.. ranked.Select(found => found.Point), .. dropped];
            }

            int kept = Math.Max(FewestKept, ranked.Length / Growth);
            dropped.InsertRange(0, ranked.Skip(kept).Select(found => found.Point));
            left = [.. ranked.Take(kept).Select(found => found.Model)];
        }
    }

    /// <summary>What data gain at the best point of the grid, and what data sets without signal gain.</summary>
    /// <param name="data">All data.</param>
    /// <param name="members">Members of the background generator; empty for none.</param>
    /// <param name="cancellation">Stops between points.</param>
    public FamilyToys ToysFor(FoldedEvents data, IReadOnlyList<float[]> members, CancellationToken cancellation)
    {
        var sample = new FamilyScanSample(_family, data, data.Events.Count);
        FamilyScanSample background = _references.GetOrAdd(Rounded(data.Events.Count), Reference);
        double share = Math.Clamp(MostScored / _models.Length / background.Rows.Length, FamilyScanModel.Tenth, 1);
        var points = new LikeSignalEvents[_models.Length];
        double[] gains = new double[_models.Length];
        EventBlocks.ForEachIndex(points.Length, i =>
        {
            FamilyScanModel model = _models[i].WithShare(share);
            points[i] = model.Of(background);
            gains[i] = model.At(sample, background).Gain;
        }, cancellation);
        return new FamilyToys(
            background.Weights, points, [.. members.Select(member => Array.ConvertAll(background.Rows, row => member[row]))], gains.Max());
    }

    private (FamilyScanModel Model, FamilyScanPoint Point)[] On(FoldedEvents data, int events, FamilyScanModel[] models)
    {
        var sample = new FamilyScanSample(_family, data, events);
        FamilyScanSample reference = _references.GetOrAdd(Rounded(events), Reference);
        var found = new (FamilyScanModel, FamilyScanPoint)[models.Length];
        EventBlocks.ForEachIndex(models.Length, i => found[i] = (models[i], models[i].At(sample, reference)));
        return found;
    }

    // Twice as many events as the data that are looked at, or the error of the mean would look like signal.
    private FamilyScanSample Reference(int events) => new(_family, _background, (int)Math.Min(int.MaxValue, 2L * events));

    // Data sets of nearly one size share their reference.
    private static int Rounded(int events)
    {
        int unit = 1 << Math.Max(0, int.Log2(events) - 2);
        return (int)Math.Min(int.MaxValue, ((long)events + unit - 1) / unit * unit);
    }
}
