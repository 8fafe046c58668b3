using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Jobs.Toys;
using Gbi.Reports.Json.Fits;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi merge: one test by toys of all its shards.</summary>
internal sealed class MergeVerb : Verb
{
    private readonly Argument<string[]> _files = new("SHARDS")
    {
        Description = "Files of all shards, written by 'gbi toys --shard'.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE.json", "File to write the values of all toys to.", defaultsTo: "nothing is written");

    private readonly Option<bool> _force = OptionOf.Force();
    private readonly ReportOption _report;

    public MergeVerb()
        : base(
            "merge",
            "Merge the shards of a toy-based test. The result equals that of one run; shards that are missing, repeated or of another "
                + "test are refused.",
            "gbi merge toys-1.json toys-2.json toys-3.json toys-4.json",
            "gbi merge toys-*.json --out toys.json --json")
    {
        _report = new ReportOption("distribution of the statistic, CLs", _force);
        Arguments.Add(_files);
        this.AddAll(_out);
        _report.AddTo(this);
        this.AddAll(_force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string? path = parsed.GetValue(_out) is { } given ? OutputPath.Require(parsed, given) : null;
        ToyRun run = ToyMerge.Of([.. parsed.GetRequiredValue(_files).Select(file => (Path.GetFileName(file), Read(file)))]);
        using PendingFile? file = path is null ? null : new PendingFile(
            path, FinishedOutputs.Require(parsed, force, (path, _out.Name)));
        using PendingPage? page = _report.Begin(parsed);
        ToysVerb.Write(file, run);

        ToyOutput.Print(terminal, run);
        var document = ToysDocument.Of(run);
        page?.Write(terminal, document);
        terminal.PrintJson(document);
    }

    private static ToyRun Read(string path)
    {
        string text = JsonText.Read(path);
        try
        {
            return ToyRunJson.Read(text);
        }
        catch (DataException failure)
        {
            throw new DataException($"{Path.GetFileName(path)}: {failure.Message}", failure);
        }
    }
}
