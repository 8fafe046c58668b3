using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Verbs.Searches;
using Gbi.Events.IO.Outputs;
using Gbi.Reports.Json;

namespace Gbi.Cli;

/// <summary>All outputs of a command are there, as the same command made them of the same inputs: nothing is to be done.</summary>
internal sealed class FinishedException(IReadOnlyList<string> outputs) : Exception(Sentence(outputs))
{
    /// <summary>The outputs.</summary>
    public IReadOnlyList<string> Outputs { get; } = outputs;

    /// <summary>What is said of them.</summary>
    public static string Sentence(IReadOnlyList<string> outputs) =>
        $"{string.Join(" and ", outputs)}: finished before by the same command; nothing was done.";

    /// <summary>What --json prints: the document in a folder of results, or that the outputs are finished.</summary>
    public string ToJson()
    {
        string[] names = [DemoVerb.Result, SearchFiles.Result];
        return Outputs.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists) is { } document
            ? File.ReadAllText(document)
            : new FinishedDocument(Outputs).ToJson();
    }
}

/// <summary>What is done with outputs that exist: kept where the same command made them, else refused before the work.</summary>
internal static class FinishedOutputs
{
    /// <summary>On what terms the outputs of a command are written.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="force">Whether outputs of other inputs or options may be replaced.</param>
    /// <param name="outputs">The outputs with the options that name them; null for one that is not asked for.</param>
    /// <exception cref="FinishedException">All of them are there, made by the same command of the same inputs.</exception>
    /// <exception cref="UsageException">One is there, of other inputs or options, and may not be replaced.</exception>
    public static OutputTerms Require(ParseResult parsed, bool force, params IReadOnlyList<(string? Path, string Option)> outputs) =>
        Require(parsed, force, mayBeFinished: true, outputs);

    /// <summary>The same where a command does more than write its outputs, so that it is done again.</summary>
    public static OutputTerms Require(
        ParseResult parsed, bool force, bool mayBeFinished, params IReadOnlyList<(string? Path, string Option)> outputs)
    {
        var inputs = CommandInputs.Of(parsed);
        var terms = new OutputTerms(force) { MadeWith = () => inputs.Hash, Require = inputs.RequireUnchanged };
        (string Path, string Option)[] asked =
        [
            .. outputs.Where(output => output.Path is not null).Select(output => (output.Path!, output.Option))
        ];
        (string Path, string Option)[] there = [.. asked.Where(output => IsThere(output.Path))];
        if (force || there.Length == 0)
        {
            return terms;
        }

        bool hasFailedCheck = false;
        Sweep(there.Select(output => output.Path));
        foreach ((string path, string option) in there)
        {
            if (!Directory.Exists(path) && !OutputMark.IsCarried(path))
            {
                // It cannot say what it was made with; what is made anew is compared with it.
                terms = terms with { AcceptsSame = true, Taken = Exists(path, option).Message };
                mayBeFinished = false;
                continue;
            }

            if (inputs.Hash is not { } hash || !FinishedOutput.Is(path, hash, out bool failed))
            {
                throw Exists(path, option);
            }

            hasFailedCheck |= failed;
        }

        return !mayBeFinished || there.Length < asked.Length ? terms with { Overwrite = !terms.AcceptsSame }
            : hasFailedCheck ? throw new CheckFailedException(
                $"{string.Join(" and ", there.Select(output => output.Path))}: finished before by the same command, "
                    + $"and a check had failed; repeat it with {OptionOf.ForceName} to see which.")
            : throw new FinishedException([.. there.Select(output => output.Path)]);
    }

    // What a run left that was killed when its outputs were in place.
    private static void Sweep(IEnumerable<string> outputs)
    {
        foreach (string path in outputs)
        {
            if (Directory.Exists(path))
            {
                PendingFolder.Sweep(OutputPlace.OfFolder(path));
            }
            else if (FileStatus.Of(path).IsFile)
            {
                TemporaryName.Sweep(OutputPlace.OfFile(path).Path);
            }
        }
    }

    /// <summary>The error of an output that exists.</summary>
    public static UsageException Exists(string path, string option) => new(
        $"{path} exists already; choose another {option}, or allow replacing it with {OptionOf.ForceName}.");

    /// <summary>Whether something is there that would be replaced.</summary>
    public static bool IsThere(string path) =>
        !OutputPlace.IsWrittenTo(path) && FileStatus.Of(path).Kind is not (FileKind.Missing or FileKind.Pipe);
}
