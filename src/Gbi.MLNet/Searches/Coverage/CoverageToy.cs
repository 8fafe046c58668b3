using System.Text.Json.Serialization;
using Gbi.Diagnostics.Closure;
using Gbi.Searches.Results;

namespace Gbi.Searches.Coverage;

/// <summary>What the search of one pseudo-data set found.</summary>
public sealed record CoverageToy
{
    /// <summary>Share of injected signal among the events of the signal region.</summary>
    public required double TrueFraction { get; init; }

    /// <summary>The estimate of it.</summary>
    public required double Fraction { get; init; }

    /// <summary>Its standard error.</summary>
    public required double Error { get; init; }

    /// <summary>Ends of the 68.27 % interval.</summary>
    public required IReadOnlyList<double> Interval68 { get; init; }

    /// <summary>Ends of the 95 % interval.</summary>
    public required IReadOnlyList<double> Interval95 { get; init; }

    /// <summary>Z without a cut, then after each cut on the score, or of the fitted fraction; negative for a deficit.</summary>
    public required IReadOnlyList<double> Significances { get; init; }

    /// <summary>Lower limit of the fraction without a signal model; null with one.</summary>
    public required double? LowerLimit { get; init; }

    /// <summary>Names of the checks that failed.</summary>
    public required IReadOnlyList<string> Failed { get; init; }

    /// <summary>Names of the checks that were inconclusive.</summary>
    public required IReadOnlyList<string> Inconclusive { get; init; }

    /// <summary>What is kept of a search.</summary>
    internal static CoverageToy Of(ResonanceSearchResult result, double trueFraction)
    {
        SignalFraction found = result.SignalFraction;
        double[] significances = result.Bound is null ? [result.Significance] : [.. result.Excess.Select(cut => cut.Significance)];
        return new CoverageToy
        {
            TrueFraction = trueFraction,
            Fraction = found.Value,
            Error = found.Error,
            Interval68 = [found.Interval68.Lower, found.Interval68.Upper],
            Interval95 = [found.Interval95.Lower, found.Interval95.Upper],
            Significances = significances,
            LowerLimit = result.Bound?.Lower,
            Failed = Names(result, check => check.Failed),
            Inconclusive = Names(result, check => check.IsInconclusive),
        };
    }

    private static string[] Names(ResonanceSearchResult result, Func<ClosureCheck, bool> which) =>
        [.. result.Checks.Where(which).Select(check => check.Name)];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CoverageToy))]
internal sealed partial class CoverageToyContext : JsonSerializerContext;
