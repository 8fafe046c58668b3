using System.CommandLine;

namespace Gbi.Cli;

/// <summary>A command that does something, with examples for its help, each one command line.</summary>
internal abstract class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    public abstract void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation);
}

/// <summary>A verb whose options may stand in a file.</summary>
internal interface IConfigurable
{
    /// <summary>The file of options, or null.</summary>
    string? ConfigPath(ParseResult parsed);
}
