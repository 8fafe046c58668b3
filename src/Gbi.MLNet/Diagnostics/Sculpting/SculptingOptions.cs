using Gbi.Ratios;

namespace Gbi.Diagnostics.Sculpting;

/// <summary>How sculpting is tested, and what raises the alarm.</summary>
public sealed record SculptingOptions
{
    /// <summary>The classifiers; an order of the events is all that is asked of them.</summary>
    public RatioOptions Classifier
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Classifier));
    } = RatioOptions.ForSmallDifferences with { FoldCount = 2, MemberCount = 1 };

    /// <summary>Background efficiency of the cut that is looked at. Range: (0, 1).</summary>
    public double BackgroundEfficiency
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(BackgroundEfficiency), value,
            "BackgroundEfficiency must be between 0 and 1: it is the share of the background that passes a cut.");
    } = 0.01;

    /// <summary>Fake excess after the cut, in statistical errors of the count there, that is tolerated, two errors aside. Range: above
    /// 0.</summary>
    public double MaxFakeSignificance
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxFakeSignificance), value, "MaxFakeSignificance must be above 0: it counts standard deviations.");
    } = 2;

    /// <summary>Kolmogorov–Smirnov distance of a feature between the sidebands below which nobody need care, its error aside. Range: above
    /// 0.</summary>
    public double DistanceTolerance
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(DistanceTolerance), value, "DistanceTolerance must be above 0: no two finite samples are equal.");
    } = 0.01;
}
