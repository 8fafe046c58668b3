using System.Globalization;
using Gbi.Reports.Json;
using Gbi.Reports.Json.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html.Fits;

/// <summary>Numbers and words of the pages of fits.</summary>
internal static class FitText
{
    /// <summary>Names of the bands of what is expected, smallest first.</summary>
    public static IReadOnlyList<string> Bands { get; } =
        ["expected − 2 σ", "expected − 1 σ", "expected, median", "expected + 1 σ", "expected + 2 σ"];

    /// <summary>A number with its error, or alone where it has none.</summary>
    public static string WithError(double value, double error) =>
        double.IsFinite(error) && error > 0 ? RoundedNumber.WithError(value, error) : Number(value);

    public static string WithError(EstimateDocument of) => WithError(of.Value, of.Error);

    /// <summary>A number to five digits.</summary>
    public static string Number(double? value) => value is { } known && double.IsFinite(known)
        ? known.ToString("G5", CultureInfo.InvariantCulture).Replace('-', '−')
        : "not known";

    /// <summary>The same of a number that may be left out.</summary>
    public static string OrEmpty(double? value, string format = "G4") => value is { } known && double.IsFinite(known)
        ? known.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−')
        : "";

    /// <summary>How a test was made.</summary>
    public static string By(string method, int? toys, int failed = 0) => toys is not { } count
        ? $"by {method} formulas"
        : Text($"by toys, {count:N0} of each kind") + (failed > 0 ? Text($", of which {failed:N0} are left out, as fits failed") : "");

    /// <summary>Which model, measurement and version a result is of.</summary>
    public static string Origin(ModelResultDocument result) => string.Join(
        ", ",
        new[] { result.Measurement is { } measurement ? $"measurement {measurement}" : null, $"gbi {result.PackageVersion}" }
            .OfType<string>())
            + ".";
}
