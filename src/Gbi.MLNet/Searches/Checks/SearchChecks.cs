using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Sculpting;
using Gbi.Diagnostics.Support;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Searches.Background;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Checks;

/// <summary>A search's checks of itself: what may make its numbers wrong, how much of it there is, and what to do.</summary>
/// <param name="Options">The search's options.</param>
/// <param name="Samples">The samples with their scores.</param>
internal sealed record SearchChecks(ResonanceSearchOptions Options, SearchSamples Samples)
{
    private const double PoorSpectrum = 0.01;
    private const double MaxShift = 0.25;
    private const double MaxContamination = 0.25;
    private const double MaxSaturation = 0.01;
    private const double MeanTolerance = 0.1;
    private const double MaxOutside = 0.05;
    private const double Sigmas = 2;

    private BackgroundTemplate Template => Samples.Template;

    /// <summary>All checks of a search that its events allow. Where no signal of a family was found, nothing rests on its ratio.</summary>
    public IReadOnlyList<ClosureCheck> OfResult(ResonanceSearchResult result, SearchSteps steps) =>
        result.Family is { ShowsNoSignal: true }
            ? All(OfContamination(result), [], steps)
            : All(OfContamination(result), [Near(result), Mean()], steps);

    /// <summary>The same of a blind search: of a signal S = √B, with the error that is expected.</summary>
    /// <param name="contamination">What the template takes of a signal.</param>
    /// <param name="expected">What is expected of it.</param>
    /// <param name="steps">Told of the step.</param>
    public IReadOnlyList<ClosureCheck> OfBlind(SignalContamination contamination, SignalSensitivity expected, SearchSteps steps) =>
        All(OfContamination(contamination, expected.AtRootBackground.Fraction, expected.Error), [Mean()], steps);

    private IReadOnlyList<ClosureCheck> All(ClosureCheck? contamination, IReadOnlyList<ClosureCheck?> ofRatio, SearchSteps steps)
    {
        List<ClosureCheck?> checks = [Spectrum(), TurnOn(), contamination];
        if (Options.RunsChecks)
        {
            checks.Add(steps.Run("Testing the search", Sculpting));
            checks.Add(Template.InSidebands is { } background ? steps.Run("Searching the sidebands", Beside(background)) : null);
            checks.Add(Samples.Region is { } data ? Known(
                "Share of the data outside the template's support",
                () => Support(data.WithColumns(Options.Schema.Features)).Check) : null);
            checks.Add(
                Samples.Signal is { } signal
                    ? Known("Share of the simulated signal outside the template's range", () => Range(signal))
                    : null);
            checks.Add(Samples.Region is null ? null : Tail());
        }

        checks.AddRange([Saturated(), .. ofRatio]);
        return [.. checks.OfType<ClosureCheck>()];
    }

    private ClosureCheck? Spectrum() => Template.Spectrum is not { } spectrum ? null : new ClosureCheck(
        "χ² probability of the mass spectrum in the sidebands", spectrum.GoodnessOfFit, null, PoorSpectrum, double.PositiveInfinity,
        double.IsNaN(spectrum.GoodnessOfFit)
            ? "The sidebands leave no degree of freedom; use fewer parameters or wider sidebands."
            : $"The spectrum does not describe the sidebands, so that the expected background is wrong; {spectrum.Remedy}.");

    private ClosureCheck? TurnOn() => Template.Spectrum is { } spectrum ? SpectrumTurnOn.Of(spectrum, Samples.Sideband) : null;

    private ClosureCheck? OfContamination(ResonanceSearchResult result)
    {
        if (!Template.HoldsSidebands || result.SignalInTemplate is not { } contamination)
        {
            return null;
        }

        return contamination.IsCorrected
            ? Corrected(contamination.Effect)
            : new ClosureCheck(
                "Shift of the signal fraction by signal contamination, in standard errors",
                contamination.FractionShift / result.SignalFraction.Error, null,
                double.NegativeInfinity, MaxShift,
                Text(
                    $"An estimated {100 * contamination.TemplateFraction:G2} % of the template is signal, which lowers the signal fraction "
                        + $"by {contamination.FractionShift:G2}; switch the correction on, or widen the sidebands."));
    }

    /// <summary>The same where no fraction was fitted: of a signal S = √B, with the error that is expected.</summary>
    /// <param name="contamination">What the template takes of a signal.</param>
    /// <param name="fraction">S/B of S = √B.</param>
    /// <param name="error">Expected error of the signal fraction.</param>
    private ClosureCheck? OfContamination(SignalContamination contamination, double fraction, double error) =>
        (Template.HoldsSidebands, Options.Inference.CorrectsContamination) switch
        {
            (false, _) => null,
            (_, true) => Corrected(contamination.Effect),
            _ => new ClosureCheck(
                "Shift of the signal fraction for S = √B by signal contamination, in expected errors",
                contamination.Effect * fraction / error, null, double.NegativeInfinity, MaxShift,
                Text(
                    $"The template contains {100 * contamination.Effect:G2} % of a signal, which lowers the signal fraction by the same "
                        + $"share; switch the correction on, or widen the sidebands.")),
        };

    private static ClosureCheck Corrected(double effect) => new(
        "Share of a signal contained in the template, corrected", effect, null, double.NegativeInfinity, MaxContamination,
        Text(
            $"The correction multiplies the error of the signal fraction by {1 / (1 - effect):F1}; wider sidebands or a wider signal "
                + $"region reduce the signal contamination."));

