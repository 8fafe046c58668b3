using System.CommandLine;
using System.Text.Json;
using Gbi.Events;

namespace Gbi.Cli.Options.Parsing;

/// <summary>A JSON object whose keys are long options without their dashes; what was typed wins over it.</summary>
internal static class SettingsFile
{
    /// <summary>Arguments that say what the file says, without those that were typed.</summary>
    public static IEnumerable<string> Arguments(string path, ParseResult typed)
    {
        using JsonDocument document = Read(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new UsageException($"{path} holds a JSON {document.RootElement.ValueKind}, expected an object with options as keys.");
        }

        return [.. document.RootElement.EnumerateObject().SelectMany(entry => Arguments(path, entry, typed))];
    }

    private static JsonDocument Read(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(path));
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"There is no file {path}; check the path.", cause);
        }
        catch (JsonException cause)
        {
            throw new UsageException($"{path} is not valid JSON ({cause.Message.TrimEnd('.')}).");
        }
    }

    private static IEnumerable<string> Arguments(string path, JsonProperty entry, ParseResult typed)
    {
        string name = $"--{entry.Name}";
        Option[] options = [.. typed.CommandResult.Command.Options.Concat(typed.RootCommandResult.Command.Options)];
        Option option = Array.Find(options, candidate => candidate.Name == name && name is not ("--config" or "--help" or "--version"))
            ?? throw new UsageException(
                $"{path} has the key '{entry.Name}', which is no option of 'gbi {typed.CommandResult.Command.Name}'; see its --help.");
        if (typed.GetResult(option) is { Implicit: false })
        {
            return [];
        }

        JsonElement value = entry.Value;
        return value.ValueKind switch
        {
            JsonValueKind.True when option is Option<bool> => [name],
            JsonValueKind.False when option is Option<bool> => [],
            JsonValueKind.Number => [$"{name}={value.GetRawText()}"],
            JsonValueKind.String => [$"{name}={value.GetString()}"],
            JsonValueKind.Array when value.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String) =>
                [$"{name}={string.Join(',', value.EnumerateArray().Select(part => part.GetString()))}"],
            _ => throw new UsageException($"The key '{entry.Name}' of {path} holds {value.GetRawText()}, which is no value of {name}."),
        };
    }
}
