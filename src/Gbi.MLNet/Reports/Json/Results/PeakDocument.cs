using Gbi.Peaks;

namespace Gbi.Reports.Json.Results;

/// <summary>The measurement of a peak: same measurement, same bytes, but for elapsedSeconds.</summary>
[DocumentKind("peak", "The yield of a known peak; `result.json` of `gbi peak`, printed with --json")]
internal sealed record PeakDocument(
    [property: Meaning("Fit of the mass alone")] PeakFitDocument MassOnly,
    [property: Meaning("Fit of the mass in categories of the score")] PeakFitDocument WithFeatures,
    [property: Meaning("Error of the yield with features from the generator and the score; null without replicas", Unit = "events")]
    double GeneratorError,
    [property: Meaning("Significance with features over that of the mass alone; null where the latter is 0")] double Gain,
    [property: Meaning("Area under the ROC curve of a classifier between the sidebands; 0.5 where the features do not know the mass")]
    EstimateDocument SidebandAuc,
    [property: Meaning("Yields of samples without a peak; null without them")] NullTestDocument? NullTest,
    [property: Meaning("Score of data and background in the region")] PeakScoreDocument Score,
    [property: Meaning("Options of the run")] PeakOptionsDocument Options,
    [property: Meaning("Seed")] ulong Seed,
    [property: Meaning("Time of the whole run", Unit = "s")] double ElapsedSeconds) : ResultDocument
{
    public static PeakDocument Of(PeakRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        PeakMeasurement measurement = run.Measurement;
        return new PeakDocument(
            PeakFitDocument.Of(measurement.MassOnly, [measurement.Curves.MassOnly], [1]),
            PeakFitDocument.Of(measurement.WithFeatures, measurement.Curves.Categories, measurement.Options.BackgroundShares),
            measurement.GeneratorError,
            measurement.Gain,
            EstimateDocument.Of(measurement.SidebandArea),
            measurement.NullTest is { } test ? NullTestDocument.Of(test) : null,
            PeakScoreDocument.Of(measurement.Curves),
            PeakOptionsDocument.Of(run.Events, measurement.Options),
            measurement.Options.Seed.Value,
            Math.Round(run.Elapsed.TotalSeconds, 3));
    }
}

internal sealed record PeakFitDocument(
    [property: Meaning("Events of the peak over all masses")] EstimateDocument Yield,
    [property: Meaning("Significance at the fitted mean and shape", Unit = "σ")] double Significance,
    [property: Meaning("Mean of the peak")] double Mean,
    [property: Meaning("Share of the peak in the wide Gaussian; 0 without --tails")] double TailShare,
    [property: Meaning("Width of the wide Gaussian over that of the narrow one")] double TailScale,
    [property: Meaning("χ² probability of the masses in bins")] double GoodnessOfFit,
    [property: Meaning("Masses that were fitted")] RangeDocument MassRange,
    [property: Meaning("Categories of the score, by rising score; one for the mass alone")] IReadOnlyList<PeakCategoryDocument> Categories)
{
    public static PeakFitDocument Of(PeakFit fit, IReadOnlyList<PeakSpectrum> spectra, IReadOnlyList<double> shares) => new(
        EstimateDocument.Of(fit.Yield),
        fit.Significance,
        fit.Shape.Mean,
        fit.Shape.TailShare,
        fit.Shape.TailScale,
        fit.GoodnessOfFit,
        new RangeDocument(fit.Low, fit.High),
        [
            .. spectra.Select((spectrum, category) => new PeakCategoryDocument(
                shares[category],
                fit.EventsIn(category),
                EstimateDocument.Of(fit.Yields[category]),
                fit.Expected(fit.Low, fit.High, category).Background,
                fit.Shape.WidthIn(category),
                PeakSpectrumDocument.Of(spectrum)))
        ]);
}

