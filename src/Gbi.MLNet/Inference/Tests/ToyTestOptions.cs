using Gbi.Inference.Fits;
using Gbi.Inference.Toys;

namespace Gbi.Inference.Tests;

/// <summary>How a strength is tested by toys.</summary>
public sealed record ToyTestOptions
{
    /// <summary>The test statistic.</summary>
    public TestStatistic Statistic { get; init; } = TestStatistic.QTildeMu;

    /// <summary>Toys of each kind. Range: 1 or more.</summary>
    public int ToyCount
    {
        get;
        init =>
            field = value >= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(ToyCount), value, "ToyCount must be 1 or more: it counts toys.");
    } = 2000;

    /// <summary>Which of the toys are drawn and fitted here.</summary>
    public ToyShard Shard { get; init; } = ToyShard.Whole;

    /// <summary>Whether toys without signal belong to the test: CLs is made of q and q̃ alone.</summary>
    public bool HasBackground => Statistic is TestStatistic.QMu or TestStatistic.QTildeMu;
}
