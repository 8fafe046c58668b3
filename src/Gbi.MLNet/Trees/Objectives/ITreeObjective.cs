using Gbi.Trees.Binning;

namespace Gbi.Trees.Objectives;

/// <summary>
/// A loss that trees minimise. All that the grower needs of it are sums of per-event numbers over the events of a leaf, in fixed
/// point: integers add up to the same in any order, so that no result depends on how the work was divided. Calls are made for
/// whole blocks of events or all bins of a feature, never for a single event.
/// </summary>
internal interface ITreeObjective
{
    /// <summary>Numbers that a leaf holds.</summary>
    int OutputCount { get; }

    /// <summary>The per-event numbers and how they are summed.</summary>
    IEventSums Sums { get; }

    /// <summary>Computes the per-event numbers before a tree is grown.</summary>
    /// <param name="tree">Number of the tree, for what is drawn afresh for each.</param>
    /// <param name="outputs">What the trees so far give, shape [events × outputs].</param>
    void Update(int tree, float[] outputs);

    /// <summary>By how much leaves with these sums lower the loss.</summary>
    /// <param name="sums">Shape [leaves × sums].</param>
    /// <param name="reductions">
    /// Filled, one a leaf; −∞ where no such leaf may be made (sums not positive where they must be, as happens with signed weights,
    /// or too few events).
    /// </param>
    void Reductions(ReadOnlySpan<long> sums, Span<double> reductions);

    /// <summary>The outputs that minimise the loss in a leaf; zeros where no such leaf may be made.</summary>
    void LeafValues(ReadOnlySpan<long> sums, Span<float> values);

    /// <summary>The loss of all events, divided by their weight; it may leave out what does not depend on the outputs.</summary>
    /// <param name="outputs">Shape [events × outputs].</param>
    double Loss(float[] outputs);
}

/// <summary>Fixed-point numbers of events, summed over the bins of every feature.</summary>
internal interface IEventSums
{
    /// <summary>Numbers summed in a bin.</summary>
    int Count { get; }

    /// <summary>Adds the numbers of some events to a histogram; may be called from several threads at once.</summary>
    /// <param name="rows">Numbers of the events.</param>
    /// <param name="histogram">Shape [features × <see cref="FeatureBins.CodeCount"/> × <see cref="Count"/>].</param>
    void Add(ReadOnlySpan<int> rows, Span<long> histogram);
}
