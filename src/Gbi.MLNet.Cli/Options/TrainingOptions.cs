using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Ratios;
using Gbi.Ratios.Families;

namespace Gbi.Cli.Options;

/// <summary>Options of how ratios are learnt; what is not given stays as the library has it.</summary>
internal sealed class TrainingOptions
{
    private readonly Option<int?> _trees = OptionOf.Number("--trees", "N", "Trees of each model of a ratio.", least: 1);
    private readonly Option<int?> _leaves = OptionOf.Number("--leaves", "N", "Leaves of each tree.", least: 2);
    private readonly Option<int?> _patience = OptionOf.Number(
        "--patience", "N", "Stop a model N trees after its loss on the events held out was least (default: all trees).", least: 1);
    private readonly Option<int?> _folds = OptionOf.Number(
        "--folds", "K", "Parts of a sample; no event is scored by a model that saw it.", least: 2);
    private readonly Option<int?> _members = OptionOf.Number("--members", "M", "Models in each fold; their spread is kept.", least: 1);

    public Option[] All => [_trees, _leaves, _patience, _folds, _members];

    /// <summary>Those that a signal family has too; its trees have no held-out loss to stop at.</summary>
    public SignalFamilyOptions Apply(SignalFamilyOptions to, ParseResult parsed) => to with
    {
        Trees = to.Trees with
        {
            TreeCount = parsed.GetValue(_trees) ?? to.Trees.TreeCount,
            LeafCount = parsed.GetValue(_leaves) ?? to.Trees.LeafCount,
        },
        FoldCount = parsed.GetValue(_folds) ?? to.FoldCount,
        MemberCount = parsed.GetValue(_members) ?? to.MemberCount,
    };

    public RatioOptions Apply(RatioOptions to, ParseResult parsed) => to with
    {
        Trees = to.Trees with
        {
            TreeCount = parsed.GetValue(_trees) ?? to.Trees.TreeCount,
            LeafCount = parsed.GetValue(_leaves) ?? to.Trees.LeafCount,
            Patience = parsed.GetValue(_patience) ?? to.Trees.Patience,
        },
        FoldCount = parsed.GetValue(_folds) ?? to.FoldCount,
        MemberCount = parsed.GetValue(_members) ?? to.MemberCount,
    };
}
