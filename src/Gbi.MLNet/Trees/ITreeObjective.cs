namespace Gbi.Trees;

/// <summary>
/// Sums of per-event statistics: what a histogram bin and a leaf hold. Static so that the grower's inner loop is compiled
/// for each objective, without a call per event.
/// </summary>
/// <typeparam name="TSelf">The sum, in double precision.</typeparam>
/// <typeparam name="TEvent">The statistics of one event, in single precision.</typeparam>
internal interface IStatisticsSum<TSelf, TEvent>
    where TSelf : unmanaged, IStatisticsSum<TSelf, TEvent>
    where TEvent : unmanaged
{
    static abstract void Add(ref TSelf sum, in TEvent statistics);

    static abstract TSelf operator +(in TSelf left, in TSelf right);

    static abstract TSelf operator -(in TSelf left, in TSelf right);
}

/// <summary>
/// A loss that trees minimise. Everything that the grower needs to know of it goes through additive statistics: derivatives of
/// the loss by the model's outputs, summed over the events of a leaf.
/// </summary>
internal interface ITreeObjective<TSum, TEvent>
    where TSum : unmanaged, IStatisticsSum<TSum, TEvent>
    where TEvent : unmanaged
{
    /// <summary>Numbers that a leaf holds.</summary>
    int OutputCount { get; }

    /// <summary>Called before each tree, so that an objective can draw afresh what it draws.</summary>
    void BeginTree(int tree);

    /// <summary>Statistics of the events from <paramref name="start"/> on, given their outputs [events × outputs].</summary>
    void Fill(int start, ReadOnlySpan<float> outputs, Span<TEvent> statistics);

    /// <summary>
    /// By how much a leaf with these sums lowers the loss; false where no such leaf may be made (sums not positive where they
    /// must be, as happens with signed weights, or too few events).
    /// </summary>
    bool TryReduction(in TSum sum, out double reduction);

    /// <summary>The outputs that minimise the loss in a leaf; zeros where <see cref="TryReduction"/> says false.</summary>
    void LeafValues(in TSum sum, Span<float> values);
}
