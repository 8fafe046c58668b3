using System.Globalization;
using System.Text.RegularExpressions;

namespace Gbi.Tests.Docs;

/// <summary>
/// Compares what a program printed with the text of a page: the same words, and numbers that differ by no more than half a unit of
/// their last printed digit, or by 1e-3 of their value where that is more.
/// </summary>
internal static partial class PrintedText
{
    private const double RelativeTolerance = 1e-3;

    public static void AssertAlike(string printed, string expected)
    {
        string[] found = [.. Token().Matches(printed).Select(token => token.Value)];
        string[] wanted = [.. Token().Matches(expected).Select(token => token.Value)];
        Assert.That(found, Has.Length.EqualTo(wanted.Length), $"printed:\n{printed}");
        Assert.Multiple(() =>
        {
            foreach ((string token, string other) in found.Zip(wanted).Where(pair => !AreAlike(pair.First, pair.Second)))
            {
                Assert.Fail($"'{token}' is printed where the page says '{other}':\n{printed}");
            }
        });
    }

    public static bool AreAlike(string printed, string expected)
    {
        if (printed == expected)
        {
            return true;
        }

        return Value(printed) is { } number && Value(expected) is { } other
            && Math.Abs(number - other) <= Math.Max(RelativeTolerance * Math.Abs(other), 0.5000001 * LastDigit(expected));
    }

    private static double? Value(string token)
    {
        const NumberStyles Styles = NumberStyles.Float | NumberStyles.AllowThousands;
        return double.TryParse(token.Replace('−', '-'), Styles, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>One unit of the last digit that is printed.</summary>
    private static double LastDigit(string number)
    {
        string[] parts = number.Split('e', 'E');
        int point = parts[0].IndexOf('.');
        int decimals = point < 0 ? 0 : parts[0].Length - point - 1;
        int exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        return Math.Pow(10, exponent - decimals);
    }

    // Numbers also within words ("[0.0070,", "tau21"); box-drawing lines of a table are as wide as its numbers and say nothing.
    [GeneratedRegex(@"((?<![\w.])[-−])?\d+(,\d{3})*(\.\d+)?([eE][+-]?\d+)?|[^\s\d\u2500-\u257F]")]
    private static partial Regex Token();
}
