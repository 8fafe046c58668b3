using System.CommandLine;
using System.Globalization;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Ratios;
using Gbi.Ratios.Families;
using Gbi.Trees;

namespace Gbi.Cli.Options;

/// <summary>What the library trains one kind of ratio with where nothing else is asked for.</summary>
/// <param name="Of">The ratio, as the help names it.</param>
/// <param name="Trees">Its trees.</param>
/// <param name="Folds">Its folds.</param>
/// <param name="Members">Its models in each fold.</param>
internal sealed record TrainingDefaults(string Of, TreeOptions Trees, int Folds, int Members)
{
    public TrainingDefaults(string of, RatioOptions options)
        : this(of, options.Trees, options.FoldCount, options.MemberCount)
    {
    }

    public TrainingDefaults(string of, SignalFamilyOptions options)
        : this(of, options.Trees, options.FoldCount, options.MemberCount)
    {
    }
}

/// <summary>Options of how ratios are learnt; what is not given stays as the library has it.</summary>
/// <param name="defaults">What the library has for each ratio of the verb.</param>
internal sealed class TrainingOptions(params TrainingDefaults[] defaults)
{
    private readonly Option<int?> _trees = OptionOf.Number(
        "--trees", "N", "Trees of each model.", least: 1, Text(defaults, one => one.Trees.TreeCount));

    private readonly Option<int?> _leaves = OptionOf.Number(
        "--leaves", "N", "Maximum number of leaves of a tree.", least: 2, Text(defaults, one => one.Trees.LeafCount));

    private readonly Option<int?> _earlyStopping =
        EarlyStopping(defaults.FirstOrDefault(one => one.Trees.EarlyStoppingRounds is not null)?.Trees, mayBeOff: true);

    private readonly Option<int?> _folds = OptionOf.Number(
        "--folds", "K", "Parts of a sample; no event is scored by a model that saw it.", least: 2, Text(defaults, one => one.Folds));

    private readonly Option<int?> _members = OptionOf.Number(
        "--members", "M", "Models in each fold; they are averaged, and their spread is kept.", least: 1,
        Text(defaults, one => one.Members));

    public Option[] All => [_trees, _leaves, _earlyStopping, _folds, _members];

    /// <summary>The option of early stopping, with the default of these trees.</summary>
    public static Option<int?> EarlyStopping(TreeOptions? trees, bool mayBeOff = false) => OptionOf.Number(
        "--early-stopping", "N",
        "Stop training when the loss on held-out events has not fallen for N trees" + (mayBeOff && trees is not null
            ? ", 0 for never."
            : "."),
        least: mayBeOff ? 0 : 1,
        trees?.EarlyStoppingRounds is { } count ? Sentence.Of(count) : "off");

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

    /// <summary>A number of leaves that is given is the one that is taken.</summary>
    public RatioOptions Apply(RatioOptions to, ParseResult parsed) => to with
    {
        ChoosesLeafCount = to.ChoosesLeafCount && parsed.GetValue(_leaves) is null,
        Trees = to.Trees with
        {
            TreeCount = parsed.GetValue(_trees) ?? to.Trees.TreeCount,
            LeafCount = parsed.GetValue(_leaves) ?? to.Trees.LeafCount,
            EarlyStoppingRounds = parsed.GetValue(_earlyStopping) switch
            {
                null => to.Trees.EarlyStoppingRounds,
                0 => null,
                { } rounds => rounds,
            },
        },
        FoldCount = parsed.GetValue(_folds) ?? to.FoldCount,
        MemberCount = parsed.GetValue(_members) ?? to.MemberCount,
    };

    private static string Text(TrainingDefaults[] defaults, Func<TrainingDefaults, int> value) =>
        Sentence.Of(defaults.Select(one => (one.Of, value(one).ToString(CultureInfo.InvariantCulture))));
}
