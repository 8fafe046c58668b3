namespace Gbi.Calibration;

/// <summary>How a calibration groups events.</summary>
public sealed record CalibrationOptions
{
    /// <summary>
    /// Least effective number of events, (Σw)²/Σw², of each sample in a cell; it bounds the statistical error of a calibrated ratio
    /// to about √(2/n). Range: 2 or more.
    /// </summary>
    public int MinEventsInCell
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(MinEventsInCell), value, "MinEventsInCell must be 2 or more: a ratio needs events of both samples.");
    } = 25;

    /// <summary>Most cells. Range: 1 or more.</summary>
    public int MaxCells
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxCells), value, "MaxCells must be 1 or more.");
    } = 200;
}
