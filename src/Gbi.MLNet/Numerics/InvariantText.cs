using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gbi.Numerics;

/// <summary>Text with numbers in the invariant culture, whatever the culture of the process: <c>Text($"{x:F2}")</c>.</summary>
internal static class InvariantText
{
    public static string Text(ref InvariantTextHandler text) => text.ToStringAndClear();

    /// <summary>A number of things: "1 event", "2,500 events", "0 patches".</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">One of them.</param>
    /// <param name="nouns">Several of them; null for the noun with an s.</param>
    public static string Counted(double count, string noun, string? nouns = null)
    {
        string number = count.ToString("N0", CultureInfo.InvariantCulture);
        return $"{number} {(number == "1" ? noun : nouns ?? noun + "s")}";
    }
}

/// <summary>What the compiler makes of an interpolated string that is passed to <see cref="InvariantText.Text"/>.</summary>
[InterpolatedStringHandler]
internal ref struct InvariantTextHandler(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    public void AppendFormatted<T>(T value, int alignment) => _text.AppendFormatted(value, alignment);

    public void AppendFormatted<T>(T value, int alignment, string? format) => _text.AppendFormatted(value, alignment, format);

    public void AppendFormatted(string? value) => _text.AppendFormatted(value);

    public void AppendFormatted(ReadOnlySpan<char> value) => _text.AppendFormatted(value);

    public string ToStringAndClear() => _text.ToStringAndClear();
}
