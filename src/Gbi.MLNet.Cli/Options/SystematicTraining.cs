using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Ratios.Parametric;
using Gbi.Systematics;

namespace Gbi.Cli.Options;

/// <summary>Options of how systematics are learnt; what is not given stays as the library has it, except that the tool holds out events, on
/// which it checks closure and stops early.</summary>
internal sealed class SystematicTraining
{
    private const double DefaultHeldOut = 0.2;
    private const int DefaultEarlyStopping = 10;

    private static readonly ParametricRatioOptions Defaults = new SystematicTrainingOptions().Ratio;

    private readonly Option<int?> _trees = OptionOf.Number(
        "--trees", "N", "Trees of each model.", least: 1, Sentence.Of(Defaults.Trees.TreeCount));

    private readonly Option<int?> _leaves = OptionOf.Number(
        "--leaves", "N", "Maximum number of leaves of a tree.", least: 2, Sentence.Of(Defaults.Trees.LeafCount));

    private readonly Option<double?> _learningRate = OptionOf.Real(
        "--learning-rate", "ETA", "Factor on every leaf value.", "a number above 0 and up to 1", value => value is > 0 and <= 1,
        Sentence.Of(Defaults.Trees.LearningRate));

    private readonly Option<int?> _minLeafEvents = OptionOf.Number(
        "--min-leaf-events", "N", "Fewest events of every sample in a leaf.", least: 1, Sentence.Of(Defaults.MinLeafEvents));

    private readonly Option<int?> _earlyStopping = TrainingOptions.EarlyStopping(
        Defaults.Trees with { EarlyStoppingRounds = DefaultEarlyStopping });

    private readonly Option<double?> _heldOut = OptionOf.Real(
        "--held-out", "F", "Fraction of each sample that is held out of training to check closure; 0 for none.",
        "a number from 0 to 0.5", value => value is >= 0 and <= 0.5, Sentence.Of(DefaultHeldOut));

    public Option[] All => [_trees, _leaves, _learningRate, _minLeafEvents, _earlyStopping, _heldOut];

    public SystematicTrainingOptions Of(ParseResult parsed)
    {
        var to = new SystematicTrainingOptions();
        int? earlyStopping = parsed.GetValue(_earlyStopping);
        double heldOut = parsed.GetValue(_heldOut) ?? DefaultHeldOut;
        if (earlyStopping is not null && heldOut == 0)
        {
            throw new UsageException("--early-stopping needs held-out events, but --held-out is 0; leave out one of the two.");
        }

        return to with
        {
            HeldOutFraction = heldOut,
            Ratio = to.Ratio with
            {
                MinLeafEvents = parsed.GetValue(_minLeafEvents) ?? to.Ratio.MinLeafEvents,
                Trees = to.Ratio.Trees with
                {
                    TreeCount = parsed.GetValue(_trees) ?? to.Ratio.Trees.TreeCount,
                    LeafCount = parsed.GetValue(_leaves) ?? to.Ratio.Trees.LeafCount,
                    LearningRate = parsed.GetValue(_learningRate) ?? to.Ratio.Trees.LearningRate,
                    EarlyStoppingRounds = earlyStopping ?? (heldOut > 0 ? DefaultEarlyStopping : null),
                },
            },
        };
    }
}
