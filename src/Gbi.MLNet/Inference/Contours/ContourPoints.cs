using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Contours;

/// <summary>Points at equal distances on a traced line, each brought back to the contour or the bound.</summary>
internal sealed class ContourPoints(ContourPlane plane, ContourMetric metric, IReadOnlyList<ContourVertex> vertices, bool isClosed)
{
    private readonly List<string> _failures = [];

    /// <summary>One sentence for each point that was not found.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>The points in the order of the line. Those nearest to kinks are moved onto them.</summary>
    /// <param name="count">How many.</param>
    public IReadOnlyList<ContourPoint> Spread(int count)
    {
        double[] ends = Ends();
        double spacing = ends[^1] / (isClosed ? count : count - 1);
        var kinks = Enumerable.Range(0, vertices.Count)
            .Where(i => vertices[i].IsKink)
            .GroupBy(i => (int)Math.Round((i == 0 ? 0 : ends[i - 1]) / spacing) % count)
            .ToDictionary(group => group.Key, group => vertices[group.First()]);
        List<ContourPoint> points = [];
        for (int number = 0; number < count; number++)
        {
            if (kinks.TryGetValue(number, out ContourVertex? kink))
            {
                points.Add(Point(kink.Position, isAtBound: true));
                continue;
            }

            int segment = Array.FindIndex(ends, end => number * spacing <= end * (1 + 1e-12));
            double before = segment == 0 ? 0 : ends[segment - 1];
            points.AddRange(Between(segment, ((number * spacing) - before) / (ends[segment] - before)) is { } point ? [point] : []);
        }

        return points;
    }

    /// <summary>Distance of the end of each segment from the first vertex.</summary>
    private double[] Ends()
    {
        double[] ends = new double[isClosed ? vertices.Count : vertices.Count - 1];
        double sum = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            (double x, double y) = Chord(i);
            ends[i] = sum += Math.Sqrt((x * x) + (y * y));
        }

        return ends;
    }

    private (double X, double Y) Chord(int segment)
    {
        ((double X, double Y) from, (double X, double Y) to) = (vertices[segment].U, vertices[(segment + 1) % vertices.Count].U);
        return (to.X - from.X, to.Y - from.Y);
    }

    private ContourPoint? Between(int segment, double share)
    {
        ContourVertex from = vertices[segment], to = vertices[(segment + 1) % vertices.Count];
        double[] near = [.. from.Position.Zip(to.Position, (a, b) => a + (share * (b - a)))];
        if (from.Side is { } side)
        {
            return side.ProfileAt(plane, near, near[plane.First], near[plane.Second]) is { } atBound
                ? Point([.. atBound.Parameters], isAtBound: true)
                : Failed(near);
        }

        (double x, double y) = Chord(segment);
        double length = Math.Sqrt((x * x) + (y * y));
        return plane.Meet(near, metric.Direction((y / length, -x / length))) is { } met ? Point(met, isAtBound: false) : Failed(near);
    }

    private ContourPoint? Failed(double[] near)
    {
        _failures.Add(Text($"No fit found the contour near ({near[plane.First]:G6}, {near[plane.Second]:G6})."));
        return null;
    }

    private ContourPoint Point(double[] position, bool isAtBound) =>
        new(position[plane.First], position[plane.Second], position, isAtBound);
}
