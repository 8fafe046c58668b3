using System.CommandLine;
using System.CommandLine.Help;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Verbs.Events;
using Gbi.Cli.Verbs.Inference;
using Gbi.Cli.Verbs.Models;
using Gbi.Cli.Verbs.Posteriors;
using Gbi.Cli.Verbs.Searches;
using Gbi.Cli.Verbs.Shell;
using Gbi.Cli.Verbs.Workspaces;

namespace Gbi.Cli;

/// <summary>All verbs of gbi.</summary>
internal static class CommandTree
{
    private const string Purpose =
        "gbi estimates likelihood ratios with classifiers and fits parameters from them, with intervals that cover. "
        + "Parquet in, scores, fits and reports out.";

    public static RootCommand Of(CommonOptions common, Terminal terminal)
    {
        var root = new RootCommand(Purpose)
        {
            new DemoVerb(),
            new Command("simulate", "Simulate events.") { new SimulateDijetVerb() },
            new SearchVerb(),
            new HuntVerb(),
            new Command("coverage", "Measure coverage and power on pseudo-data.") { new CoverageSearchVerb() },
            new PairVerb(),
            new PeakVerb(),
            new Command("train", "Train a model on events.") { new TrainRatioVerb(), new TrainSystematicVerb() },
            new ScoreVerb(),
            new ExportVerb(),
            new AdoptVerb(),
            new ParityVerb(),
            new ConvertVerb(),
            new DiagnoseVerb(),
            new InferVerb(),
            new PosteriorVerb(),
            new CalibrateVerb(),
            new DescribeVerb(),
            new FitVerb(),
            new HypotestVerb(),
            new LimitVerb(),
            new SignificanceVerb(),
            new IntervalVerb(),
            new ToysVerb(),
            new MergeVerb(),
            new ReportVerb(),
            new PatchsetVerb(),
            new Command("workspace", "Edit pyhf workspaces; 'gbi describe' shows them.")
            {
                new WorkspacePruneVerb(), new WorkspaceRenameVerb(), new WorkspaceCombineVerb(), new WorkspaceSortVerb(),
                new WorkspacePatchVerb(), new WorkspaceDigestVerb(),
            },
            new CompletionsVerb(),
            new HelpVerb(),
        };
        common.AddTo(root);

        // Without the aliases that begin with a slash, as paths do.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h", "-?") { Action = new HelpPage(terminal.HelpWidth) });
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }
}
