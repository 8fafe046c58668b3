using System.Globalization;

namespace Gbi.Reports.Html;

/// <summary>Numbers as people read them: to two significant digits of their error.</summary>
internal static class RoundedNumber
{
    /// <summary>A value with its error.</summary>
    public static string WithError(double value, double error) => $"{Like(value, error)} ± {Like(error, error)}";

    /// <summary>A value to the precision that an error of this size allows.</summary>
    public static string Like(double value, double error)
    {
        if (!double.IsFinite(value))
        {
            return "not known";
        }

        int decimals = error > 0 && double.IsFinite(error) ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(error)), 0, 10) : 2;
        return value.ToString($"N{decimals}", CultureInfo.InvariantCulture).Replace('-', '−');
    }
}
