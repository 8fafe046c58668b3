using Gbi.Numerics;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Trees.Growing;

/// <summary>The loss of growing trees over events that they do not see; it decides how many of the trees are kept.</summary>
internal sealed class HeldOutLoss
{
    private readonly BinnedEvents _data;
    private readonly ITreeObjective _objective;
    private readonly float[] _outputs;
    private readonly List<double> _losses;
    private double _best;

    /// <summary>The loss of a model without trees.</summary>
    /// <param name="data">The events.</param>
    /// <param name="objective">The loss over these events.</param>
    /// <param name="baseValues">What the model gives before the first tree, one per output.</param>
    /// <param name="offsets">What it gives each event instead, shape [events × outputs]; null for the same for all.</param>
    public HeldOutLoss(BinnedEvents data, ITreeObjective objective, float[] baseValues, float[]? offsets = null)
    {
        _data = data;
        _objective = objective;
        _outputs = offsets ?? Booster.Repeated(baseValues, data.Count);
        _best = objective.Loss(_outputs);
        _losses = [_best];
    }

    /// <summary>The loss without a tree, with the first one, and so on.</summary>
    public IReadOnlyList<double> Losses => _losses;

    /// <summary>
    /// 0 to keep the trees up to <see cref="BestCount"/> alone; k to keep all trees for a caller who chooses their number, and to grow k
    /// times as many as <see cref="BestCount"/> at least.
    /// </summary>
    public int Times { get; init; }

    /// <summary>The number of trees to keep: that of the least loss, or none where the loss of all events has not fallen enough.</summary>
    public int KeptCount(TreeOptions options) => (_losses[0] - _best) * _data.Count >= options.LeastHeldOutGain ? BestCount : 0;

    /// <summary>The number of trees at which the loss was least.</summary>
    public int BestCount { get; private set; }

    /// <summary>True where the loss has not fallen for as many trees as the options wait.</summary>
    public bool IsExhausted(TreeOptions options) =>
        _losses.Count - 1 - BestCount >= Math.Max(RoundsOf(options), (Times - 1) * BestCount);

    private int RoundsOf(TreeOptions options) => Math.Min(
        options.EarlyStoppingRounds ?? int.MaxValue,
        options.FirstEarlyStoppingRounds is { } first ? Math.Max(first, BestCount) : int.MaxValue);

    /// <summary>Adds a tree.</summary>
    public void Add(DecisionTree tree)
    {
        int width = tree.OutputCount;
        EventBlocks.ForEach(_data.Count, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                ReadOnlySpan<float> values = tree.ValuesOf(tree.LeafOf(_data.Rows.AsSpan(row * _data.Width, _data.Width)));
                for (int k = 0; k < width; k++)
                {
                    _outputs[(row * width) + k] += values[k];
                }
            }
        });
        double loss = _objective.Loss(_outputs);
        _losses.Add(loss);
        if (loss < _best)
        {
            _best = loss;
            BestCount = _losses.Count - 1;
        }
    }
}

/// <summary>Events whose loss is followed while trees are grown that do not see them.</summary>
/// <param name="Weights">One per event, 0 for those that are not among them.</param>
/// <param name="Times">How many times the trees of the least loss are grown, at least.</param>
internal sealed record HeldOutEvents(double[] Weights, int Times);