    /// <summary>Values and errors of a family rest on signal events near them. Where no signal was found there is nothing to put
    /// right.</summary>
    private static ClosureCheck? Near(ResonanceSearchResult result) =>
        result.Family is not { } family || !(family.Minima[0].Fraction > 0) ? null : new ClosureCheck(
        "Fitted values calibrated with signal events nearby", family.IsCalibrated ? family.DegreesOfFreedom : 0, null,
        family.DegreesOfFreedom, double.PositiveInfinity,
        Text(
            $"{family.SignalEventsNear:N0} signal events lie within a half-width of the fitted parameters, too few to calibrate values and "
                + $"errors, which may be biased; simulate at least {SegmentCalibration.FewestSignal} there, better several times as many, "
                + $"or learn the family with a larger half-width."));

    /// <summary>
    /// For sidebands as they are, whether a classifier of the region can learn the mass; for reweighted ones, whether they can be carried
    /// over the masses next to the region. Other backgrounds are not made of the sidebands, but have to continue them.
    /// </summary>
    /// <remarks>
    /// The search's own score cannot be used: where it learnt the region's masses, its efficiency in the sidebands peaks next to them, and
    /// what is interpolated smoothly from there misses the peak. Sidebands count with their own weights: with both sums made equal, as in
    /// the template, the few events of the upper one blur the test.
    /// </remarks>
    private ClosureCheck Sculpting(IProgress<double> progress, CancellationToken cancellation)
    {
        const string Name = "Fake significance of a cut at 1 %, from the sidebands";
        const string Continued = "Distance of a feature of the template from the continuation of the sidebands";
        double background = Template.Expected.Value;
        Seed seed = Options.Seed.Child("guard");
        SidebandData sideband = Samples.Sideband;
        return Template switch
        {
            ReweightedSidebandTemplate when Options.Background is ReweightedSidebands choice => Known(Name, () => InterpolationClosure.Run(
                sideband, background, choice.Generator with { Spectrum = Options.Spectrum }, new SculptingOptions(), seed, progress,
                cancellation).Check),
            { IsSideband: true } => Known(Name, () => SculptingTest.Run(
                sideband, background, new SculptingOptions(), seed, progress, cancellation).PlainSidebands),
            _ when sideband.Events.Count == 0 => new ClosureCheck(
                Continued, double.NaN, null, double.NegativeInfinity, double.PositiveInfinity,
                "The data have no sidebands in which the given background could be compared with them; compare data and background "
                    + "where there is no signal."),
            _ => Known(Continued, () => TemplateContinuation.Run(
                sideband, Template.Events, new SculptingOptions(), Template is ReweightedSimulationTemplate).Check),
        };
    }

    private Func<IProgress<double>, CancellationToken, ClosureCheck> Beside(Lazy<BackgroundTemplate> background) =>
        (progress, cancellation) => Known("Largest significance of a cut in the sidebands, where there is no signal", () =>
            SidebandComparison.Run(
                Samples.Sideband, background.Value, Options.Anomaly, Options.Seed.Child("sidebands"), progress, cancellation));

    private SupportTest Support(EventTable events) => SupportTest.Run(events, Template.Events, Options.Schema.Features);

    /// <summary>
    /// For the signal the range of each feature alone: a signal that is worth looking for lies mostly where the background is sparse, and
    /// how sparse it is there among the data is the tail's test.
    /// </summary>
    private ClosureCheck Range(EventTable signal)
    {
        FeatureRange worst = Support(signal).WorstFeature;
        return new ClosureCheck(
            "", worst.ShareOutside, null, double.NegativeInfinity, MaxOutside,
            Text(
                $"The largest share is outside in {worst.Feature}, where the ratio is extrapolated; remove events there, or "
                    + $"{Template.ForMoreEvents}."));
    }

    private ClosureCheck Tail() => Known(
        "Effective template events above the cut that 1 % of the data pass",
        () => TailSupport.Of(Samples.ScoredRegion, Samples.ScoredTemplate).Check(Template.ForMoreEvents));

    private ClosureCheck Saturated()
    {
        LearntScore score = Samples.Score;
        double saturated = Math.Max(Saturation.ShareOf(score.Numerator), Saturation.ShareOf(score.Template));
        double clipped = (double)score.ClippedCount / (score.Numerator.Length + score.Template.Length);
        return new ClosureCheck(
            "Share of events where the ratio is saturated or clipped", Math.Max(saturated, clipped), null, double.NegativeInfinity,
            MaxSaturation,
            "For these events the ratio is the classifier's limit and not an estimate; use smaller or fewer trees, or leave out a feature "
                + "that separates the samples completely.");
    }

    /// <summary>
    /// The ratio is normalised afterwards, so that a few per cent do no harm; more is a ratio that was not learnt. Without a signal the
    /// score orders events alone: a likelihood does not use it.
    /// </summary>
    private ClosureCheck? Mean()
    {
        if (Samples.Signal is null)
        {
            return null;
        }

        (double mean, double error) = Samples.Score.MeanRatio;
        double halfWidth = MeanTolerance + (Sigmas * error);
        return new ClosureCheck(
            "Mean ratio over the background before normalisation", mean, error, 1 - halfWidth, 1 + halfWidth,
            "The ratio does not close; train on more events, with fewer or smaller trees, or with calibration.");
    }

    /// <summary>A test under the search's name for it; one that these events do not allow is not passed, and says why.</summary>
    private static ClosureCheck Known(string name, Func<ClosureCheck> test)
    {
        try
        {
            return test() with { Name = name };
        }
        catch (DataException cause)
        {
            return new ClosureCheck(name, double.NaN, null, double.NegativeInfinity, double.PositiveInfinity, cause.Message);
        }
    }
}
