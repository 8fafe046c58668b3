using Gbi.Onnx.Export;
using Gbi.Onnx.Graphs;

namespace Gbi.Onnx.Adoption;

/// <summary>ln r of what a network gives, as nodes of double precision that every opset from 7 on has.</summary>
internal static class LogRatioNodes
{
    /// <summary>Largest |ln r|: of a probability of exactly 0 or 1, which a network gives where it rounds.</summary>
    public const double Largest = 700;

    /// <summary>How far beside [0, 1] a probability is rounding: such numbers are taken as 0 and 1, others have no ln r.</summary>
    public const double ProbabilityRounding = 1e-6;

    /// <summary>Adds ln r.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The network's output.</param>
    /// <param name="kind">What it means.</param>
    /// <param name="slot">Position of the number that counts.</param>
    /// <param name="slots">Numbers of an event.</param>
    /// <returns>ln r, [events × 1], double precision.</returns>
    public static GraphValue Add(OnnxGraph graph, string value, OnnxOutputKind kind, int slot, int slots)
    {
        GraphValue rows = new(graph, graph.Reshape(graph.Cast(value, OnnxType.Double), -1, slots));
        GraphValue own = slots == 1 ? rows : rows.Columns(slot);
        return kind switch
        {
            OnnxOutputKind.Probability => OfProbability(own),
            OnnxOutputKind.Logit when slots > 1 => OfLogits(rows, own, slot, slots),
            _ => own,
        };
    }

    /// <summary>ln p/(1 − p).</summary>
    private static GraphValue OfProbability(GraphValue p)
    {
        GraphValue notNegative = Positive(p);
        GraphValue bounded = notNegative - Positive(notNegative - 1.0);

        // The root of a negative number is none: what is no probability gets no ln r.
        GraphValue excess = (p - bounded).Abs();
        GraphValue probability = bounded + (0.0 * (ProbabilityRounding - excess).Sqrt());
        return Log(probability) - Log(1.0 - probability);
    }

    /// <summary>ln x for x ≥ 0, and −<see cref="Largest"/> for 0.</summary>
    private static GraphValue Log(GraphValue x)
    {
        // Added where x is 0 alone, because the runtime takes adding so small a constant for adding none and leaves it out.
        GraphValue isZero = x.Number(0).Less(x).Not().ToDouble();
        return (x + (isZero * Math.Exp(-Largest))).Log();
    }

    /// <summary>z − ln Σ exp z over the other slots: the logit of the softmax.</summary>
    private static GraphValue OfLogits(GraphValue rows, GraphValue own, int slot, int slots)
    {
        GraphValue above = rows.Columns([.. Enumerable.Range(0, slots).Where(other => other != slot).Select(other => (long)other)]) - own;
        if (slots == 2)
        {
            return -above;
        }

        GraphValue bounded = Largest - Positive((2 * Largest) - Positive(above + Largest));
        GraphValue ones = bounded.Column([.. Enumerable.Repeat(1f, slots - 1)]).ToDouble();
        return -bounded.Exp().Of("MatMul", ones).Log();
    }

    /// <summary>max(x, 0). Max itself has no double precision before opset 8, nor Relu before 13.</summary>
    private static GraphValue Positive(GraphValue x) => 0.5 * (x + x.Abs());
}
