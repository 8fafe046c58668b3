using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Outputs;
using Gbi.Reports.Html.Fits;
using Gbi.Reports.Json;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi report: a page of results that were written before.</summary>
internal sealed class ReportVerb : Verb
{
    private readonly Argument<string[]> _files = new("RESULTS")
    {
        Description = "Documents that fit, limit, hypotest, significance, interval, toys or merge printed with --json; - for standard "
            + "input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "PAGE.html", "Page to write, one file that needs no other.", required: true);

    private readonly Option<bool> _force = OptionOf.Force();

    public ReportVerb()
        : base(
            "report",
            "Make a page of results that were written before, the same that --report of their verbs makes. Several results follow each "
            + "other on one page.",
            "gbi report fit.json --out fit.html",
            "gbi report fit.json limit.json --out results.html")
    {
        Arguments.Add(_files);
        this.AddAll(_out, _force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string[] files = parsed.GetRequiredValue(_files);
        string path = OutputPath.Require(parsed, parsed.GetRequiredValue(_out), OutputPath.Html);
        DocumentInput.RequireStandardOnce(files);
        OutputTerms terms = FinishedOutputs.Require(parsed, parsed.GetValue(_force), (path, _out.Name));
        ResultDocument[] results =
        [
            .. files.Select(file => ResultReader.Read(DocumentInput.Read(file), DocumentInput.NameOf(file), ResultPage.Kinds)),
        ];
        using var page = new PendingFile(path, terms);
        ReportFile.Write(page, ResultPage.Write(results, ReportFile.Command(parsed)));
        terminal.Say($"Wrote {path}.");
        terminal.PrintJson(() => new FinishedDocument([path]));
    }
}
