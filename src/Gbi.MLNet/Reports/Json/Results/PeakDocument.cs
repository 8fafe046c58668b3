using Gbi.Peaks;
using Gbi.Peaks.Shapes;

namespace Gbi.Reports.Json.Results;

/// <summary>The measurement of a peak: same measurement, same bytes, but for the time.</summary>
[DocumentKind("peak", "The yield of a known peak; `result.json` of `gbi peak`, printed with --json")]
internal sealed record PeakDocument(
    [property: Meaning("Fit of the mass alone")] PeakFitDocument MassOnly,
    [property: Meaning("Fit of the mass in categories of the score; null without features")] PeakFitDocument? WithFeatures,
    [property: Meaning("Error of the yield with features from the generator and the score; null without replicas", Unit = "events")]
    double GeneratorError,
    [property: Meaning("Statistical, generator and shape error of the yield with features (without features: statistical and shape "
        + "error of the mass alone) in quadrature", Unit = "events")]
    double TotalError,
    [property: Meaning("Significance with features over that of the mass alone; null where the latter is not above 0")] double Gain,
    [property: Meaning("Area under the ROC curve of a classifier between the sidebands; 0.5 where the features do not know the mass")]
    EstimateDocument? SidebandAuc,
    [property: Meaning("Yields of samples without a peak; null without them")] NullTestDocument? NullTest,
    [property: Meaning("Score of data and background in the region; null without features")] PeakScoreDocument? Score,
    [property: Meaning("One sentence for each caveat of the result")] IReadOnlyList<string> Remarks,
    [property: Meaning("Options of the run")] PeakOptionsDocument Options,
    [property: Meaning("Seed")] ulong Seed,
    [property: Meaning("Time of the whole run; null in files", Unit = "s")] double? ElapsedSeconds) : ResultDocument
{
    /// <summary>What is written to a file: without the time, which standard output alone has.</summary>
    public PeakDocument ForFile() => this with { ElapsedSeconds = null };

    public static PeakDocument Of(PeakRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        PeakMeasurement measurement = run.Measurement;
        PeakFeatures? features = measurement.Features;
        return new PeakDocument(
            PeakFitDocument.Of(measurement.MassOnly, measurement.MassOnlyShape, [measurement.MassOnlySpectrum], [1]),
            features is null
                ? null
                : PeakFitDocument.Of(features.Fit, features.Shape, features.Curves.Categories, measurement.Options.BackgroundShares),
            features?.GeneratorError ?? double.NaN,
            features?.TotalError ?? measurement.MassOnlyError,
            measurement.Gain,
            features is null ? null : EstimateDocument.Of(features.SidebandArea),
            features?.NullTest is { } test ? NullTestDocument.Of(test) : null,
            features is null ? null : PeakScoreDocument.Of(features.Curves),
            measurement.Remarks,
            PeakOptionsDocument.Of(run.Events, measurement.Options),
            measurement.Options.Seed.Value,
            Math.Round(run.Elapsed.TotalSeconds, 3));
    }
}

internal sealed record PeakFitDocument(
    [property: Meaning("Events of the peak over all masses")] EstimateDocument Yield,
    [property: Meaning("How much the yield depends on the functions chosen")] PeakShapeErrorDocument ShapeError,
    [property: Meaning("Significance at the fitted mean and shape; below 0 for a deficit", Unit = "σ")] double Significance,
    [property: Meaning("Position of the peak; its error is 0 where it was held")] EstimateDocument Mean,
    [property: Meaning("Form of the peak: Gaussian, double Gaussian, Crystal Ball or Voigt")] string Form,
    [property: Meaning("Double Gaussian: width of the wide one over that of the narrow one, share of the wide one; Crystal Ball: α, where "
        + "the power law begins; Voigt: half-width of the Lorentz function over σ; Gaussian: none")]
    IReadOnlyList<double> FormParameters,
    [property: Meaning("Whether position and shape were held: they were given, or the masses show no significant peak")] bool ShapeHeld,
    [property: Meaning("χ² probability of the masses in bins; null where it was not tested")] double GoodnessOfFit,
    [property: Meaning("Masses that were fitted")] RangeDocument MassRange,
    [property: Meaning("Categories of the score, by rising score; one for the mass alone")] IReadOnlyList<PeakCategoryDocument> Categories)
{
    public static PeakFitDocument Of(
        PeakFit fit, PeakShapeError shape, IReadOnlyList<PeakSpectrum> spectra, IReadOnlyList<double> shares) => new(
        EstimateDocument.Of(fit.Yield),
        PeakShapeErrorDocument.Of(shape),
        fit.Significance,
        EstimateDocument.Of(fit.Mean),
        PeakForms.NameOf(fit.Shape.Form),
        fit.Shape.FormParameters,
        fit.IsShapeHeld,
        fit.GoodnessOfFit,
        new RangeDocument(fit.Low, fit.High),
        [
            .. spectra.Select((spectrum, category) => new PeakCategoryDocument(
                fit.Members[category].Sum(member => shares[member]),
                fit.EventsIn(category),
                EstimateDocument.Of(fit.Yields[category]),
                fit.Expected(fit.Low, fit.High, category).Background,
                EstimateDocument.Of(fit.WidthIn(category)),
                fit.IsWidthShared(category),
                PeakSpectrumDocument.Of(spectrum)))
        ]);
}

