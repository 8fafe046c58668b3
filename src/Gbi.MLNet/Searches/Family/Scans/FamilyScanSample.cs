using Gbi.Events;
using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Scans;

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
        int[][] byFold = [.. Enumerable.Range(0, family.FoldCount).Select(fold => rows.Where(row => foldOf[row] == fold).ToArray())];
        Rows = [.. byFold.SelectMany(of => of)];
        Folds = Array.ConvertAll(byFold, of => needed.Select(of));
        Weights = Array.ConvertAll(Rows, needed.Weight);
        SumOfWeights = Weights.Sum();
    }

    /// <summary>The events of each fold.</summary>
    public EventTable[] Folds { get; }

    /// <summary>Where each event stood among all, fold by fold: an event's position here is its position in the sample.</summary>
    public int[] Rows { get; }

    /// <summary>Weights by position.</summary>
    public double[] Weights { get; }

    /// <summary>Σ w.</summary>
    public double SumOfWeights { get; }
}
