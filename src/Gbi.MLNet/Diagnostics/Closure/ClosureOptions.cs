using Gbi.Ratios;

namespace Gbi.Diagnostics.Closure;

/// <summary>How a closure set is made, and what passes.</summary>
public sealed record ClosureOptions
{
    /// <summary>
    /// The classifier of <see cref="ReweightingTest"/>. It is not calibrated: an area needs only an order, and a calibration that is flat
    /// in parts would tie events.
    /// </summary>
    public RatioOptions Classifier
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Classifier));
    } = RatioOptions.ForSmallDifferences with { FoldCount = 2, MemberCount = 1 };

    /// <summary>
    /// About how many events of each sample the classifier test takes at most; a random subsample of a larger one. The report holds the
    /// numbers. Range: 200 or more.
    /// </summary>
    public int MaxClassifierEvents
    {
        get;
        init => field = value >= 200 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxClassifierEvents), value, "MaxClassifierEvents must be 200 or more: a classifier is trained on half of them.");
    } = 2_000_000;

    /// <summary>Most bins of the calibration curve. Range: 3 or more.</summary>
    public int CalibrationBins
    {
        get;
        init => field = value >= 3 ? value : throw new ArgumentOutOfRangeException(
            nameof(CalibrationBins), value, "CalibrationBins must be 3 or more: a line through two points is always straight.");
    } = 20;

    /// <summary>Accuracy wanted of the mean ratio; where two errors are larger, the check says in a caveat that it is not confirmed. Range:
    /// above 0.</summary>
    public double MeanTolerance { get; init => field = Positive(value, nameof(MeanTolerance)); } = 0.01;

    /// <summary>Largest area under the ROC curve of the classifier test, two errors aside. Range: above 0.5.</summary>
    public double MaxArea
    {
        get;
        init => field = value > 0.5 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxArea), value, "MaxArea must be above 0.5, the area of a classifier that can tell nothing.");
    } = 0.52;

    /// <summary>Distance of the calibration curve's slope from 1 that passes, two errors aside. Range: above 0.</summary>
    public double SlopeTolerance { get; init => field = Positive(value, nameof(SlopeTolerance)); } = 0.05;

    /// <summary>Kolmogorov–Smirnov distance of a feature that passes, its error aside. Range: above 0.</summary>
    public double DistanceTolerance { get; init => field = Positive(value, nameof(DistanceTolerance)); } = 0.01;

    /// <summary>Largest share of saturated events. Range: above 0.</summary>
    public double MaxSaturation { get; init => field = Positive(value, nameof(MaxSaturation)); } = 0.01;

    /// <summary>Largest Pareto shape of the weights' tail. Range: above 0.</summary>
    public double MaxParetoShape { get; init => field = Positive(value, nameof(MaxParetoShape)); } = 0.7;

    private static double Positive(double value, string name) => value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0.");
}
