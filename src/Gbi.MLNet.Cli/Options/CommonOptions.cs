using System.CommandLine;
using Gbi.Cli.Options.Parsing;

namespace Gbi.Cli.Options;

/// <summary>The options that every verb has.</summary>
internal sealed class CommonOptions
{
    /// <summary>Name of the option of threads.</summary>
    public const string ThreadsName = "--threads";

    /// <summary>Names of the options of every verb, which change no result.</summary>
    public static IReadOnlyList<string> WithoutEffect { get; } = [ThreadsName, "--json", "--verbose"];

    public Option<int?> Threads { get; } = OptionOf.Number(
        ThreadsName, "N", "Maximum number of threads; results do not depend on it.", least: 1, defaultsTo: "all cores");

    public Option<bool> Json { get; } = OptionOf.Flag("--json", "Print one JSON document in place of text.");

    public Option<bool> Verbose { get; } = OptionOf.Flag("--verbose", "Print the stack trace of an error.");

    public void AddTo(RootCommand root)
    {
        foreach (Option option in (Option[])[Threads, Json, Verbose])
        {
            option.Recursive = true;
            root.Add(option);
        }
    }
}
