using Gbi.Calibration;
using Gbi.Numerics.Probability;
using Gbi.Trees.Model;

namespace Gbi.Onnx.Export;

/// <summary>
/// Calibrations c(s) as nodes of a graph, in double precision. One method a kind; each takes the scores as a column [n × 1] of double
/// precision and returns the calibrated log ratios as such a column.
/// </summary>
internal static class CalibrationNodes
{
    /// <summary>Adds c(s), or s itself where there is no calibration.</summary>
    /// <exception cref="NotSupportedException">The calibration is none of this package.</exception>
    public static string Add(OnnxGraph graph, IRatioCalibration? calibration, string scores) => calibration switch
    {
        null => scores,
        IsotonicCalibration isotonic => AddIsotonic(graph, isotonic, scores),
        HistogramCalibration histogram => AddHistogram(graph, histogram, scores),
        PlattCalibration platt => AddLine(graph, scores, platt.Slope, platt.Intercept),
        BetaCalibration beta => AddBeta(graph, beta, scores),
        MixtureCalibration mixture => AddMixture(graph, mixture.SignalFraction, scores),
        _ => throw new NotSupportedException($"A calibration by {calibration.GetType().Name} cannot be written as ONNX."),
    };

    /// <summary>The constant of the cell; a border belongs to the cell above it.</summary>
    private static string AddHistogram(OnnxGraph graph, HistogramCalibration calibration, string scores)
    {
        // A score, single precision, is below a border where it is at most the greatest such number below it.
        double[] highest =
        [
            .. calibration.Borders.ToArray()
                .Select(border => (double)((float)border >= border ? MathF.BitDecrement((float)border) : (float)border))
        ];
        return graph.Add("Gather", [graph.Constant(calibration.LogRatios.ToArray()), AddSegment(graph, highest, scores)]);
    }

    /// <summary>−a softplus(−s) + b softplus(s) + c.</summary>
    private static string AddBeta(OnnxGraph graph, BetaCalibration calibration, string scores)
    {
        string low = AddLine(graph, AddSoftplus(graph, graph.Add("Neg", [scores])), -calibration.LowSlope, calibration.Intercept);
        return graph.Add("Add", [low, graph.Add("Mul", [AddSoftplus(graph, scores), graph.Constant(calibration.HighSlope)])]);
    }

    /// <summary>ln(1−μ) + softplus(s + ln μ/(1−μ)).</summary>
    private static string AddMixture(OnnxGraph graph, double fraction, string scores)
    {
        string softplus = AddSoftplus(graph, graph.Add("Add", [scores, graph.Constant(Math.Log(fraction / (1 - fraction)))]));
        return graph.Add("Add", [softplus, graph.Constant(LogMath.OnePlus(-fraction))]);
    }

    private static string AddLine(OnnxGraph graph, string values, double slope, double intercept) =>
        graph.Add("Add", [graph.Add("Mul", [values, graph.Constant(slope)]), graph.Constant(intercept)]);

    private static string AddSoftplus(OnnxGraph graph, string values) =>
        SpecialFunctionNodes.Softplus(new GraphValue(graph, values)).Name;

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

    /// <summary>Adds the number of knots below s, for ascending knots; one too many or too few where s is a knot to single
    /// precision.</summary>
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
