namespace Gbi.Calibration;

/// <summary>How a score is calibrated.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The form of the map.</summary>
    public CalibrationMethod Method
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(Method), value, $"Method must be one of {string.Join(", ", Enum.GetNames<CalibrationMethod>())}.");
    } = CalibrationMethod.Isotonic;

    /// <summary>
    /// Smallest effective number of events, (Σw)²/Σw², of each sample: in every cell of the isotonic and the histogram map, where it bounds
    /// the statistical error of a calibrated ratio to about √(2/n), and as a whole for the Platt and the beta map. Range: 2 or more.
    /// </summary>
    public int MinEventsInCell
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(MinEventsInCell), value, "MinEventsInCell must be 2 or more: a ratio needs events of both samples.");
    } = 25;

    /// <summary>Largest number of cells of the isotonic and the histogram map. Range: 1 or more.</summary>
    public int MaxCells
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxCells), value, "MaxCells must be 1 or more.");
    } = 200;
}