internal sealed record PeakShapeErrorDocument(
    [property: Meaning("Largest change of the yield by another function of the background", Unit = "events")] double Background,
    [property: Meaning("Largest change of the yield by another form of the peak; 0 where its shape was held", Unit = "events")]
    double Signal,
    [property: Meaning("Both in quadrature", Unit = "events")] double Total,
    [property: Meaning("The fits with other functions")] IReadOnlyList<PeakAlternativeDocument> Alternatives)
{
    public static PeakShapeErrorDocument Of(PeakShapeError error) => new(
        error.Background,
        error.Signal,
        error.Total,
        [
            .. error.Alternatives.Select(alternative => new PeakAlternativeDocument(
                alternative.Name,
                alternative.IsBackground,
                alternative.Change,
                alternative.TwiceNllChange,
                alternative.ParameterChange,
                alternative.IsCounted,
                alternative.Failure))
        ]);
}

internal sealed record PeakAlternativeDocument(
    [property: Meaning("The function")] string Name,
    [property: Meaning("Whether the background has it; else the peak")] bool IsBackground,
    [property: Meaning("Change of the peak's events at the masses fitted; null for a failed fit", Unit = "events")] double YieldChange,
    [property: Meaning("Change of −2 ln L; null for a failed fit")] double TwiceNllChange,
    [property: Meaning("Change of the number of fitted parameters")] int ParameterChange,
    [property: Meaning("Whether it counts in the error: fitted, and not excluded by the data")] bool IsCounted,
    [property: Meaning("Why there is no fit; null where there is one")] string? Failure);

internal sealed record PeakCategoryDocument(
    [property: Meaning("Share of the generated background")] double BackgroundShare,
    [property: Meaning("Events that were fitted")] int Events,
    [property: Meaning("Events of the peak")] EstimateDocument Yield,
    [property: Meaning("Fitted background", Unit = "events")] double Background,
    [property: Meaning("Width σ; its error is 0 where it was held")] EstimateDocument Width,
    [property: Meaning("Whether other categories have the same width: those without a significant peak of their own")] bool WidthShared,
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
    [property: Meaning("Further samples that had no fit, which count nowhere")] int Failed,
    [property: Meaning("Mean of the yields; 0 where the score sculpts no peak")] EstimateDocument MeanYield,
    [property: Meaning("Mean of yield/error; 0 where nothing is sculpted")] EstimateDocument MeanPull,
    [property: Meaning("Standard deviation of yield/error; 1 where the errors are right")] double PullWidth)
{
    public static NullTestDocument Of(PeakNullTest test) => new(
        test.WithFeatures.Count,
        test.FailedCount,
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
    [property: Meaning("Form of the peak")] string Form,
    [property: Meaning("Known position; null where it is fitted")] double? Mean,
    [property: Meaning("Known width; null where it is fitted")] double? Width,
    [property: Meaning("Whether each category with a significant peak has a width of its own")] bool WidthPerCategory,
    [property: Meaning("Background efficiencies at the borders of the categories")] IReadOnlyList<double> BackgroundEfficiencies,
    [property: Meaning("Trainings on bootstrap samples")] int Replicas)
{
    public static PeakOptionsDocument Of(string events, PeakMeasurementOptions options) => new(
        events,
        options.Schema.Mass!,
        options.Features,
        RangeDocument.OfRegion(options.Window),
        RangeDocument.OfMasses(options.Window),
        options.Fit.Background.ParameterCount,
        PeakForms.NameOf(options.Fit.Form),
        options.Fit.Mean,
        options.Fit.Width,
        options.Fit.HasWidthPerCategory,
        options.BackgroundEfficiencies,
        options.ReplicaCount);
}
