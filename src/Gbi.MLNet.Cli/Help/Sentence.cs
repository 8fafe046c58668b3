using System.Globalization;

namespace Gbi.Cli.Help;

/// <summary>Notes in brackets at the end of a sentence of the help.</summary>
internal static class Sentence
{
    /// <summary>The sentence with a note before its full stop.</summary>
    public static string WithNote(string text, string note) => text.EndsWith('.') ? $"{text[..^1]} ({note})." : $"{text} ({note})";

    /// <summary>The sentence with the default that the library has.</summary>
    public static string WithDefault(string text, string? value) => value is null ? text : WithNote(text, $"default: {value}");

    /// <summary>A number as it can be typed.</summary>
    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Numbers as they can be typed.</summary>
    public static string Of(IEnumerable<double> numbers) => string.Join(',', numbers.Select(Of));

    /// <summary>One default for all, or each with what it is for; equal ones once.</summary>
    public static string Of(params IEnumerable<(string For, string Default)> defaults)
    {
        IGrouping<string, string>[] values = [.. defaults.GroupBy(one => one.Default, one => one.For)];
        return values.Length == 1 ? values[0].Key : string.Join("; ", values.Select(value => $"{value.Key} {string.Join(", ", value)}"));
    }
}
