using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>
/// JSON documents as Python's json module writes them with keys in order and numbers as Python prints them: what pyhf prints, and what its
/// digests are of, so that white space and the order of keys do not matter.
/// </summary>
internal static class PythonJson
{
    /// <summary>The digest in hexadecimal digits.</summary>
    /// <param name="document">The document.</param>
    /// <param name="algorithm">md5 or sha256.</param>
    public static string Digest(JsonNode document, string algorithm)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Text(document));
#pragma warning disable CA5351 // MD5 tells documents apart that nobody forged: patch sets name theirs by it.
        byte[] digest = algorithm == "md5" ? MD5.HashData(bytes) : SHA256.HashData(bytes);
#pragma warning restore CA5351
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>The document as json.dumps writes it with sort_keys, on one line and without escapes of letters.</summary>
    public static string Text(JsonNode document) => Written(document, indent: null);

    /// <summary>The same with indent=4 and escapes of all letters beyond ASCII, as pyhf writes workspaces.</summary>
    public static string Indented(JsonNode document) => Written(document, indent: 4);

    private static string Written(JsonNode document, int? indent)
    {
        var text = new StringBuilder();
        new Writer(text, indent).Append(document, 0);
        return text.ToString();
    }

    private sealed class Writer(StringBuilder text, int? indent)
    {
        public void Append(JsonNode? node, int depth)
        {
            switch (node)
            {
                case JsonObject members:
                    AppendAll('{', '}', depth, members.OrderBy(member => member.Key, CodePoints).ToArray(), member =>
                    {
                        AppendQuoted(text, member.Key, isAscii: indent is not null);
                        text.Append(": ");
                        Append(member.Value, depth + 1);
                    });
                    break;
                case JsonArray items:
                    AppendAll('[', ']', depth, items, item => Append(item, depth + 1));
                    break;
                case null:
                    text.Append("null");
                    break;
                default:
                    AppendValue(text, node, isAscii: indent is not null);
                    break;
            }
        }

        private void AppendAll<T>(char open, char close, int depth, IList<T> parts, Action<T> append)
        {
            text.Append(open);
            for (int i = 0; i < parts.Count; i++)
            {
                text.Append(i == 0 ? "" : indent is null ? ", " : ",");
                AppendLine(depth + 1);
                append(parts[i]);
            }

            if (parts.Count > 0)
            {
                AppendLine(depth);
            }

            text.Append(close);
        }

        private void AppendLine(int depth)
        {
            if (indent is { } spaces)
            {
                text.Append('\n').Append(' ', spaces * depth);
            }
        }
    }

    private static void AppendValue(StringBuilder text, JsonNode value, bool isAscii)
    {
        if (value.GetValueKind() == JsonValueKind.String)
        {
            AppendQuoted(text, value.GetValue<string>(), isAscii);
            return;
        }

        string written = value.ToJsonString();
        bool isReal = value.GetValueKind() == JsonValueKind.Number && written.AsSpan().IndexOfAny(RealMarks) >= 0;
        text.Append(isReal ? PythonReal(double.Parse(written, CultureInfo.InvariantCulture)) : written == "-0" ? "0" : written);
    }

    private static readonly SearchValues<char> RealMarks = SearchValues.Create(".eE");

    /// <summary>The shortest digits that give the number back; with an exponent from 10¹⁶ on and below 10⁻⁴.</summary>
    public static string PythonReal(double value)
    {
        if (value == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0.0";
        }

        string[] parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        string all = parts[0].Replace(".", "");
        int whole = parts[0].IndexOf('.') is var point and >= 0 ? point : parts[0].Length;
        string digits = all.TrimStart('0');
        int power = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        int exponent = whole - 1 - (all.Length - digits.Length) + power;
        digits = digits.TrimEnd('0');
        string sign = value < 0 ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        return exponent < 0
            ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1
                ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
                : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static void AppendQuoted(StringBuilder text, string value, bool isAscii)
    {
        text.Append('"');
        foreach (char letter in value)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                > '~' when isAscii => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        text.Append('"');
    }

    /// <summary>Python orders texts by code points, which UTF-8 keeps and UTF-16 does not.</summary>
    public static readonly IComparer<string> CodePoints = Comparer<string>.Create((left, right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));
}
