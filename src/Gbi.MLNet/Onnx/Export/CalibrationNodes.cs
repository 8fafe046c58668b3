using Gbi.Calibration;
using Gbi.Numerics.Probability;
using Gbi.Onnx.Graphs;

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
        GraphValue score = new(graph, scores);
        double[] borders = calibration.Borders.ToArray();
        GraphValue cell = borders.Length == 0
            ? Segment(score.Less(score), 1)
            : Segment(score.Less(score.Row(borders)).Not(), borders.Length);
        return cell.In(calibration.LogRatios.ToArray()).Name;
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
    /// sⱼ, vⱼ and bⱼ come from tables.
    /// </summary>
    private static string AddIsotonic(OnnxGraph graph, IsotonicCalibration calibration, string scores)
    {
        double[] knots = calibration.Scores.ToArray();
        double[] values = calibration.LogRatios.ToArray();
        int last = knots.Length - 1;
        double[] slopes = [1, .. Enumerable.Range(0, last).Select(i => (values[i + 1] - values[i]) / (knots[i + 1] - knots[i])), 1];
        GraphValue score = new(graph, scores);
        GraphValue segment = Segment(score.Row(knots).Less(score), knots.Length);
        GraphValue knot = segment.In((double[])[knots[0], .. knots]);
        return (segment.In((double[])[values[0], .. values]) + (segment.In(slopes) * (score - knot))).Name;
    }

    /// <summary>How many of the conditions of each event hold, as whole numbers.</summary>
    /// <remarks>A tree would need fewer comparisons, but operators of ai.onnx.ml that not every graph can have.</remarks>
    private static GraphValue Segment(GraphValue conditions, int count) =>
        conditions.ToSingle().Of("MatMul", conditions.Column([.. Enumerable.Repeat(1f, count)])).To(OnnxType.Int64);
}
