using System.Text.Json.Serialization;
using Gbi.Inference.Tests;

namespace Gbi.Reports.Json.Fits;

/// <summary>Upper limits on a strength.</summary>
[DocumentKind("limit", "Asymptotic CLs upper limits on the signal strength; printed by `gbi limit --json`")]
internal sealed record LimitDocument(
    [property: Meaning("Name of the parameter of interest")] string ParameterOfInterest,
    [property: Meaning("Confidence level of the limits")] double ConfidenceLevel,
    [property: Meaning("Observed limit; null where it was not found")] double UpperLimit,
    [property: Meaning("Limits expected without signal, at −2σ, −1σ, the median, +1σ, +2σ; null where one was not found")]
    IReadOnlyList<double> ExpectedUpperLimit,
    [property: Meaning("Best value of the strength, with the upper bound of the search")] double MuHat,
    [property: Meaning("Why limits were not found; empty where all were")] IReadOnlyList<string> Failures) : ModelResultDocument
{
    /// <summary>The test of no signal.</summary>
    [Meaning("Test of no signal by asymptotic formulas, as of `gbi significance`; null where a fit failed, or of a limit on a fraction")]
    public DiscoveryNumbers? Discovery { get; init; }

    public static LimitDocument Of(StrengthTest test, UpperLimits limits) => new(
        test.Model.Parameters[test.ParameterOfInterest].Name, limits.ConfidenceLevel, limits.Observed, limits.Expected,
        limits.MuHat, limits.Failures)
    {
        Discovery = DiscoveryNumbers.TryOf(test, 1),
    };
}

/// <summary>An asymptotic test of one strength. CLs stands there twice, once under the names that pyhf has for it.</summary>
[DocumentKind("hypotest", "Asymptotic CLs of one signal strength; printed by `gbi hypotest --json`")]
internal sealed record HypotestDocument(
    [property: Meaning("Name of the parameter of interest")] string ParameterOfInterest,
    [property: Meaning("Tested strength")] double Mu,
    [property: Meaning("Observed CLs, CLs+b / CLb")] double Cls,
    [property: Meaning("CLs expected without signal, at −2σ, −1σ, the median, +1σ, +2σ")] IReadOnlyList<double> ExpectedCls,
    [property: Meaning("P(q̃ ≥ observed | tested strength)")] double Clsb,
    [property: Meaning("P(q̃ ≥ observed | no signal)")] double Clb,
    [property: Meaning("Best value of the strength")] double MuHat,
    [property: Meaning("q̃ of the observed data")] double Q,
    [property: Meaning("q̃ of the Asimov data without signal")] double QAsimov) : ModelResultDocument
{
    /// <summary>The test of no signal.</summary>
    [Meaning("Test of no signal by asymptotic formulas, as of `gbi significance`; null where a fit failed, or of a limit on a fraction")]
    public DiscoveryNumbers? Discovery { get; init; }

    /// <summary>Observed CLs under pyhf's name.</summary>
    [Meaning("The same as cls, under pyhf's name")]
    [JsonPropertyName("CLs_obs")]
    public double PyhfObserved => Cls;

    /// <summary>Expected CLs under pyhf's name.</summary>
    [Meaning("The same as expectedCls, under pyhf's name")]
    [JsonPropertyName("CLs_exp")]
    public IReadOnlyList<double> PyhfExpected => ExpectedCls;

    public static HypotestDocument Of(StrengthTest test, StrengthTestResult result) => new(
        test.Model.Parameters[test.ParameterOfInterest].Name,
        result.Mu,
        result.Cls,
        result.ExpectedCls,
        result.PSignalAndBackground,
        result.PBackground,
        result.MuHat,
        result.Q,
        result.QAsimov)
    {
        Discovery = DiscoveryNumbers.TryOf(test, result.Mu > 0 ? result.Mu : 1),
    };
}
