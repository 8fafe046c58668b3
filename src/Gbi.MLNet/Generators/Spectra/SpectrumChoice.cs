using static Gbi.Numerics.InvariantText;

namespace Gbi.Generators.Spectra;

/// <summary>A function of those that a spectrum was chosen from, fitted to the same sidebands.</summary>
public sealed class SpectrumCandidate
{
    private readonly SpectrumFit _fit;

    internal SpectrumCandidate(SpectrumFit fit, double aicDifference, double weight, double goodnessOfFit) =>
        (_fit, AicDifference, Weight, GoodnessOfFit) = (fit, aicDifference, weight, goodnessOfFit);

    /// <summary>The function.</summary>
    public MassSpectrumOptions Options => _fit.Options;

    /// <summary>Its AIC less that of the chosen function, which has 0.</summary>
    public double AicDifference { get; }

    /// <summary>Akaike weight exp(−Δ/2) / Σ exp(−Δ/2), Δ the difference in AIC.</summary>
    public double Weight { get; }

    /// <summary>χ² probability in the sidebands; NaN where it was not tested, as no degree of freedom is left.</summary>
    public double GoodnessOfFit { get; }

    internal double[] Parameters => _fit.Parameters;

    /// <summary>Its number of background events in [low, high).</summary>
    public double Expected(double low, double high) => _fit.Integral(low, high);
}

/// <summary>Chooses a function by Akaike's information criterion, AIC = 2k − 2 ln L.</summary>
/// <remarks>
/// AIC compares functions that do not contain each other, which an F-test or a likelihood-ratio test cannot, and keeps a parameter whose
/// bias is as large as its error, which a test at 5 % drops. Exponentials start at four parameters: with three, the best AIC goes with a
/// bias of up to 1.3 errors in wide sidebands of a dijet spectrum, and the error is hardly smaller than with four. For weighted
/// events ln L is divided by Σw²/Σw. Akaike, IEEE Trans. Autom. Control 19 (1974) 716; weights and variance:
/// Burnham and Anderson, Model Selection (2002), sections 2.9 and 4.3.
/// </remarks>
internal static class SpectrumChoice
{
    /// <summary>A χ² probability below which a function does not describe the sidebands.</summary>
    public const double PoorFit = 0.01;

    private const int FewestParameters = 3;
    private const int FewestOfExponential = 4;
    private const int MostOfExponential = 6;
    private const int MostOfDijet = 5;
    private const int EventsPerParameter = 10;

    /// <summary>All functions that have a minimum, the chosen one first.</summary>
    /// <param name="sample">The sidebands.</param>
    /// <param name="collisionEnergy">√s, by which the dijet functions take part; null without them.</param>
    public static SpectrumFit[] Fits(SidebandSample sample, double? collisionEnergy)
    {
        double scale = sample.SumOfSquares / sample.SumOfWeights;
        return
        [
            .. Functions(sample.Masses.Length, collisionEnergy)
                .Where(function => sample.Masses.Length > EventsPerParameter * function.ParameterCount)
                .Select(function => SpectrumFit.TryOf(sample, function, out _))
                .OfType<SpectrumFit>()
                .OrderBy(fit => Aic(fit, scale))
        ];
    }

    /// <summary>Fits as candidates with their Akaike weights.</summary>
    public static SpectrumCandidate[] Candidates(SidebandSample sample, SpectrumFit[] fits)
    {
        double scale = sample.SumOfSquares / sample.SumOfWeights;
        double[] differences = [.. fits.Select(fit => Aic(fit, scale) - Aic(fits[0], scale))];
        double sum = differences.Sum(difference => Math.Exp(-difference / 2));
        return
        [
            .. fits.Select((fit, at) => new SpectrumCandidate(
                fit, differences[at], Math.Exp(-differences[at] / 2) / sum, sample.GoodnessOf(fit)))
        ];
    }

    /// <summary>What to do about a function that does not describe the sidebands.</summary>
    /// <param name="sample">The sidebands.</param>
    /// <param name="options">The function as it was asked for.</param>
    /// <param name="otherwise">What to do where no other function describes them either.</param>
    public static string Remedy(
        SidebandSample sample, MassSpectrumOptions options, string otherwise = "use more parameters, another shape or narrower sidebands")
    {
        if (options.Shape == SpectrumShape.Automatic)
        {
            return options.CollisionEnergy is null
                ? "use narrower sidebands, or give the collision energy so that dijet functions are tried"
                : "use narrower sidebands";
        }

        SpectrumFit? best = Fits(sample, options.Shape == SpectrumShape.Dijet ? options.CollisionEnergy : null).FirstOrDefault();
        double probability = best is null ? 0 : sample.GoodnessOf(best);
        return probability switch
        {
            >= PoorFit => Text($"the {best!.Options.InWords} describes them (χ² probability {probability:G2})"),
            double.NaN => $"the {best!.Options.InWords} can be fitted to them",
            _ => otherwise,
        };
    }

    private static IEnumerable<MassSpectrumOptions> Functions(int events, double? collisionEnergy)
    {
        int first = events > EventsPerParameter * FewestOfExponential ? FewestOfExponential : FewestParameters;
        for (int count = first; count <= MostOfExponential; count++)
        {
            yield return new MassSpectrumOptions { Shape = SpectrumShape.Exponential, ParameterCount = count };
        }

        for (int count = FewestParameters; count <= MostOfDijet && collisionEnergy is not null; count++)
        {
            yield return new MassSpectrumOptions
            {
                Shape = SpectrumShape.Dijet,
                ParameterCount = count,
                CollisionEnergy = collisionEnergy
            };
        }
    }

    private static double Aic(SpectrumFit fit, double scale) => (2 * fit.Options.ParameterCount) + (2 * fit.Nll / scale);
}
