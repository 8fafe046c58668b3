using System.CommandLine;
using Gbi.Reports.Json;

namespace Gbi.Cli.Verbs.Shell;

/// <summary>gbi completions: a script that completes verbs, options and their choices in a shell.</summary>
internal sealed class CompletionsVerb : Verb
{
    private readonly Argument<string> _shell = new("SHELL") { Description = $"One of {string.Join(", ", CompletionScripts.Shells)}." };

    public CompletionsVerb()
        : base(
            "completions",
            "Print a script that completes verbs, options and choices as you type. Load it in the start-up file of the shell.",
            "source <(gbi completions bash)",
            "source <(gbi completions zsh)",
            "gbi completions fish | source",
            "gbi completions pwsh | Out-String | Invoke-Expression")
    {
        Arguments.Add(_shell);
        _shell.CompletionSources.Add([.. CompletionScripts.Shells]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string shell = parsed.GetRequiredValue(_shell);
        string script = CompletionScripts.Of(shell);
        if (terminal.Json)
        {
            terminal.PrintJson(new CompletionsDocument(shell, script));
        }
        else
        {
            // Not by way of the console, which would break long lines.
            terminal.Output.Write(script);
        }
    }
}
