using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using System.Text.Json;
using Gbi.Cli.Help;
using Gbi.Events.IO;

namespace Gbi.Cli.Options.Parsing;

/// <summary>
/// A JSON object with options as its keys, camelCase as in all documents of gbi; what was typed wins over it. Keys as version 0.2.0 had
/// them, long options without their dashes and by their names of then, are read too.
/// </summary>
internal static class ConfigFile
{
    /// <summary>The option that names the file.</summary>
    public static Option<string> Option() =>
        OptionOf.Text(
            "--config", "FILE.json", "Options as a JSON object, {\"mass\": \"mjj\", \"massRange\": \"2:8\", ...}; typed options win.");

    /// <summary>The file that was typed, or null.</summary>
    public static string? PathOf(ParseResult parsed, Option<string> option) => parsed.GetResult(option) switch
    {
        { IdentifierTokenCount: > 1 } => throw new UsageException($"{option.Name} was given more than once; give one file."),
        { Tokens.Count: 0 } => null,
        _ => parsed.GetValue(option),
    };

    /// <summary>Arguments that say what the file says, without those that were typed.</summary>
    public static IEnumerable<string> Arguments(string path, ParseResult typed)
    {
        using JsonDocument document = Read(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new UsageException($"{path} holds a JSON {document.RootElement.ValueKind}, expected an object with options as keys.");
        }

        var keys = new Dictionary<Option, string>();
        try
        {
            return [.. document.RootElement.EnumerateObject().SelectMany(entry => Arguments(path, entry, typed, keys))];
        }
        catch (InvalidOperationException cause)
        {
            // The reader of .NET finds half of a letter where a text is asked for.
            throw new UsageException(
                $"{path} holds half a character, an escape \\ud800 to \\udfff by itself; write both halves "
                    + $"({cause.Message.TrimEnd('.')}).");
        }
    }

    private static JsonDocument Read(string path)
    {
        string text = JsonText.Read(path);
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException cause)
        {
            throw new UsageException($"{path} is not valid JSON: {JsonText.Fault(cause)}.");
        }
    }

    private static IEnumerable<string> Arguments(string path, JsonProperty entry, ParseResult typed, Dictionary<Option, string> keys)
    {
        Option option = OptionOfKey(path, entry.Name, typed);
        if (!keys.TryAdd(option, entry.Name))
        {
            throw new UsageException(
                $"{path} has the keys '{keys[option]}' and '{entry.Name}', which are both {option.Name}; leave one of them out.");
        }

        if (typed.GetResult(option) is { Implicit: false })
        {
            return [];
        }

        JsonElement value = entry.Value;
        return value.ValueKind switch
        {
            JsonValueKind.True when option is Option<bool> => [option.Name],
            JsonValueKind.False when option is Option<bool> => [],
            JsonValueKind.Number or JsonValueKind.String when option is not Option<bool> => [$"{option.Name}={Text(value)}"],
            JsonValueKind.Array when value.EnumerateArray().All(part => part.ValueKind is JsonValueKind.String or JsonValueKind.Number) =>
                [$"{option.Name}={string.Join(',', value.EnumerateArray().Select(Text))}"],
            _ =>
                throw new UsageException(
                    $"The key '{entry.Name}' of {path} holds {value.GetRawText()}, which is not a value of {option.Name}."),
        };
    }

    private static Option OptionOfKey(string path, string key, ParseResult typed)
    {
        Command command = typed.CommandResult.Command;
        Option[] options =
        [
            .. TypedOptions.Of(command, (RootCommand)typed.RootCommandResult.Command)
                .Where(option => option is not (HelpOption or VersionOption) && option.Name != "--config"),
        ];
        string name = $"--{Kebab(key)}";
        string verb = string.Join(' ', HelpPage.NameOf(command).Skip(1));
        string now = RenamedOptions.NewName(verb, name) ?? name;
        return Array.Find(options, option => option.Name == now) ?? throw new UsageException(
            $"{path} has the key '{key}', which is not an option of 'gbi {verb}'"
            + NearestWord.Question(key, options.Select(option => Camel(option.Name)), $"; see 'gbi {verb} --help'."));
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Kebab(string key)
    {
        var name = new StringBuilder();
        foreach (char letter in key)
        {
            name.Append(char.IsAsciiLetterUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}");
        }

        return name.ToString();
    }

    private static string Camel(string option) => string.Concat(option.TrimStart('-').Split('-').Select(
        (word, number) => number == 0 ? word : $"{char.ToUpperInvariant(word[0])}{word[1..]}"));
}
