using System.CommandLine;
using Gbi.Cli.Options.Parsing;

namespace Gbi.Cli.Options;

/// <summary>The options that every verb has.</summary>
internal sealed class CommonOptions
{
    public Option<int?> Threads { get; } = OptionOf.Number(
        "--threads", "N", "Most threads in use; results do not depend on it (default: all cores).", least: 1, recursive: true);

    public Option<bool> Json { get; } = OptionOf.Flag(
        "--json", "Print one JSON document on standard output, and nothing else there.", recursive: true);

    public Option<bool> Verbose { get; } = OptionOf.Flag("--verbose", "Print the stack trace of an error.", recursive: true);
}
