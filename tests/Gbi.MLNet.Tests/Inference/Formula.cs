using Gbi.Numerics.Minima;

namespace Gbi.Tests.Inference;

/// <summary>A function written out with its first and second derivatives.</summary>
internal sealed class Formula(int parameterCount, Func<double[], (double Value, double[] Gradient, double[] Hessian)> at) : ISmoothFunction
{
    public int ParameterCount => parameterCount;

    public int Evaluations { get; private set; }

    /// <summary>(x − c)ᵀ A (x − c), A row-major.</summary>
    public static Formula Quadratic(double[] centre, params double[] matrix) => new(centre.Length, point =>
    {
        int size = centre.Length;
        double[] distance = [.. point.Zip(centre, (x, c) => x - c)];
        double[] gradient =
            [.. Enumerable.Range(0, size).Select(i => 2 * Enumerable.Range(0, size).Sum(j => matrix[(i * size) + j] * distance[j]))];
        return (gradient.Zip(distance, (g, d) => g * d).Sum() / 2, gradient, [.. matrix.Select(entry => 2 * entry)]);
    });

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        Evaluations++;
        (double value, double[] slopes, double[] curvatures) = at(parameters.ToArray());
        if (!gradient.IsEmpty)
        {
            slopes.CopyTo(gradient);
        }

        if (!hessian.IsEmpty)
        {
            curvatures.CopyTo(hessian);
        }

        return value;
    }
}
