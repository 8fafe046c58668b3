using System.Collections.Concurrent;
using Gbi.Events;
using Gbi.Inference;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Analysis;

/// <summary>A point of a scan over the parameters of a family.</summary>
/// <param name="Theta">The parameters.</param>
/// <param name="Fraction">The best signal fraction there, 0 or more.</param>
/// <param name="Gain">−2 ln L without signal less −2 ln L at that fraction. Range: 0 or more.</param>
public sealed record FamilyScanPoint(IReadOnlyList<double> Theta, double Fraction, double Gain);

/// <summary>Looks where in its range a family describes some of the data best, so that fits have somewhere to start.</summary>
internal sealed class FamilyScan
{
    private const int FewestKept = 4;
    private const int Growth = 3;

    // The first trees tell where a signal is; what the others add is for the fit.
    private const int Trees = 25;

    private readonly SignalFamily _sketch;
    private readonly FamilyGrid _grid;
    private readonly Func<(EventTable Events, int[] FoldOf)> _background;
    private readonly ConcurrentDictionary<(int Number, int Events), double> _logMeans = [];

    /// <param name="family">The family.</param>
    /// <param name="events">Most events that are used.</param>
    /// <param name="background">Background events with their folds.</param>
    public FamilyScan(CrossFittedFamily family, int events, Func<(EventTable Events, int[] FoldOf)> background)
    {
        (_sketch, EventCount) = (family.Model.Sketch(Trees), events);
        _grid = new FamilyGrid(family.Model.Coordinates);
        Points = _grid.Covering();
        _background = background;
    }

    public int EventCount { get; }

    public IReadOnlyList<double[]> Points { get; }

    /// <summary>The points, the best first: those that were looked at with more events before the others.</summary>
    public IReadOnlyList<FamilyScanPoint> Run(EventTable data, int[] foldOf)
    {
        // The best third is looked at again with three times the events, and so on until half of the data are used.
        int[] left = [.. Enumerable.Range(0, Points.Count)];
        List<FamilyScanPoint> dropped = [];
        for (int events = EventCount; ; events *= Growth)
        {
            (int Number, FamilyScanPoint Point)[] ranked = [.. On(data, foldOf, events, left).OrderByDescending(found => found.Point.Gain)];
            int kept = Math.Max(FewestKept, ranked.Length / 3);
            if (2L * events >= data.Count)
            {
                return [.. ranked.Select(found => found.Point), .. dropped];
            }

            dropped.InsertRange(0, ranked.Skip(kept).Select(found => found.Point));
            left = [.. ranked.Take(kept).Select(found => found.Number)];
        }
    }

    private (int Number, FamilyScanPoint Point)[] On(EventTable data, int[] foldOf, int events, int[] points)
    {
        int[] rows = Evenly(data.Count, events);
        EventTable some = data.Select(rows);
        int[] folds = [.. rows.Select(row => foldOf[row])];
        ReadOnlyMemory<double> weights = some.HasWeights ? some.Weights.ToArray() : default;
        var found = new (int, FamilyScanPoint)[points.Length];
        EventBlocks.ForEachIndex(points.Length, i => found[i] = (points[i], At(points[i], events, some, folds, weights)));
        return found;
    }

    private FamilyScanPoint At(int number, int events, EventTable some, int[] folds, ReadOnlyMemory<double> weights)
    {
        float[] ratios = Ratios(some, folds, Points[number]);
        float mean = (float)Math.Exp(_logMeans.GetOrAdd((number, events), LogMean));
        for (int i = 0; i < ratios.Length; i++)
        {
            ratios[i] /= mean;
        }

        double fraction = Math.Max(0, SignalFractionFit.EstimateFromRatios(ratios, weights).Value);
        double gain = 2 * EventBlocks.Sum(ratios.Length, (start, length) =>
        {
            double sum = 0;
            for (int i = start; i < start + length; i++)
            {
                sum += (weights.IsEmpty ? 1 : weights.Span[i]) * LogMath.OnePlus(fraction * (ratios[i] - 1));
            }

            return sum;
        });
        return new FamilyScanPoint(Points[number], fraction, Math.Max(0, gain));
    }

    // Twice as many events as the data that are looked at, or the error of the mean would look like signal.
    private double LogMean((int Number, int Events) at)
    {
        (EventTable background, int[] foldOf) = _background();
        int[] rows = Evenly(background.Count, 2 * at.Events);
        EventTable reference = background.Select(rows);
        float[] ratios = Ratios(reference, [.. rows.Select(row => foldOf[row])], Points[at.Number]);
        double sum = 0;
        for (int i = 0; i < ratios.Length; i++)
        {
            sum += reference.Weight(i) * ratios[i];
        }

        return Math.Log(sum / reference.SumOfWeights);
    }

    private float[] Ratios(EventTable events, int[] folds, double[] theta)
    {
        int width = _sketch.Monomials.Count + 1;
        double[] centre = _grid.Nearest(theta);
        double[] place = _sketch.Coordinates.Local(theta, centre);
        float[] coefficients = _sketch.Coefficients(events, centre, folds);
        float[] ratios = new float[events.Count];
        for (int i = 0; i < ratios.Length; i++)
        {
            Span<float> row = coefficients.AsSpan(i * width, width);
            PlacePolynomial.Shift(row, place);
            ratios[i] = MathF.Exp(row[0]);
        }

        return ratios;
    }

    /// <summary>So many rows, evenly out of all.</summary>
    public static int[] Evenly(int count, int most) => count <= most
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, most).Select(i => (int)((long)i * count / most))];
}
