using Gbi.Cli.Options.Parsing;

namespace Gbi.Cli.Verbs.Shell;

/// <summary>
/// One script a shell. Each hands the line up to the cursor, without the command's own name, to the parser's directive [suggest], which
/// prints what may follow; options are offered where the word begins with a dash, and file names where nothing else is.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # gbi: completion for bash
        _gbi() {
            local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" found
            [[ $line == *" "* ]] && line="${line#* }" || line=""
            found="$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)"
            [[ $word == -* ]] || found="$(command grep -v '^-' <<< "$found")"
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$found" -- "$word"))
        }
        complete -o bashdefault -o default -F _gbi gbi

        """;

    private const string Zsh = """
        #compdef gbi
        # gbi: completion for zsh
        _gbi() {
            local line="${(j: :)words[2,CURRENT]}" word="${words[CURRENT]}"
            local -a found
            found=("${(@f)$(command ${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
            [[ $word == -* ]] || found=("${(@)found:#-*}")
            found=("${(@)found:#}")
            compadd -a found && return
            _files
        }
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
        compdef _gbi gbi

        """;

    private const string Fish = """
        # gbi: completion for fish
        function __gbi_suggest
            set -l words (commandline -opc)
            set -l word (commandline -ct)
            set -l line (string join ' ' -- $words[2..-1] $word)
            set -l found (command $words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            if string match -q -- '-*' "$word"
                printf '%s\n' $found
            else
                string match -v -- '-*' $found
            end
        end
        complete -c gbi -a '(__gbi_suggest)'

        """;

    private const string Pwsh = """
        # gbi: completion for PowerShell
        Register-ArgumentCompleter -Native -CommandName gbi -ScriptBlock {
            param($word, $ast, $position)
            $text = $ast.ToString()
            $end = [Math]::Min($position - $ast.Extent.StartOffset, $text.Length)
            $line = $text.Substring(0, $end) -replace '^\S+\s*', ''
            if ($position - $ast.Extent.StartOffset -gt $text.Length -and $line) { $line += ' ' }
            & $ast.CommandElements[0].Value "[suggest:$($line.Length)]" $line 2>$null |
                Where-Object { $_ -like "$word*" -and ($word -like '-*' -or $_ -notlike '-*') } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = Pwsh,
    };

    /// <summary>The shells that there are scripts for.</summary>
    public static IReadOnlyCollection<string> Shells => Scripts.Keys;

    public static string Of(string shell) => Scripts.GetValueOrDefault(shell)
        ?? throw new UsageException($"SHELL is '{shell}', {OptionOf.Expected(shell, Scripts.Keys)}");
}