internal sealed record PeakCategoryDocument(
    [property: Meaning("Share of the generated background")] double BackgroundShare,
    [property: Meaning("Events that were fitted")] int Events,
    [property: Meaning("Events of the peak")] EstimateDocument Yield,
    [property: Meaning("Fitted background", Unit = "events")] double Background,
    [property: Meaning("Width of the narrow Gaussian; the same in all categories with --one-width")] double Width,
    [property: Meaning("Masses and fit in bins")] PeakSpectrumDocument Spectrum);

internal sealed record PeakSpectrumDocument(
    [property: Meaning("Borders of the bins, one more than bins")] IReadOnlyList<double> Edges,
    [property: Meaning("Events")] BinsDocument Data,
    [property: Meaning("Fitted background", Unit = "events")] IReadOnlyList<double> Background,
    [property: Meaning("Fitted peak and background", Unit = "events")] IReadOnlyList<double> Total,
    [property: Meaning("(data − total)/√total, with 1 for a total below 1", Unit = "σ")] IReadOnlyList<double> Pulls)
{
    public static PeakSpectrumDocument Of(PeakSpectrum spectrum) => new(
        spectrum.Data.Edges, BinsDocument.Of(spectrum.Data), spectrum.Background.Sums, spectrum.Total.Sums, spectrum.Pulls);
}

internal sealed record PeakScoreDocument(
    [property: Meaning("Borders of the bins in ln data/background, out of fold; one more than bins")] IReadOnlyList<double> Edges,
    [property: Meaning("Data of the region")] BinsDocument Data,
    [property: Meaning("Background generated for the region")] BinsDocument Background,
    [property: Meaning("Borders of the categories, rising")] IReadOnlyList<double> Thresholds)
{
    public static PeakScoreDocument Of(PeakCurves curves) => new(
        curves.ScoreOfData.Edges, BinsDocument.Of(curves.ScoreOfData), BinsDocument.Of(curves.ScoreOfBackground), curves.Thresholds);
}

internal sealed record NullTestDocument(
    [property: Meaning("Samples without a peak")] int Samples,
    [property: Meaning("Mean of the yields; 0 where the score sculpts no peak")] EstimateDocument MeanYield,
    [property: Meaning("Mean of yield/error; 0 where nothing is sculpted")] EstimateDocument MeanPull,
    [property: Meaning("Standard deviation of yield/error; 1 where the errors are right")] double PullWidth)
{
    public static NullTestDocument Of(PeakNullTest test) => new(
        test.WithFeatures.Count,
        EstimateDocument.Of(test.MeanYield),
        new EstimateDocument(test.MeanPull, test.MeanPullError),
        test.PullWidth);
}

internal sealed record PeakOptionsDocument(
    [property: Meaning("File of events")] string Events,
    [property: Meaning("Column of the mass")] string Mass,
    [property: Meaning("Columns of the features")] IReadOnlyList<string> Features,
    [property: Meaning("Signal region")] RangeDocument SignalRegion,
    [property: Meaning("Outer limits of the sidebands; null for no limit")] RangeDocument MassRange,
    [property: Meaning("Parameters of the mass spectrum of each category")] int SpectrumParameters,
    [property: Meaning("Whether the peak has a second, wider Gaussian")] bool Tails,
    [property: Meaning("Whether each category has a width of its own")] bool WidthPerCategory,
    [property: Meaning("Background efficiencies at the borders of the categories")] IReadOnlyList<double> BackgroundEfficiencies,
    [property: Meaning("Trainings on bootstrap samples")] int Replicas)
{
    public static PeakOptionsDocument Of(string events, PeakMeasurementOptions options) => new(
        events,
        options.Schema.Mass!,
        options.Schema.Features,
        RangeDocument.OfRegion(options.Window),
        RangeDocument.OfMasses(options.Window),
        options.Fit.Background.ParameterCount,
        options.Fit.HasTails,
        options.Fit.HasWidthPerCategory,
        options.BackgroundEfficiencies,
        options.ReplicaCount);
}
