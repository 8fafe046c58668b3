using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Generators.Spectra;

/// <summary>One function at its minimum.</summary>
/// <param name="Options">The function.</param>
/// <param name="Low">Lower end of the fitted range.</param>
/// <param name="High">Upper end of the fitted range.</param>
/// <param name="Parameters">c, in the order of the family's basis.</param>
/// <param name="Covariance">Of c, row-major; empty where only the function is known.</param>
internal sealed record SpectrumFit(MassSpectrumOptions Options, double Low, double High, double[] Parameters, double[] Covariance)
{
    // In units of the log likelihood: 5e-5 of the parameters' errors at most.
    private static readonly BoundedNewtonOptions MinimiserOptions = new() { Tolerance = 1e-9 };

    private readonly MassSpectrumFamily _family = new(Options, Low, High);

    /// <summary>The parameters of the function as it is written.</summary>
    public double[] NaturalParameters => _family.Natural(Parameters);

    /// <summary>Their covariance, row-major.</summary>
    public double[] NaturalCovariance => _family.NaturalCovariance(Covariance);

    /// <summary>−ln L at the minimum.</summary>
    public double Nll { get; private init; } = double.NaN;

    /// <summary>Fits a function; null where the fit finds no minimum with a covariance.</summary>
    /// <param name="sample">The sidebands.</param>
    /// <param name="options">The function.</param>
    /// <param name="steps">Steps of the minimiser.</param>
    public static SpectrumFit? TryOf(SidebandSample sample, MassSpectrumOptions options, out int steps)
    {
        var family = new MassSpectrumFamily(options, sample.Low, sample.High);
        var likelihood = new MassSpectrumLikelihood(family, sample);
        BoxMinimum minimum = new BoundedNewton(likelihood.ParameterCount, MinimiserOptions).Minimise(likelihood, likelihood.Start());
        double[] parameters = [.. minimum.Parameters];
        steps = minimum.Iterations;
        return minimum.Status == MinimumStatus.Converged && likelihood.Covariance(parameters) is { } covariance
            ? new SpectrumFit(options, sample.Low, sample.High, parameters, covariance) { Nll = minimum.Value }
            : null;
    }

    /// <summary>f(m).</summary>
    public double Density(double mass) => _family.Density(mass, Parameters);

    /// <summary>∫ f dm over [low, high).</summary>
    public double Integral(double low, double high)
    {
        double value = 0;
        Quadrature rule = Quadrature.OnInterval(low, high, 64);
        for (int node = 0; node < rule.Nodes.Length; node++)
        {
            value += rule.Weights[node] * Density(rule.Nodes[node]);
        }

        return value;
    }

    /// <summary>∫ f dm over [low, high), with its error from the covariance.</summary>
    public Estimate Expected(double low, double high)
    {
        int size = _family.Size;
        double value = 0;
        double[] slope = new double[size];
        Span<double> basis = stackalloc double[8];
        Quadrature rule = Quadrature.OnInterval(low, high, 64);
        for (int node = 0; node < rule.Nodes.Length; node++)
        {
            double density = Density(rule.Nodes[node]);
            value += rule.Weights[node] * density;
            _family.Basis(rule.Nodes[node], basis[..size]);
            for (int k = 0; k < size; k++)
            {
                slope[k] += rule.Weights[node] * basis[k] * (_family.IsLogLinear ? density : 1);
            }
        }

        double variance = 0;
        for (int k = 0; k < size; k++)
        {
            for (int l = 0; l < size; l++)
            {
                variance += slope[k] * Covariance[(k * size) + l] * slope[l];
            }
        }

        return new Estimate(value, Math.Sqrt(Math.Max(0, variance)));
    }
}
