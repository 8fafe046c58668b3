using System.Text.Json.Serialization;
using Gbi.Inference.Tests;

namespace Gbi.Reports.Json.Fits;

/// <summary>Upper limits on a strength.</summary>
[DocumentKind("limit", "CLs upper limits on the signal strength; printed by `gbi limit --json`")]
internal sealed record LimitDocument(
    [property: Meaning("\"asymptotic\" or \"toys\"")] string Method,
    [property: Meaning("Name of the parameter of interest")] string ParameterOfInterest,
    [property: Meaning("Confidence level of the limits")] double ConfidenceLevel,
    [property: Meaning("Observed limit; null where it was not found")] double UpperLimit,
    [property: Meaning("Its error from the number of toys; null by asymptotic formulas")] double UpperLimitError,
    [property: Meaning("Limits expected without signal, at −2σ, −1σ, the median, +1σ, +2σ; null where one was not found")]
    IReadOnlyList<double> ExpectedUpperLimit,
    [property: Meaning("Their errors from the number of toys; null by asymptotic formulas")]
    IReadOnlyList<double>? ExpectedUpperLimitError,
    [property: Meaning("Best value of the strength, with the upper bound of the search")] double MuHat,
    [property: Meaning("Why limits were not found; empty where all were")] IReadOnlyList<string> Failures) : ModelResultDocument
{
    /// <summary>The test of no signal.</summary>
    [Meaning("Test of no signal by asymptotic formulas, as of `gbi significance`; null where a fit failed, or of a limit on a fraction")]
    public DiscoveryNumbers? Discovery { get; init; }

    /// <summary>Toys of each kind.</summary>
    [Meaning("Toys of each kind at every strength; null by asymptotic formulas")]
    public int? Toys { get; init; }

    /// <summary>What toys gave.</summary>
    [Meaning("Tests by toys that the limits lie between, by ascending strength; null by asymptotic formulas")]
    public IReadOnlyList<LimitTestDocument>? Tests { get; init; }

    /// <summary>CLs over the strength.</summary>
    [Meaning("Tests by asymptotic formulas over values of the strength, ascending; null without --grid and --report, or by toys")]
    public IReadOnlyList<ClsPointDocument>? Scan { get; init; }

    public static LimitDocument Of(StrengthTest test, UpperLimits limits, int? toys) => new(
        toys is null ? "asymptotic" : "toys", test.Model.Parameters[test.ParameterOfInterest].Name, limits.ConfidenceLevel,
        limits.Observed, limits.ObservedError, limits.Expected, toys is null ? null : limits.ExpectedErrors, limits.MuHat, limits.Failures)
    {
        Discovery = DiscoveryNumbers.TryOf(test, 1),
        Toys = toys,
        Tests = toys is null ? null : [.. limits.Tests.Select(LimitTestDocument.Of)],
    };
}

internal sealed record ClsPointDocument(
    [property: Meaning("Tested strength")] double Mu,
    [property: Meaning("Observed CLs, CLs+b / CLb; null where a fit failed")] double Cls,
    [property: Meaning("P(q̃ ≥ observed | tested strength)")] double Clsb,
    [property: Meaning("P(q̃ ≥ observed | no signal)")] double Clb,
    [property: Meaning("CLs expected without signal, at −2σ, −1σ, the median, +1σ, +2σ; empty where a fit failed")]
    IReadOnlyList<double> ExpectedCls,
    [property: Meaning("Why a fit failed; null where none did")] string? Failure)
{
    public static ClsPointDocument Of(ClsPoint point) => new(
        point.Mu, point.Test?.Cls ?? double.NaN, point.Test?.PSignalAndBackground ?? double.NaN, point.Test?.PBackground ?? double.NaN,
        point.Test?.ExpectedCls ?? [], point.Failure);
}

internal sealed record LimitTestDocument(
    [property: Meaning("Tested strength")] double Mu,
    [property: Meaning("Observed CLs; null where no toy without signal reaches the observed q̃")] double Cls,
    [property: Meaning("Its error")] double ClsError,
    [property: Meaning("CLs expected without signal, at −2σ, −1σ, the median, +1σ, +2σ")] IReadOnlyList<double> ExpectedCls,
    [property: Meaning("Their errors")] IReadOnlyList<double> ExpectedClsError,
    [property: Meaning("Toys whose fits failed; they are left out")] int Failed)
{
    public static LimitTestDocument Of(LimitTest test) => new(
        test.Mu, test.Cls.Value, test.Cls.Error, [.. test.ExpectedCls.Select(cls => cls.Value)],
        [.. test.ExpectedCls.Select(cls => cls.Error)], test.FailureCount);
}

/// <summary>A test of one strength by CLs. CLs stands there twice, once under the names that pyhf has for it.</summary>
[DocumentKind("hypotest", "CLs of one signal strength; printed by `gbi hypotest --json`")]
internal sealed record HypotestDocument(
    [property: Meaning("\"asymptotic\" or \"toys\"")] string Method,
    [property: Meaning("Name of the parameter of interest")] string ParameterOfInterest,
    [property: Meaning("Tested strength")] double Mu,
    [property: Meaning("Observed CLs, CLs+b / CLb; null where no toy without signal reaches q̃")] double Cls,
    [property: Meaning("Its binomial error; null by asymptotic formulas")] double ClsError,
    [property: Meaning("CLs expected without signal, at −2σ, −1σ, the median, +1σ, +2σ")] IReadOnlyList<double> ExpectedCls,
    [property: Meaning("Their errors from the number of toys; null by asymptotic formulas")] IReadOnlyList<double>? ExpectedClsError,
    [property: Meaning("P(q̃ ≥ observed | tested strength)")] double Clsb,
    [property: Meaning("P(q̃ ≥ observed | no signal)")] double Clb,
    [property: Meaning("Best value of the strength")] double MuHat,
    [property: Meaning("q̃ of the observed data")] double Q,
    [property: Meaning("q̃ of the Asimov data without signal; null by toys")] double QAsimov,
    [property: Meaning("Toys of each kind; null by asymptotic formulas")] int? Toys,
    [property: Meaning("Toys whose fits failed; they are left out")] int Failed) : ModelResultDocument
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
        "asymptotic",
        NameOf(test),
        result.Mu,
        result.Cls,
        double.NaN,
        result.ExpectedCls,
        null,
        result.PSignalAndBackground,
        result.PBackground,
        result.MuHat,
        result.Q,
        result.QAsimov,
        null,
        0)
    {
        Discovery = DiscoveryOf(test, result.Mu),
    };

    public static HypotestDocument Of(StrengthTest test, ToyTestResult result) => new(
        "toys",
        NameOf(test),
        result.Mu,
        result.Cls,
        result.ClsError,
        [.. result.ExpectedCls.Select(cls => cls.Value)],
        [.. result.ExpectedCls.Select(cls => cls.Error)],
        result.PTested,
        result.PBackground,
        result.MuHat,
        result.Observed,
        double.NaN,
        result.Options.ToyCount,
        result.Failures.Count)
    {
        Discovery = DiscoveryOf(test, result.Mu),
    };

    private static string NameOf(StrengthTest test) => test.Model.Parameters[test.ParameterOfInterest].Name;

    private static DiscoveryNumbers? DiscoveryOf(StrengthTest test, double mu) => DiscoveryNumbers.TryOf(test, mu > 0 ? mu : 1);
}
