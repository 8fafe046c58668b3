using Gbi.Inference.Tests;
using Gbi.Likelihoods.Model;

namespace Gbi.Reports.Json.Fits;

/// <summary>A test of no signal.</summary>
[DocumentKind("significance", "A test of no signal; printed by `gbi significance --json`")]
internal sealed record SignificanceDocument(
    [property: Meaning("\"asymptotic\" or \"toys\"")] string Method,
    [property: Meaning("Name of the parameter of interest")] string ParameterOfInterest,
    [property: Meaning("Best value of the strength")] double MuHat,
    [property: Meaning("The numbers of the test")] DiscoveryNumbers Discovery,
    [property: Meaning("Binomial error of p0; null by asymptotic formulas")] double P0Error,
    [property: Meaning("Toys of each kind; null by asymptotic formulas")] int? Toys,
    [property: Meaning("Toys whose fits failed; they are left out")] int Failed) : ModelResultDocument
{
    public static SignificanceDocument Of(string name, DiscoveryResult result) => new(
        result.Background is null ? "asymptotic" : "toys",
        name,
        result.MuHat,
        DiscoveryNumbers.Of(result),
        result.ObservedError,
        result.Background?.Values.Count,
        (result.Background?.FailureCount ?? 0) + (result.Signal?.FailureCount ?? 0));
}

internal sealed record DiscoveryNumbers(
    [property: Meaning("q₀ of the observed data")] double Q0,
    [property: Meaning("P(q₀ ≥ observed | no signal)")] double P0,
    [property: Meaning("Significance; null where no toy reaches q₀", Unit = "σ")] double Z,
    [property: Meaning("Strength of what is expected")] double ExpectedMu,
    [property: Meaning("p₀ expected with that strength, at −2σ, −1σ, the median, +1σ, +2σ of its band")] IReadOnlyList<double> ExpectedP0,
    [property: Meaning("Significances expected with that strength, in the same order", Unit = "σ")] IReadOnlyList<double> ExpectedZ)
{
    public static DiscoveryNumbers Of(DiscoveryResult result) => new(
        result.Observed.Q0,
        result.Observed.P0,
        result.Observed.Z,
        result.ExpectedMu,
        [.. result.Expected.Select(expected => expected.P0)],
        [.. result.Expected.Select(expected => expected.Z)]);

    /// <summary>The numbers by asymptotic formulas; null where a fit failed, or the strength is one that no fit may reach.</summary>
    public static DiscoveryNumbers? TryOf(StrengthTest test, double expectedMu)
    {
        FitParameter mu = test.Model.Parameters[test.ParameterOfInterest];
        try
        {
            return expectedMu < mu.UpperOfLimits ? Of(DiscoveryTest.Asymptotic(test, expectedMu)) : null;
        }
        catch (FitException)
        {
            return null;
        }
    }
}
