using System.Globalization;

namespace Gbi.Events.IO.Csv;

/// <summary>Numbers in cells of text: with a decimal point, and infinity and NaN as C, Python and .NET print them.</summary>
internal static class CsvNumber
{
    private static readonly NumberFormatInfo DecimalCommaFormat = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "'" };

    /// <summary>The culture that cells are read in.</summary>
    public static CultureInfo Culture { get; } = WithoutThousands();

    /// <summary>The number of a text, rounded to nearest; infinite where it is larger than any.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float, Culture, out number))
        {
            return true;
        }

        text = text.Trim();
        ReadOnlySpan<char> word = text.TrimStart("+-");
        if (word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            number = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        number = double.NaN;
        return word.Equals("nan", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a text that is read as infinite is a number with digits, which no double is large enough for.</summary>
    public static bool IsTooLarge(ReadOnlySpan<char> text, double number) => double.IsInfinity(number) && text.ContainsAnyInRange('0', '9');

    /// <summary>Whether a text is a number but for a comma in place of the decimal point.</summary>
    public static bool HasDecimalComma(ReadOnlySpan<char> text) => double.TryParse(text, NumberStyles.Float, DecimalCommaFormat, out _);

    /// <summary>A text, cut short where it is long.</summary>
    public static string Shown(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}…";

    // In the invariant culture "1,5" would be read as 15: a comma separates thousands there. No text has this character.
    private static CultureInfo WithoutThousands()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberGroupSeparator = "\uFFFF";
        return culture;
    }
}
