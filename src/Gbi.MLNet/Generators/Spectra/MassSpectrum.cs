using Gbi.Events;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Generators.Spectra;

/// <summary>
/// The background's mass spectrum f(m) = dN/dm, fitted to the sidebands by the extended unbinned likelihood
/// −Σᵢ wᵢ ln f(mᵢ) + ∫ f dm over the sidebands, which is convex in the parameters of every family.
/// </summary>
/// <remarks>The covariance is the inverse Hessian, for weighted events H⁻¹ (Σ w² ∇ln f ∇ln fᵀ) H⁻¹.</remarks>
public sealed class MassSpectrum
{
    private readonly SpectrumFit _fit;
    private readonly Lazy<string>? _remedy;

    private MassSpectrum(SpectrumFit fit, SpectrumCandidate[] candidates, double goodnessOfFit, Lazy<string>? remedy) =>
        (_fit, Candidates, GoodnessOfFit, _remedy) = (fit, candidates, goodnessOfFit, remedy);

    /// <summary>The function that was fitted; the chosen one of <see cref="SpectrumShape.Automatic"/>.</summary>
    public MassSpectrumOptions Options => _fit.Options;

    /// <summary>All functions that it was chosen from, itself first; empty where a function was named.</summary>
    public IReadOnlyList<SpectrumCandidate> Candidates { get; }

    /// <summary>Lower end of the fitted range.</summary>
    public double Low => _fit.Low;

    /// <summary>Upper end of the fitted range.</summary>
    public double High => _fit.High;

    /// <summary>Fitted parameters c, in the order of the family's basis; of the dijet function ln p₁, p₂, p₃, …</summary>
    public ReadOnlySpan<double> Parameters => _fit.NaturalParameters;

    /// <summary>Covariance of the parameters, row-major.</summary>
    public ReadOnlySpan<double> Covariance => _fit.NaturalCovariance;

    /// <summary>The fit as it is restored from.</summary>
    internal SpectrumFit Fitted => _fit;

    /// <summary>
    /// Probability of a χ² at least as large as that of the sidebands in bins of equal width; small values say that the
    /// function does not describe the sidebands. NaN where it was not tested, as no degree of freedom is left.
    /// </summary>
    public double GoodnessOfFit { get; }

    /// <summary>What to do where the function does not describe the sidebands: the words after a semicolon.</summary>
    internal string Remedy => _remedy?.Value ?? "use more parameters, another shape or narrower sidebands";

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
        return options.Shape == SpectrumShape.Automatic ? Chosen(sample, options) : Named(sample, options);
    }

    /// <summary>A spectrum that was fitted before.</summary>
    internal static MassSpectrum Restore(SpectrumFit fit, double goodnessOfFit, params SpectrumCandidate[] candidates) =>
        new(fit, candidates, goodnessOfFit, null);

    /// <summary>f(m), in events per unit of mass.</summary>
    public double Density(double mass) => _fit.Density(mass);

    /// <summary>
    /// ∫ f dm over [low, high): the expected number of background events, with its error from the covariance and, where the function was
    /// chosen, from the choice.
    /// </summary>
    public Estimate Expected(double low, double high)
    {
        Estimate ofFit = _fit.Expected(low, high);
        return Candidates.Count == 0
            ? ofFit
            : ofFit with { Error = Math.Sqrt((ofFit.Error * ofFit.Error) + Math.Pow(ChoiceError(low, high), 2)) };
    }

    /// <summary>The part of the error of <see cref="Expected"/> that comes from the covariance of the parameters.</summary>
    public double FitError(double low, double high) => _fit.Expected(low, high).Error;

    /// <summary>
    /// √Σ w (E − E₀)² over the candidates, w their Akaike weights and E₀ the number that the chosen function expects in [low, high): the
    /// part of the error of <see cref="Expected"/> that comes from the choice; 0 where a function was named.
    /// </summary>
    public double ChoiceError(double low, double high)
    {
        double chosen = Candidates.Count == 0 ? 0 : _fit.Integral(low, high);
        return Math.Sqrt(Candidates.Sum(candidate => candidate.Weight * Math.Pow(candidate.Expected(low, high) - chosen, 2)));
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

    private static MassSpectrum Named(SidebandSample sample, MassSpectrumOptions options)
    {
        SpectrumFit fit = SpectrumFit.TryOf(sample, options, out int steps) ?? throw new DataException(
            Text(
                $"The {options.InWords} found no minimum on {sample.Masses.Length} sideband events after {steps} steps; "
                    + $"{SpectrumChoice.Remedy(sample, options, "use fewer parameters or other sidebands")}."));
        RequirePositive(fit, sample);
        double goodness = sample.GoodnessOf(fit);
        return new MassSpectrum(fit, [], goodness, RemedyOf(goodness, sample, options));
    }

    private static MassSpectrum Chosen(SidebandSample sample, MassSpectrumOptions options)
    {
        SpectrumFit[] fits = SpectrumChoice.Fits(sample, options.CollisionEnergy);
        if (fits.Length == 0)
        {
            throw new DataException(
                $"No spectrum found a minimum on {sample.Masses.Length} sideband events; name one with fewer parameters, or use other "
                    + $"sidebands.");
        }

        SpectrumCandidate[] candidates = SpectrumChoice.Candidates(sample, fits);
        double goodness = candidates[0].GoodnessOfFit;
        return new MassSpectrum(fits[0], candidates, goodness, RemedyOf(goodness, sample, options));
    }

    // Fits other functions, so not before it is asked for; the events are kept for it where the fit is poor alone.
    private static Lazy<string>? RemedyOf(double goodness, SidebandSample sample, MassSpectrumOptions options) =>
        goodness < SpectrumChoice.PoorFit ? new Lazy<string>(() => SpectrumChoice.Remedy(sample, options)) : null;

    // The fit keeps a polynomial positive at every event of the sidebands, not in the gap between them.
    private static void RequirePositive(SpectrumFit fit, SidebandSample sample)
    {
        foreach (double mass in Quadrature.OnInterval(sample.Window.Low, sample.Window.High, 64).Nodes)
        {
            if (!(fit.Density(mass) > 0))
            {
                throw new DataException(
                    Text(
                        $"The {fit.Options.InWords} fitted to the sidebands is not positive at {mass:G6}, inside the signal region "
                            + $"{sample.Window}; "
                            + $"{SpectrumChoice.Remedy(sample, fit.Options, "use fewer parameters or another shape")}."));
            }
        }
    }
}
