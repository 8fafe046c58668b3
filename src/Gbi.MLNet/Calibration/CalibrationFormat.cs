namespace Gbi.Calibration;

/// <summary>What a model file holds of a calibration: the method's name and the numbers of its map, the other entries null.</summary>
internal sealed record CalibrationDocument
{
    /// <summary>Name of the <see cref="CalibrationMethod"/>, or Mixture.</summary>
    public required string Method { get; init; }

    /// <summary>Isotonic: scores of the points. Histogram: borders between the cells.</summary>
    public double[]? Scores { get; init; }

    /// <summary>Isotonic: log ratios of the points. Histogram: of the cells.</summary>
    public double[]? LogRatios { get; init; }

    /// <summary>Platt: a and b. Beta: a, b and c. Mixture: μ.</summary>
    public double[]? Coefficients { get; init; }
}

/// <summary>Calibrations to and from what a model file holds.</summary>
internal static class CalibrationFormat
{
    private const string Mixture = "Mixture";

    /// <summary>The numbers of a map.</summary>
    public static CalibrationDocument ToDocument(IRatioCalibration calibration) => calibration switch
    {
        IsotonicCalibration map => Document(nameof(CalibrationMethod.Isotonic), map.Scores, map.LogRatios, null),
        HistogramCalibration map => Document(nameof(CalibrationMethod.Histogram), map.Borders, map.LogRatios, null),
        PlattCalibration map => Document(nameof(CalibrationMethod.Platt), null, null, [map.Slope, map.Intercept]),
        BetaCalibration map => Document(nameof(CalibrationMethod.Beta), null, null, [map.LowSlope, map.HighSlope, map.Intercept]),
        MixtureCalibration map => Document(Mixture, null, null, [map.SignalFraction]),
        _ => throw new NotSupportedException(
            $"A calibration of type {calibration.GetType()} cannot be written to a model; the maps of this package can."),
    };

    /// <summary>The map of the numbers.</summary>
    /// <exception cref="ArgumentException">The method is not known, or its numbers are missing, too many or out of range.</exception>
    public static IRatioCalibration FromDocument(CalibrationDocument document) => document switch
    {
        { Method: nameof(CalibrationMethod.Isotonic), Scores: { } scores, LogRatios: { } logRatios, Coefficients: null } =>
            new IsotonicCalibration(scores, logRatios),
        { Method: nameof(CalibrationMethod.Histogram), Scores: { } borders, LogRatios: { } logRatios, Coefficients: null } =>
            new HistogramCalibration(borders, logRatios),
        { Method: nameof(CalibrationMethod.Platt), Scores: null, LogRatios: null, Coefficients: [double slope, double intercept] } =>
            new PlattCalibration(slope, intercept),
        {
            Method: nameof(CalibrationMethod.Beta), Scores: null, LogRatios: null, Coefficients: [double low, double high, double intercept]
        } =>
            new BetaCalibration(low, high, intercept),
        { Method: Mixture, Scores: null, LogRatios: null, Coefficients: [double fraction] } => new MixtureCalibration(fraction),
        _ => throw new ArgumentException(
            $"Its calibration '{document.Method}' is not known or lacks numbers, expected "
                + $"{string.Join(", ", Enum.GetNames<CalibrationMethod>())} or {Mixture} with theirs."),
    };

    private static CalibrationDocument Document(
        string method, ReadOnlySpan<double> scores, ReadOnlySpan<double> logRatios, double[]? coefficients) => new()
        {
            Method = method,
            Scores = coefficients is null ? scores.ToArray() : null,
            LogRatios = coefficients is null ? logRatios.ToArray() : null,
            Coefficients = coefficients,
        };
}
