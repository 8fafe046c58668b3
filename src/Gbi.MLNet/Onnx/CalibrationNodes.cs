using Gbi.Calibration;
using Gbi.Trees;

namespace Gbi.Onnx;

/// <summary>
/// Calibrations c(s) as nodes of a graph, in double precision. One method a kind; each takes the scores as a column [n × 1] of double
/// precision and returns the calibrated log ratios as such a column.
/// </summary>
internal static class CalibrationNodes
{
    /// <summary>Adds c(s), or s itself where there is no calibration.</summary>
    public static string Add(OnnxGraph graph, IsotonicCalibration? calibration, string scores) => calibration switch
    {
        null => scores,
        _ => AddIsotonic(graph, calibration, scores),
    };

    /// <summary>
    /// c(s) = vⱼ + bⱼ (s − sⱼ) with the segment j of s: below the first knot, between two knots, above the last; slope 1 at both ends.
    /// A tree finds j; sⱼ, vⱼ and bⱼ come from tables.
    /// </summary>
    private static string AddIsotonic(OnnxGraph graph, IsotonicCalibration calibration, string scores)
    {
        double[] knots = calibration.Scores.ToArray();
        double[] values = calibration.LogRatios.ToArray();
        int last = knots.Length - 1;
        double[] slopes = [1, .. Enumerable.Range(0, last).Select(i => (values[i + 1] - values[i]) / (knots[i + 1] - knots[i])), 1];

        string segment = AddSegment(graph, knots, scores);
        string knot = Look([knots[0], .. knots]);
        string value = Look([values[0], .. values]);
        string slope = Look(slopes);
        return graph.Add("Add", [value, graph.Add("Mul", [slope, graph.Add("Sub", [scores, knot])])]);

        string Look(double[] table) => graph.Add("Gather", [graph.Constant(table), segment]);
    }

    /// <summary>Adds the number of knots below s, for ascending knots; one too many or too few where s is a knot to single precision.</summary>
    private static string AddSegment(OnnxGraph graph, double[] knots, string scores)
    {
        var nodes = new TreeNode[knots.Length];
        int made = 0;
        Split(0, knots.Length);
        float[] numbers = [.. Enumerable.Range(0, knots.Length + 1)];
        var tree = new TreeEnsemble(["score"], [0], [new DecisionTree(nodes, numbers, 1)]);
        return graph.Cast(TreeNodes.Add(graph, tree, scores), OnnxType.Int64);

        // The subtree of the segments from first to last; returns its root.
        int Split(int first, int last)
        {
            if (first == last)
            {
                return ~first;
            }

            int at = made++;
            int middle = (first + last) / 2;
            nodes[at] = new TreeNode(0, (float)knots[middle], 0, false, Split(first, middle), Split(middle + 1, last), 0);
            return at;
        }
    }
}
