using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Generators.Spectra;

/// <summary>
/// The background's mass spectrum f(m) = dN/dm, fitted to the sidebands by the extended unbinned likelihood
/// −Σᵢ wᵢ ln f(mᵢ) + ∫ f dm over the sidebands, which is convex in the parameters of both families.
/// </summary>
/// <remarks>The covariance is the inverse Hessian, for weighted events H⁻¹ (Σ w² ∇ln f ∇ln fᵀ) H⁻¹.</remarks>
public sealed class MassSpectrum
{
    // In units of the log likelihood: 5e-5 of the parameters' errors at most.
    private static readonly BoundedNewtonOptions MinimiserOptions = new() { Tolerance = 1e-9 };

    private readonly MassSpectrumFamily _family;
    private readonly double[] _parameters;
    private readonly double[] _covariance;

    private MassSpectrum(
        MassSpectrumOptions options, double low, double high, double[] parameters, double[] covariance)
    {
        Options = options;
        Low = low;
        High = high;
        _family = new MassSpectrumFamily(options, low, high);
        _parameters = parameters;
        _covariance = covariance;
    }

    /// <summary>The function that was fitted.</summary>
    public MassSpectrumOptions Options { get; }

    /// <summary>Lower end of the fitted range.</summary>
    public double Low { get; }

    /// <summary>Upper end of the fitted range.</summary>
    public double High { get; }

    /// <summary>Fitted parameters c, in the order of the family's basis.</summary>
    public ReadOnlySpan<double> Parameters => _parameters;

    /// <summary>Covariance of the parameters, row-major.</summary>
    public ReadOnlySpan<double> Covariance => _covariance;

    /// <summary>
    /// Probability of a χ² at least as large as that of the sidebands in bins of equal width; small values say that the
    /// function does not describe the sidebands.
    /// </summary>
    public double GoodnessOfFit { get; private init; }

    /// <summary>Fits the spectrum to the events of the sidebands.</summary>
    /// <param name="masses">Masses of events in the sidebands.</param>
    /// <param name="weights">One per event, or empty for 1 each.</param>
    /// <param name="window">The signal region, left out of the fit, and the outer limits (else the extreme masses).</param>
    /// <param name="options">The function to fit.</param>
    /// <exception cref="DataException">Too few events, or the fit finds no minimum; the message says which.</exception>
    public static MassSpectrum Fit(
        ReadOnlySpan<float> masses, ReadOnlySpan<double> weights, MassWindow window, MassSpectrumOptions options)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(options);
        if (masses.Length <= 10 * options.ParameterCount)
        {
            throw new DataException(
                $"The sidebands of {window} hold {masses.Length} events, too few for {options.ParameterCount} parameters; widen them.");
        }

        SidebandSample sample = SidebandSample.Of(masses, weights, window);
        var family = new MassSpectrumFamily(options, sample.Low, sample.High);
        var likelihood = new MassSpectrumLikelihood(family, sample);
        BoxMinimum minimum = new BoundedNewton(likelihood.ParameterCount, MinimiserOptions).Minimise(likelihood, likelihood.Start());
        double[] parameters = [.. minimum.Parameters];
        if (minimum.Status != MinimumStatus.Converged || likelihood.Covariance(parameters) is not { } covariance)
        {
            throw new DataException(
                Text(
                    $"The {options.Shape} spectrum with {options.ParameterCount} parameters found no minimum on {masses.Length} sideband "
                        + $"events after {minimum.Iterations} steps; use fewer parameters or other sidebands."));
        }

        var spectrum = new MassSpectrum(options, sample.Low, sample.High, parameters, covariance);
        spectrum.RequirePositive(window);
        return new MassSpectrum(options, sample.Low, sample.High, parameters, covariance)
        {
            GoodnessOfFit = sample.GoodnessOf(spectrum),
        };
    }

    /// <summary>A spectrum that was fitted before.</summary>
    internal static MassSpectrum Restore(
        MassSpectrumOptions options, double low, double high, double[] parameters, double[] covariance, double goodnessOfFit) =>
        new(options, low, high, parameters, covariance) { GoodnessOfFit = goodnessOfFit };

    /// <summary>f(m), in events per unit of mass.</summary>
    public double Density(double mass) => _family.Density(mass, _parameters);

    /// <summary>∫ f dm over [low, high): the expected number of background events, with its error from the covariance.</summary>
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
                variance += slope[k] * _covariance[(k * size) + l] * slope[l];
            }
        }

        return new Estimate(value, Math.Sqrt(Math.Max(0, variance)));
    }

    /// <summary>Masses that follow the spectrum in [low, high); those of the events of <see cref="Generate"/> with the same seed.</summary>
    internal float[] Masses(double low, double high, int count, Seed seed) =>
        new TabulatedSpectrum(Density, low, high).Draw(count, seed.Child("mass"));

    /// <summary>
    /// Background events with masses that follow the spectrum in [low, high), and weights that sum to the number expected there.
    /// </summary>
    /// <param name="generator">Draws the features at a mass.</param>
    /// <param name="low">Lower end of the masses.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="count">Number of events; 1 or more.</param>
    /// <param name="seed">Same seed, same events.</param>
    /// <exception cref="DataException">The weights of the generated events do not sum to more than 0.</exception>
    public EventTable Generate(IEventGenerator generator, double low, double high, int count, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        float[] masses = Masses(low, high, count, seed);
        EventTable events = generator.Generate(masses, seed.Child("events"));
        double scale = Expected(low, high).Value / events.SumOfWeights;
        if (!(scale > 0 && double.IsFinite(scale)))
        {
            throw new DataException(
                Text(
                    $"The weights of {count:N0} generated events sum to {events.SumOfWeights:G4}, expected more than 0; check the "
                        + $"generator."));
        }

        double[] weights = new double[count];
        for (int row = 0; row < count; row++)
        {
            weights[row] = scale * events.Weight(row);
        }

        return events.WithWeights(weights);
    }

    // The fit keeps a polynomial positive at every event of the sidebands, not in the gap between them.
    private void RequirePositive(MassWindow window)
    {
        foreach (double mass in Quadrature.OnInterval(window.Low, window.High, 64).Nodes)
        {
            if (!(Density(mass) > 0))
            {
                throw new DataException(
                    Text(
                        $"The {Options.Shape} spectrum fitted to the sidebands is not positive at {mass:G6}, inside the signal region "
                            + $"{window}; use fewer parameters or another shape."));
            }
        }
    }
}
