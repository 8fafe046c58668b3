using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Ratios;

/// <summary>Events of both samples, with weights of which each sample's sum to 1, in folds.</summary>
internal sealed record FoldedSample(BinnedEvents Data, bool[] IsNumerator, double[] Weights, int[] FoldOf)
{
    /// <summary>Share of a fold's training events that a model without a bootstrap sample holds out to stop early.</summary>
    private const double HeldOutShare = 0.2;

    /// <summary>
    /// The events that one model learns from and those that say when it stops, neither of which are of its own fold: an event is scored by
    /// models that owe it nothing, not even their number of trees.
    /// </summary>
    /// <param name="fold">The fold that the model will score.</param>
    /// <param name="options">Whether there are bootstrap samples, and whether events are held out.</param>
    /// <param name="draws">The member's random numbers.</param>
    public MemberWeights WeightsOf(int fold, RatioOptions options, Seed draws)
    {
        Func<int, int> copies = Copies(options, draws);
        double[] training = new double[Weights.Length];
        double[] heldOut = options.Trees.EarlyStoppingRounds is null ? [] : new double[Weights.Length];
        for (int row = 0; row < Weights.Length; row++)
        {
            if (FoldOf[row] == fold)
            {
                continue;
            }

            int count = copies(row);
            training[row] = Weights[row] * count;
            if (count == 0 && heldOut.Length > 0)
            {
                heldOut[row] = Weights[row];
            }
        }

        return new MemberWeights(training, heldOut);
    }

    /// <summary>Events that a member learns from in no fold, one array a member; empty where each is learnt from.</summary>
    public bool[][] LeftOut(RatioOptions options, Seed members)
    {
        if (options is { MemberCount: 1, Trees.EarlyStoppingRounds: null })
        {
            return [];
        }

        return [.. Enumerable.Range(0, options.MemberCount).Select(member =>
        {
            Func<int, int> copies = Copies(options, members.Child(member));
            return Enumerable.Range(0, Weights.Length).Select(row => copies(row) == 0).ToArray();
        })];
    }

    /// <summary>
    /// How often a member has an event: as often as its bootstrap sample, or else once, but for those held out to stop early.
    /// </summary>
    private static Func<int, int> Copies(RatioOptions options, Seed draws)
    {
        if (options.MemberCount > 1)
        {
            return row => draws.PoissonOne(row);
        }

        if (options.Trees.EarlyStoppingRounds is null)
        {
            return _ => 1;
        }

        Seed ofHeldOut = draws.Child("held out");
        return row => ofHeldOut.Uniform(row) < HeldOutShare ? 0 : 1;
    }
}

/// <summary>Weights of one model's events, one per event of both samples; 0 leaves it out.</summary>
/// <param name="Training">Of the events that it learns from.</param>
/// <param name="HeldOut">Of those that say when to stop; empty for none.</param>
internal sealed record MemberWeights(double[] Training, double[] HeldOut)
{
    /// <summary>Refuses a training or held-out part in which the weights of a sample do not sum to more than 0.</summary>
    /// <exception cref="DataException">There is such a part; the message says what to do.</exception>
    public void RequireBothSamples(bool[] isNumerator, RatioOptions options)
    {
        Require(Training, "learns from");
        Require(HeldOut, "holds out for early stopping");

        void Require(double[] weights, string what)
        {
            Span<double> sums = stackalloc double[2];
            for (int row = 0; row < weights.Length; row++)
            {
                sums[isNumerator[row] ? 1 : 0] += weights[row];
            }

            if (weights.Length > 0 && !(sums[0] > 0 && sums[1] > 0))
            {
                int numerator = isNumerator.Count(first => first);
                throw new DataException(
                    $"The events of the {(sums[1] > 0 ? "denominator" : "numerator")} that a model {what} have no weight above 0 in sum: "
                        + $"{numerator:N0} events of the numerator and {isNumerator.Length - numerator:N0} of the denominator are too few "
                        + $"for {options.FoldCount} folds, or too many weights are negative; give more events or fewer folds.");
            }
        }
    }

    /// <summary>
    /// The options with the least second derivative and the penalty in units of the trees, for which both samples have half of the weight
    /// and an event has mean weight 1, where they are given in effective events: 4/(1/n₁ + 1/n₀), n = (Σw)²/Σw².
    /// </summary>
    public TreeOptions InEffectiveEvents(TreeOptions options, bool[] isNumerator)
    {
        Span<double> sums = stackalloc double[2];
        Span<double> squares = stackalloc double[2];
        int count = 0;
        for (int row = 0; row < Training.Length; row++)
        {
            int sample = isNumerator[row] ? 1 : 0;
            sums[sample] += Training[row];
            squares[sample] += Training[row] * Training[row];
            count += Training[row] == 0 ? 0 : 1;
        }

        double variance = (squares[0] / (sums[0] * sums[0])) + (squares[1] / (sums[1] * sums[1]));
        double scale = count * variance / 4;
        return options with { MinLeafHessian = options.MinLeafHessian * scale, L2 = options.L2 * scale };
    }
}
