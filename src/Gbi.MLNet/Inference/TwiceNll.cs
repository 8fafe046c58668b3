using Gbi.Numerics;

namespace Gbi.Inference;

/// <summary>−2 ln L of a negative log likelihood −ln L: what fits, test statistics and intervals take.</summary>
/// <param name="nll">−ln L.</param>
public sealed class TwiceNll(ISmoothFunction nll) : ISmoothFunction
{
    /// <inheritdoc/>
    public int ParameterCount => nll.ParameterCount;

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        double value = nll.Evaluate(parameters, gradient, hessian);
        Double(gradient);
        Double(hessian);
        return 2 * value;
    }

    private static void Double(Span<double> values)
    {
        foreach (ref double value in values)
        {
            value *= 2;
        }
    }
}
