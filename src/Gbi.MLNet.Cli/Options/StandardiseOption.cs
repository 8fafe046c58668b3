using System.CommandLine;
using System.Text.Json;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Onnx.Adoption;

namespace Gbi.Cli.Options;

/// <summary>The option with means and widths of features, typed or in a JSON file.</summary>
internal sealed class StandardiseOption
{
    private const string Json = ".json";

    private readonly Option<string[]> _option = OptionOf.Names(
        "--standardise", "NAME=MEAN:WIDTH,...|FILE.json",
        "Features that the network takes as (x - mean)/width; a file holds {\"NAME\": [MEAN, WIDTH], ...}.",
        "NAME=MEAN:WIDTH with commas between them, or a file that ends with .json");

    public Option Option => _option;

    /// <summary>The scales by name; none where the option was not given.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public IReadOnlyDictionary<string, FeatureScale> Read(ParseResult parsed)
    {
        string[] words = parsed.GetResult(_option) is null ? [] : parsed.GetValue(_option)!;
        if (words is [var path] && path.EndsWith(Json, StringComparison.OrdinalIgnoreCase))
        {
            return ReadFile(path);
        }

        var scales = new Dictionary<string, FeatureScale>(StringComparer.Ordinal);
        foreach (string word in words)
        {
            int equals = word.LastIndexOf('=');
            bool isScale = equals > 0 && word[(equals + 1)..].Split(':') is [var mean, var width]
                && OptionOf.ToReal(mean) is { } centre && OptionOf.ToReal(width) is > 0 and { } size
                && scales.TryAdd(word[..equals], new FeatureScale(centre, size));
            if (!isScale)
            {
                throw new UsageException(
                    $"--standardise is '{word}', expected NAME=MEAN:WIDTH with a width above 0 and each name once, such as pt=85.2:31.4.");
            }
        }

        return scales;
    }

    private static Dictionary<string, FeatureScale> ReadFile(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.EnumerateObject().ToDictionary(
                entry => entry.Name,
                entry => entry.Value is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2
                    && double.IsFinite(pair[0].GetDouble()) && pair[1].GetDouble() is > 0 and < double.PositiveInfinity
                    ? new FeatureScale(pair[0].GetDouble(), pair[1].GetDouble())
                    : throw new InvalidOperationException());
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read; check the path of --standardise.", cause);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new DataException(
                $"{path} holds no means and widths, expected {{\"NAME\": [MEAN, WIDTH], ...}} with widths above 0 and each name once.",
                cause);
        }
    }
}
