using System.CommandLine;
using System.Globalization;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Options.Parsing;

/// <summary>A file of events simulated at a point of the nuisance parameters, as typed: "jes=1,tes=-0.5:file.parquet".</summary>
/// <param name="Point">Parameters that are not 0 there, in the order in which they were typed.</param>
/// <param name="Path">The file.</param>
internal sealed record VariedFile(IReadOnlyList<KeyValuePair<string, double>> Point, string Path)
{
    /// <summary>The point as text.</summary>
    public string PointText => string.Join(", ", Point.Select(value => Text($"{value.Key}={value.Value}")));

    /// <summary>The option that takes such files; it may be repeated.</summary>
    public static Option<VariedFile[]> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NU=VALUE,...:FILE",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            VariedFile?[] files = [.. result.Tokens.Select(token => Parse(token.Value))];
            int wrong = Array.IndexOf(files, null);
            if (wrong < 0)
            {
                return files!;
            }

            result.AddError(
                $"{name} is '{result.Tokens[wrong].Value}', expected parameters with values, a colon and a file, such as nu=1:up.parquet "
                    + $"or a=1,b=-0.5:file.parquet.");
            return [];
        },
    };

    /// <summary>The parameters' values in the order of their names; those that were not typed are 0.</summary>
    public double[] At(IReadOnlyList<string> parameters) =>
        [.. parameters.Select(parameter => Point.Where(value => value.Key == parameter).Select(value => value.Value).FirstOrDefault())];

    // The first colon ends the point, so that a path may hold colons of its own.
    private static VariedFile? Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        if (parts is not [var typed, { Length: > 0 } path])
        {
            return null;
        }

        var point = new List<KeyValuePair<string, double>>();
        foreach (string part in typed.Split(','))
        {
            string[] sides = part.Split('=');
            if (sides.Length != 2 || sides[0].Trim() is not { Length: > 0 } name || name.AsSpan().IndexOfAny('*', '^') >= 0
                || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value)
                || point.Exists(other => other.Key == name))
            {
                return null;
            }

            point.Add(KeyValuePair.Create(name, value));
        }

        return new VariedFile(point, path);
    }
}
