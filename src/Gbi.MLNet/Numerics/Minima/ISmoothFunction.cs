namespace Gbi.Numerics.Minima;

/// <summary>A function of several parameters with analytic first and second derivatives.</summary>
public interface ISmoothFunction
{
    /// <summary>Number of parameters n.</summary>
    int ParameterCount { get; }

    /// <summary>The value at a point and, into the buffers that are not empty, its derivatives.</summary>
    /// <param name="parameters">The point; length n.</param>
    /// <param name="gradient">Filled with the first derivatives; length n, or empty where they are not wanted.</param>
    /// <param name="hessian">Filled with the second derivatives, shape [n × n], symmetric; or empty where they are not wanted.</param>
    /// <returns>The value; +∞ where the function is not defined, and the derivatives are then of no use.</returns>
    double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian);

    /// <summary>
    /// One sentence that says why the function is not defined at a point; null if it is defined, or if the reason is not known.
    /// </summary>
    /// <param name="parameters">The point; length n.</param>
    string? WhyUndefined(ReadOnlySpan<double> parameters) => null;
}
