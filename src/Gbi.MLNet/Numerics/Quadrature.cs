using MathNet.Numerics.Integration;

namespace Gbi.Numerics;

/// <summary>Nodes and weights of Gauss–Legendre quadrature: ∫ f ≈ Σ weightᵢ f(nodeᵢ), exact for polynomials of degree 2n−1.</summary>
/// <param name="Nodes">Ascending, inside the interval.</param>
/// <param name="Weights">Positive; they sum to the length of the interval.</param>
internal sealed record Quadrature(double[] Nodes, double[] Weights)
{
    /// <summary>A rule with <paramref name="order"/> nodes on [low, high].</summary>
    public static Quadrature OnInterval(double low, double high, int order)
    {
        var rule = new GaussLegendreRule(low, high, order);
        double[] nodes = [.. rule.Abscissas];
        double[] weights = [.. rule.Weights];
        Array.Sort(nodes, weights);
        return new Quadrature(nodes, weights);
    }
}
