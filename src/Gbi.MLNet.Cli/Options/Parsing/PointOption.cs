using System.CommandLine;
using System.Globalization;

namespace Gbi.Cli.Options.Parsing;

/// <summary>The option that names a point of a signal family.</summary>
internal sealed class PointOption
{
    private readonly Option<string[]> _at = OptionOf.Names(
        "--at", "NAME=VALUE,...", "Parameters at which a signal family (.json) gives its log ratio.",
        "pairs NAME=VALUE with commas between them");

    public Option Option => _at;

    /// <summary>Name and value of each parameter; null where no point was given.</summary>
    public IReadOnlyDictionary<string, double>? Read(ParseResult parsed)
    {
        if (parsed.GetResult(_at) is null)
        {
            return null;
        }

        var point = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string text in parsed.GetValue(_at)!)
        {
            bool isPair = text.Split('=') is [{ Length: > 0 } name, var word]
                && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                && point.TryAdd(name, value);
            if (!isPair)
            {
                throw new UsageException($"--at is '{text}', expected pairs NAME=VALUE with each name once, such as mx=500,my=100.");
            }
        }

        return point;
    }
}
