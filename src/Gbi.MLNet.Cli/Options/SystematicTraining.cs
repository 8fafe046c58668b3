using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Systematics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Options;

/// <summary>Options of how systematics are learnt; what is not given stays as the library has it, but for the events held out.</summary>
internal sealed class SystematicTraining
{
    private const double DefaultHeldOut = 0.2;

    private readonly Option<int?> _trees = OptionOf.Number("--trees", "N", "Trees of the model.", least: 1);
    private readonly Option<int?> _leaves = OptionOf.Number("--leaves", "N", "Leaves of each tree.", least: 2);
    private readonly Option<double?> _learningRate = OptionOf.Real(
        "--learning-rate", "ETA", "Factor on every leaf value.", "a number above 0 and up to 1", value => value is > 0 and <= 1);
    private readonly Option<int?> _minLeafEvents = OptionOf.Number(
        "--min-leaf-events", "N", "Least events of every sample in a leaf.", least: 1);
    private readonly Option<int?> _patience = OptionOf.Number(
        "--patience", "N", "Stop N trees after the loss on the events held out was least (default: all trees).", least: 1);
    private readonly Option<double?> _heldOut = OptionOf.Real(
        "--held-out", "F",
        Text($"Share of each sample that is not trained on but tests the closure; 0 for none (default: {DefaultHeldOut})."),
        "a number from 0 to 0.5", value => value is >= 0 and <= 0.5);

    public Option[] All => [_trees, _leaves, _learningRate, _minLeafEvents, _patience, _heldOut];

    public SystematicTrainingOptions Of(ParseResult parsed)
    {
        var to = new SystematicTrainingOptions();
        int? patience = parsed.GetValue(_patience);
        double heldOut = parsed.GetValue(_heldOut) ?? DefaultHeldOut;
        if (patience is not null && heldOut == 0)
        {
            throw new UsageException("--patience needs events held out, but --held-out is 0; leave out one of the two.");
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
                    Patience = patience,
                },
            },
        };
    }
}
