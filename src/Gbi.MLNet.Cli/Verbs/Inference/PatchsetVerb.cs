using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
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

    public PatchsetVerb()
        : base(
            "patchset",
            "List the patches of a pyhf patch set with the values of their signals.",
            "gbi patchset patchset.json",
            "gbi patchset patchset.json --workspace BkgOnly.json --json")
    {
        Arguments.Add(_file);
        this.AddAll(_workspace);
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
}
