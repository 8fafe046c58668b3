using System.Text;
using Gbi.Events;

namespace Gbi.Simulators.Processes;

/// <summary>
/// The words of a command line, split as a POSIX shell splits them: at blanks, but for '…' (as it is) and "…" (with \ before ", \, $
/// and `), and \ before any other character. No shell runs: variables, wildcards, ~, pipes and redirections are not expanded.
/// </summary>
internal static class CommandWords
{
    private const string Operators = "|<>;&`";

    /// <summary>The words.</summary>
    /// <exception cref="DataException">A quotation does not end, there are no words, or an operator of a shell stands outside
    /// quotations.</exception>
    public static string[] Split(string command)
    {
        List<string> words = [];
        StringBuilder? word = null;
        for (int at = 0; at < command.Length; at++)
        {
            char here = command[at];
            if (char.IsWhiteSpace(here))
            {
                if (word is not null)
                {
                    words.Add(word.ToString());
                }

                word = null;
                continue;
            }

            word ??= new StringBuilder();
            switch (here)
            {
                case '\'' or '"':
                    at = Quotation(command, at, word);
                    break;
                // On Windows it separates folders.
                case '\\' when !OperatingSystem.IsWindows() && at + 1 < command.Length:
                    word.Append(command[++at]);
                    break;
                case var operation when Operators.Contains(operation):
                    throw new DataException(
                        $"The command of the simulator has the shell operator '{operation}' ({command}), but no shell runs it; quote it, "
                            + "or run "
                            + "a shell: sh -c '…'.");
                default:
                    word.Append(here);
                    break;
            }
        }

        if (word is not null)
        {
            words.Add(word.ToString());
        }

        return words.Count > 0 ? [.. words] : throw new DataException("The command of the simulator is empty; give a program.");
    }

    /// <summary>Appends what is quoted; returns where the quotation ends.</summary>
    private static int Quotation(string command, int start, StringBuilder word)
    {
        char quote = command[start];
        for (int at = start + 1; at < command.Length; at++)
        {
            if (command[at] == quote)
            {
                return at;
            }

            bool escapes = quote == '"' && command[at] == '\\' && at + 1 < command.Length && "\"\\$`".Contains(command[at + 1]);
            word.Append(command[escapes ? ++at : at]);
        }

        throw new DataException(
            $"The command of the simulator has a quotation that does not end ({command[start..]}); add the closing {quote}.");
    }

    /// <summary>The path of a program, found as the system finds it.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static string Program(string word)
    {
        if (word.Contains('/') || (OperatingSystem.IsWindows() && word.Contains('\\')))
        {
            return File.Exists(word) ? Path.GetFullPath(word) : throw new DataException(
                $"There is no program {word}, with which the command of the simulator begins; check the path.");
        }

        return OnPath(word) ?? throw new DataException(
            $"There is no program '{word}', with which the command of the simulator begins, in the folders of PATH; check its name, or "
                + "give its path, as ./NAME in this folder.");
    }

    /// <summary>A program in the folders of PATH; null where there is none.</summary>
    public static string? OnPath(string name)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat", ""] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending)))
            .FirstOrDefault(File.Exists);
    }
}
