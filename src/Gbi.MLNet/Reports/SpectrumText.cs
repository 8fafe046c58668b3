using Gbi.Events;
using Gbi.Generators.Spectra;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports;

/// <summary>Mass spectra in words, as tables, pages and documents name them.</summary>
internal static class SpectrumText
{
    /// <summary>The name of a family, as it is asked for.</summary>
    public static string NameOf(SpectrumShape shape) => shape switch
    {
        SpectrumShape.Automatic => "auto",
        _ => shape.ToString().ToLowerInvariant(),
    };

    /// <summary>A χ² probability; "not tested" where no degree of freedom was left.</summary>
    public static string Probability(double probability) => double.IsNaN(probability) ? "not tested" : Text($"{probability:G2}");

    /// <summary>The fit of a spectrum to the sidebands, in one line.</summary>
    public static string OfFit(MassSpectrum spectrum)
    {
        string chosen = spectrum.Candidates.Count == 0
            ? ""
            : Text($"{NameOf(spectrum.Options.Shape)}, {Counted(spectrum.Options.ParameterCount, "parameter")} (by AIC), ");
        return chosen + (double.IsNaN(spectrum.GoodnessOfFit) ? "χ² not tested" : $"χ² probability {Probability(spectrum.GoodnessOfFit)}");
    }

    /// <summary>Where the error of the expected background comes from; null where it is that of the fit alone.</summary>
    public static string? ErrorParts(MassSpectrum? spectrum, MassWindow region) => spectrum is not { Candidates.Count: > 0 } ? null : Text(
        $"fit {spectrum.FitError(region.Low, region.High):N1}, choice of the spectrum {spectrum.ChoiceError(region.Low, region.High):N1}");
}
