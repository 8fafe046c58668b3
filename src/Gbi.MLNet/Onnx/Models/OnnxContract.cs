using Gbi.Onnx.Export;

namespace Gbi.Onnx.Models;

/// <summary>Names in the files of networks trained outside, besides those of <see cref="OnnxExport"/>. They stand in files: never
/// changed.</summary>
internal static class OnnxContract
{
    /// <summary>Key of the metadata with the kind: ratio, systematic, generator or density.</summary>
    public const string KindKey = "gbi.kind";

    /// <summary>Key of the metadata with the names of theta, commas between them.</summary>
    public const string ThetaKey = "gbi.theta";

    /// <summary>Key of the metadata with the nuisance parameters' names, commas between them.</summary>
    public const string ParametersKey = "gbi.parameters";

    /// <summary>Key of the metadata with the monomials of the coefficients, such as nu,nu^2,a*b.</summary>
    public const string MonomialsKey = "gbi.monomials";

    /// <summary>Key of the metadata with the mass's name.</summary>
    public const string MassKey = "gbi.mass";

    /// <summary>Kind of a ratio.</summary>
    public const string RatioKind = "ratio";

    /// <summary>Kind of a systematic.</summary>
    public const string SystematicKind = "systematic";

    /// <summary>Kind of a generator.</summary>
    public const string GeneratorKind = "generator";

    /// <summary>Kind of a density.</summary>
    public const string DensityKind = "density";

    /// <summary>Input of a ratio with its parameters, [events × theta].</summary>
    public const string ThetaInput = "theta";

    /// <summary>Input of a generator with standard normal numbers, [events × features].</summary>
    public const string NoiseInput = "noise";

    /// <summary>Input of a generator or a density with the mass, [events × 1].</summary>
    public const string MassInput = "mass";

    /// <summary>Output of a generator with events, [events × features].</summary>
    public const string FeaturesOutput = "features";

    /// <summary>Output of a generator or a density: ln p(x | m), [events].</summary>
    public const string LogDensityOutput = "log_density";
}
