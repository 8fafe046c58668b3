using System.CommandLine;
using System.Text;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Outputs;
using Gbi.Likelihoods.HistFactory;
using Gbi.Reports.Json.Models;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi patchset: the patches of a pyhf patch set.</summary>
internal sealed class PatchsetVerb : Verb
{
    private readonly Argument<string> _file = new("PATCHSET") { Description = "pyhf patch set; - for standard input." };
    private readonly Option<string> _workspace = OptionOf.Text(
        "--workspace", "W.json", "Check that the patches are made for this background-only workspace, by their digests.");

    private readonly Option<string> _extract = OptionOf.Text("--extract", "NAME", "Write this patch by itself, to --out.");
    private readonly Option<string> _out = OptionOf.Text("--out", "PATCH.json", "File of the extracted patch; - for standard output.");
    private readonly Option<bool> _force = OptionOf.Force();

    public PatchsetVerb()
        : base(
            "patchset",
            "List the patches of a pyhf patch set with the values of their signals.",
            "gbi patchset patchset.json",
            "gbi patchset patchset.json --workspace BkgOnly.json --json",
            "gbi patchset patchset.json --extract sbottom_600_280_150 --out patch.json")
    {
        Arguments.Add(_file);
        this.AddAll(_workspace, _extract, _out, _force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string file = parsed.GetRequiredValue(_file);
        string? path = parsed.GetValue(_workspace);
        DocumentInput.RequireStandardOnce([file, path]);
        PatchSet set = ModelOptions.InFile(file, () => PatchSet.Parse(DocumentInput.Read(file)));
        if (path is not null)
        {
            Workspace workspace = ModelOptions.InFile(path, () => Workspace.Parse(DocumentInput.Read(path)));
            ModelOptions.InFile(file, () =>
            {
                set.Require(workspace);
                return true;
            });
        }

        if (parsed.GetResult(_extract) is not null || parsed.GetResult(_out) is not null)
        {
            string extracted = Extract(parsed, file, set);
            terminal.Say($"Wrote patch '{parsed.GetValue(_extract)}' to {extracted}.");
            terminal.PrintJson(PatchsetDocument.Of(set, path is not null) with { Out = extracted });
            return;
        }

        terminal.Say($"{set.Description}");
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("Patch");
        foreach (string label in set.Labels)
        {
            table.AddColumn(new TableColumn(Terminal.Cell(label)).RightAligned());
        }

        foreach (PatchEntry patch in set.Patches)
        {
            table.AddRow([Terminal.Cell(patch.Name), .. patch.Values.Select(Terminal.Cell)]);
        }

        terminal.People.Write(table);
        terminal.Say($"{Counted(set.Patches.Count, "patch", "patches")}{(path is null ? "" : $", made for {DocumentInput.NameOf(path)}")}");
        terminal.PrintJson(PatchsetDocument.Of(set, path is not null));
    }

    private string Extract(ParseResult parsed, string file, PatchSet set)
    {
        if (parsed.GetValue(_extract) is not { } name || parsed.GetValue(_out) is not { } typed)
        {
            throw new UsageException("--extract names a patch and --out the file that it is written to; give both or neither.");
        }

        string path = OutputPath.Require(parsed, typed, ".json");
        using var pending = new PendingFile(path, FinishedOutputs.Require(parsed, parsed.GetValue(_force), (path, _out.Name)));
        string patch = ModelOptions.InFile(file, () => set.PatchJson(name));
        pending.Stream.Write(Encoding.UTF8.GetBytes(patch + "\n"));
        pending.Complete();
        return path;
    }
}
