using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Scans;

/// <summary>
/// The centres that fits of a family use: a grid with the spacing of half a segment, so that data sets share centres, and every point is at
/// most half a spacing from one.
/// </summary>
internal sealed class FamilyGrid(FamilyCoordinates coordinates)
{
    private const int PartsOfTheWhole = 9;

    /// <summary>The centre nearest to a point.</summary>
    public double[] Nearest(IReadOnlyList<double> theta) => [.. theta.Select((value, p) =>
        Node(p, Math.Clamp((int)Math.Round((coordinates.U(value) - coordinates.Low[p]) / coordinates.HalfWidths[p]), 0, Last(p))))];

    /// <summary>Points a whole segment apart, which together cover the family; without those that differ in the order of the parameters
    /// alone.</summary>
    public IReadOnlyList<double[]> Covering()
    {
        IEnumerable<double[]> points = [[]];
        for (int p = 0; p < coordinates.Names.Count; p++)
        {
            int parameter = p;
            points = points.SelectMany(point => CoveringNodes(parameter).Select(node => (double[])[.. point, node])).ToArray();
        }

        return [.. points.Where(point => !coordinates.IsInterchangeable || point[0] >= point[1])];
    }

    private IEnumerable<double> CoveringNodes(int parameter)
    {
        if (coordinates.IsWhole)
        {
            // One polynomial, which is looked at in the middles of so many parts of the range.
            for (int part = 0; part < PartsOfTheWhole; part++)
            {
                yield return coordinates.Theta(coordinates.Low[parameter]
                    + ((part + 0.5) / PartsOfTheWhole * (coordinates.High[parameter] - coordinates.Low[parameter])));
            }

            yield break;
        }

        for (int k = 1; k < Last(parameter) + 1; k += 2)
        {
            yield return Node(parameter, Math.Min(k, Last(parameter)));
        }
    }

    // Low, low + half-width, …, the last within rounding of high.
    private int Last(int parameter) =>
        (int)Math.Round((coordinates.High[parameter] - coordinates.Low[parameter]) / coordinates.HalfWidths[parameter]);

    private double Node(int parameter, int number) => coordinates.IsWhole
        ? coordinates.Theta(0.5 * (coordinates.Low[parameter] + coordinates.High[parameter]))
        : coordinates.Theta(
            Math.Min(coordinates.Low[parameter] + (number * coordinates.HalfWidths[parameter]), coordinates.High[parameter]));
}
