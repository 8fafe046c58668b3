using Gbi.Onnx.Export;

namespace Gbi.Onnx.Models;

/// <summary>Names in the files of networks trained outside, besides those of <see cref="OnnxExport"/>. They stand in files: never
/// changed.</summary>
internal static class OnnxContract
{
    /// <summary>Key of the metadata with the kind, one of <see cref="Kinds"/>.</summary>
    public const string KindKey = "gbi.kind";

    /// <summary>Key of the metadata with the names of theta, commas between them.</summary>
    public const string ThetaKey = "gbi.theta";

    /// <summary>Key of the metadata with the prior, the JSON document of <see cref="Simulators.Priors.Prior"/>.</summary>
    public const string PriorKey = "gbi.prior";

    /// <summary>Key of the metadata with the nuisance parameters' names, commas between them.</summary>
    public const string ParametersKey = "gbi.parameters";

    /// <summary>Key of the metadata with the monomials of the coefficients, such as nu,nu^2,a*b.</summary>
    public const string MonomialsKey = "gbi.monomials";

    /// <summary>Key of the metadata with the mass's name.</summary>
    public const string MassKey = "gbi.mass";

    /// <summary>Key of the metadata of an adopted network with what its output was called.</summary>
    public const string OutputKey = "gbi.output";

    /// <summary>What stands there for a score, which is no ratio until it is calibrated.</summary>
    public const string ScoreOutput = "score";

    /// <summary>The same for a probability.</summary>
    public const string ProbabilityOutput = "probability";

    /// <summary>Kind of a ratio.</summary>
    public const string RatioKind = "ratio";

    /// <summary>Kind of a systematic.</summary>
    public const string SystematicKind = "systematic";

    /// <summary>Kind of a generator.</summary>
    public const string GeneratorKind = "generator";

    /// <summary>Kind of a density.</summary>
    public const string DensityKind = "density";

    /// <summary>Kind of a posterior, which makes parameters.</summary>
    public const string PosteriorKind = "posterior";

    /// <summary>Kind of a posterior's density.</summary>
    public const string PosteriorDensityKind = "posterior_density";

    /// <summary>Kind of a likelihood.</summary>
    public const string LikelihoodDensityKind = "likelihood_density";

    /// <summary>All kinds, for messages.</summary>
    public const string Kinds = "ratio, systematic, generator, density, posterior, posterior_density or likelihood_density";

    /// <summary>Input with parameters, and output of a posterior, [events × theta].</summary>
    public const string ThetaInput = "theta";

    /// <summary>Input of a generator with standard normal numbers, [events × features]; of a posterior, [events × theta or more].</summary>
    public const string NoiseInput = "noise";

    /// <summary>Input of a generator or a density with the mass, [events × 1].</summary>
    public const string MassInput = "mass";

    /// <summary>Output of a generator with events, [events × features].</summary>
    public const string FeaturesOutput = "features";

    /// <summary>Output with the natural log of a density, such as ln p(x | m), [events].</summary>
    public const string LogDensityOutput = "log_density";
}
