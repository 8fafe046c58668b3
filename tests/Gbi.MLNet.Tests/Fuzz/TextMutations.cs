using System.Text;
using System.Text.RegularExpressions;

namespace Gbi.Tests.Fuzz;

/// <summary>Changes of text: numbers, separators, quotes, lines.</summary>
internal static partial class TextMutations
{
    private static readonly string[] Numbers =
    [
        "0", "-1", "1e400", "-1e400", "1e-400", "NaN", "inf", "-Infinity", "99999999999999999999", "0x10", "1,5", "", "1e", "--1",
        "٣", "1_0",
    ];

    private static readonly string[] Pieces =
    [
        ",", ";", "\t", " ", "\"", "\"\"", "'", "\r", "\n", "\r\n", "\0", "\uFEFF", "#", "\\", "{", "}", "[", "]", ":", "\\ud800", "ä",
        "\x1b[31m",
    ];

    /// <summary>One to three changes.</summary>
    public static byte[] Mutate(byte[] clean, Random random)
    {
        string text = Encoding.UTF8.GetString(clean);
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            text = random.Next(5) switch
            {
                0 or 1 => ReplaceNumber(text, random),
                2 => text.Insert(random.Next(text.Length + 1), Pieces[random.Next(Pieces.Length)]),
                3 => ReplacePiece(text, random),
                _ => ChangeLines(text, random),
            };
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static string ReplaceNumber(string text, Random random)
    {
        MatchCollection found = Number().Matches(text);
        if (found.Count == 0)
        {
            return text;
        }

        Match number = found[random.Next(found.Count)];
        return text[..number.Index] + Numbers[random.Next(Numbers.Length)] + text[(number.Index + number.Length)..];
    }

    private static string ReplacePiece(string text, Random random)
    {
        string piece = Pieces[random.Next(Pieces.Length)];
        int at = text.IndexOf(piece, random.Next(text.Length + 1), StringComparison.Ordinal);
        return at < 0 ? text : text[..at] + Pieces[random.Next(Pieces.Length)] + text[(at + piece.Length)..];
    }

    private static string ChangeLines(string text, Random random)
    {
        List<string> lines = [.. text.Split('\n')];
        int line = random.Next(lines.Count);
        int other = random.Next(lines.Count);
        switch (random.Next(3))
        {
            case 0:
                lines.RemoveAt(line);
                break;
            case 1:
                lines.Insert(line, lines[other]);
                break;
            default:
                (lines[line], lines[other]) = (lines[other], lines[line]);
                break;
        }

        return string.Join('\n', lines);
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][-+]?\d+)?")]
    private static partial Regex Number();
}
