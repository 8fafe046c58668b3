using System.CommandLine;
using System.CommandLine.Parsing;
using Gbi.Events.IO.Outputs;
using Gbi.Scoring;

namespace Gbi.Cli;

/// <summary>
/// The rules of names of outputs: a file has the ending of its format, and an input of the same command is never replaced. What is done
/// with others that exist: <see cref="FinishedOutputs"/>.
/// </summary>
internal static class OutputPath
{
    public const string Parquet = ".parquet";
    public const string Zip = ".zip";
    public const string Onnx = ".onnx";
    public const string Html = ".html";

    private const string Option = "--out";

    private static readonly StringComparison OfPaths = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
        ? StringComparison.OrdinalIgnoreCase
        : StringComparison.Ordinal;

    /// <summary>The path of an output, where it may be written.</summary>
    /// <param name="parsed">The command line, whose inputs are kept.</param>
    /// <param name="path">The output.</param>
    /// <param name="ending">The ending of its format; null where the name has none.</param>
    /// <param name="option">The option that names it.</param>
    public static string Require(ParseResult parsed, string path, string? ending = null, string option = Option)
    {
        if (path.Length == 0)
        {
            throw new UsageException($"{option} is empty; give the name of what to write.");
        }

        if (path.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter)) && path.EnumerateRunes().Any(IsUnusable))
        {
            throw new UsageException($"{option} is '{path}', which has letters that no name of a file has; give another name.");
        }

        if (ending is not null && !OutputPlace.IsWrittenTo(path) && !path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"{option} is '{path}', expected a name that ends with {ending}.");
        }

        if (Inputs(parsed, path, option).Any())
        {
            throw new UsageException($"{option} {path} is an input of this command; choose another name.");
        }

        RequireOutsideOfInputs(parsed, path, option);

        return path;
    }

    // What stands for half of a letter, and zero, which ends a name.
    private static bool IsUnusable(System.Text.Rune letter) => letter.Value is 0 or 0xfffd;

    /// <summary>The path of a folder, where it may be written.</summary>
    /// <param name="parsed">The command line, whose inputs are kept.</param>
    /// <param name="path">The folder.</param>
    /// <param name="files">Names of the files that may be replaced in it.</param>
    public static string RequireFolder(ParseResult parsed, string path, IEnumerable<string> files)
    {
        KeepInputs(parsed, path, files);
        return OutputPlace.IsWrittenTo(path)
            ? throw new UsageException($"{Option} is '{path}', which holds no folder; give the name of a folder.")
            : Require(parsed, path);
    }

    /// <summary>Refuses a folder in which an input of the command would be replaced.</summary>
    private static void KeepInputs(ParseResult parsed, string folder, IEnumerable<string> files)
    {
        if (files.SelectMany(file => Inputs(parsed, Path.Combine(folder, file))).FirstOrDefault() is { } input)
        {
            throw new UsageException($"{input} is an input of this command and would be replaced; choose another {Option}.");
        }
    }

    private static IEnumerable<string> Inputs(ParseResult parsed, string output, string named = Option) => !File.Exists(output)
        ? []
        : Words(parsed, named).Where(word => FilesOf(word).Any(
            file => File.Exists(file) && string.Equals(Resolved(file), Resolved(output), OfPaths))).Select(word => word.Text);

    // Of a folder or a pattern the parts; a document names files too that are not read.
    private static IEnumerable<string> FilesOf((string Text, bool MayBeFolder) word) =>
        word.MayBeFolder && !File.Exists(word.Text) ? FileContent.FilesOf(word.Text) : [word.Text];

    /// <summary>Refuses an output in a folder whose files are inputs: it would be one of them the next time.</summary>
    private static void RequireOutsideOfInputs(ParseResult parsed, string path, string option)
    {
        string full = OutputPlace.IsWrittenTo(path) ? "" : Resolved(path) + Path.DirectorySeparatorChar;
        if (Words(parsed, option).FirstOrDefault(word => word.MayBeFolder && Directory.Exists(word.Text)
            && full.StartsWith(Resolved(Path.TrimEndingDirectorySeparator(word.Text)) + Path.DirectorySeparatorChar, OfPaths)).Text
            is { } folder)
        {
            throw new UsageException(
                $"{option} {path} lies in {folder}, whose files are the input of this command; choose another folder.");
        }
    }

    // Whatever was typed may name a file, so that no verb has to list its inputs; so may what follows the colon of NU=VALUE:FILE.
    private static IEnumerable<(string Text, bool MayBeFolder)> Words(ParseResult parsed, string named)
    {
        Command command = parsed.CommandResult.Command;
        return command.Arguments.SelectMany(argument => Of(parsed.GetResult(argument)?.Tokens, true))
            .Concat(command.Options.Where(option => option.Name != named).SelectMany(
                option => Of(parsed.GetResult(option)?.Tokens, CommandInputs.MayNameFolder(option))));

        static IEnumerable<(string, bool)> Of(IReadOnlyList<Token>? tokens, bool mayBeFolder) =>
            (tokens ?? []).SelectMany(token => (string[])[token.Value, .. token.Value.Split(':', 2).Skip(1)])
                .Where(word => word.Length > 0 && !word.Contains('\0')).Select(word => (word, mayBeFolder));
    }

    /// <summary>The full path with all links resolved.</summary>
    private static string Resolved(string path)
    {
        string full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        string at = Path.Combine(Resolved(parent), Path.GetFileName(full));
        return new FileInfo(at).LinkTarget is { } target ? Resolved(Path.GetFullPath(target, Path.GetDirectoryName(at)!)) : at;
    }
}
