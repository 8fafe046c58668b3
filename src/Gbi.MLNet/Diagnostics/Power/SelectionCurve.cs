using Gbi.Events;

namespace Gbi.Diagnostics.Power;

/// <summary>What cuts on a score select of signal and background: the ROC curve, and the improvement of S/√B over it.</summary>
/// <param name="Points">
/// Cuts at about equal steps of the signal efficiency, from the highest threshold that background passes to the lowest, where all events
/// pass.
/// </param>
/// <param name="Area">Area under the ROC curve.</param>
/// <param name="Best">The cut of the largest improvement among those above which the background is known to 20 %.</param>
/// <param name="AtThousandth">The lowest cut of a background efficiency of 0.001 or less; null where no background passes one.</param>
public sealed record SelectionCurve(IReadOnlyList<SelectionPoint> Points, double Area, SelectionPoint Best, SelectionPoint? AtThousandth)
{
    private const int MostPoints = 250;
    private const double LowBackgroundEfficiency = 1e-3;

    /// <summary>The curve of two samples; null where the background is too small for any cut above which it is known to 20 %.</summary>
    public static SelectionCurve? Of(WeightedScores signal, WeightedScores background)
    {
        var improvement = new SignificanceImprovement(signal, background);
        if (!improvement.Points.Any(point => point.IsWellKnown))
        {
            return null;
        }

        SelectionPoint[] low = [.. improvement.Points.Where(point => point.BackgroundEfficiency is > 0 and <= LowBackgroundEfficiency)];
        return new SelectionCurve(
            Thinned(improvement.Points.Where(point => point.BackgroundEfficiency > 0)),
            RocCurve.Area(signal, background), improvement.Maximum(), low.Length > 0 ? low[^1] : null);
    }

    /// <summary>Points about equally far from each other in signal efficiency, with both ends.</summary>
    private static List<SelectionPoint> Thinned(IEnumerable<SelectionPoint> points)
    {
        var kept = new List<SelectionPoint>();
        foreach (SelectionPoint point in points)
        {
            bool isFar = kept.Count == 0 || point.SignalEfficiency >= kept[^1].SignalEfficiency + (1.0 / MostPoints);
            if (isFar || point.BackgroundEfficiency == 1)
            {
                kept.Add(point);
            }
        }

        return kept;
    }
}
