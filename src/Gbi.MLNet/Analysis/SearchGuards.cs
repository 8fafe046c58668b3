using System.Globalization;
using Gbi.Diagnostics;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Analysis;

/// <summary>A search's tests of itself: what may make its numbers wrong, how much of it there is, and what to do.</summary>
/// <param name="Search">The search, with its scores.</param>
/// <param name="Ratio">The ratio of its score.</param>
/// <param name="Begin">Begins a step of the search by its name.</param>
internal sealed record SearchGuards(ResonanceSearch Search, LearntRatio Ratio, Func<string, IProgress<double>> Begin)
{
    private const double PoorSpectrum = 0.01;
    private const double MaxShift = 0.25;
    private const double MaxAbsorption = 0.25;
    private const double MaxSaturation = 0.01;
    private const double MeanTolerance = 0.1;
    private const double MaxOutside = 0.05;
    private const double Sigmas = 2;

    private BackgroundTemplate Template => Search.Template;

    private ResonanceSearchSettings Settings => Search.Settings;

    /// <summary>The result with its guards and, where they are asked for, those that cost time and the expected sensitivity.</summary>
    public ResonanceSearchResult Guarded(ResonanceSearchResult result, CancellationToken cancellation)
    {
        List<ClosureCheck?> guards = [Spectrum(result), Contamination(result), Near(result)];
        if (Settings.RunsGuards)
        {
            IProgress<double> progress = Begin("Testing the search");
            EventTable region = Search.FeaturesOf(Search.EventsIn(MassRegion.SignalRegion));
            guards.Add(Sculpting(result, progress, cancellation));
            guards.Add(Known("Share of the data where the template has hardly any events", () => Support(region).Check));
            guards.Add(Search.Signal is { } signal ? Known("Share of the simulated signal out of the template's range", () => Range(signal.Events)) : null);
            guards.Add(Tail(region));
        }

        guards.AddRange([Saturated(), Mean()]);
        return result with
        {
            Guards = [.. guards.OfType<ClosureCheck>()],
            Sensitivity = Settings.RunsGuards ? Search.Likelihood?.Sensitivity() : null,
        };
    }

    private ClosureCheck? Spectrum(ResonanceSearchResult result) => Template.Spectrum is null ? null : new ClosureCheck(
        "χ² probability of the mass spectrum in the sidebands", result.SpectrumGoodnessOfFit, null, PoorSpectrum, double.PositiveInfinity,
        "The spectrum does not describe the sidebands, so that the expected background is off; use more parameters, another shape or narrower sidebands.");

    private static ClosureCheck? Contamination(ResonanceSearchResult result)
    {
        if (result.SignalInTemplate is not { } leakage)
        {
            return null;
        }

        double sigma = (result.SignalFraction.Interval68.Upper - result.SignalFraction.Interval68.Lower) / 2;
        return leakage.IsCorrected
            ? new ClosureCheck(
                "Share of a signal that the template takes in, corrected", leakage.Absorbed, null, double.NegativeInfinity, MaxAbsorption,
                Text($"The correction multiplies the error of the signal fraction by {1 / (1 - leakage.Absorbed):F1}; wider sidebands, or a wider signal region, take in less."))
            : new ClosureCheck(
                "Shift of the signal fraction by signal in the template, in errors", leakage.FractionShift / sigma, null, double.NegativeInfinity, MaxShift,
                Text($"An estimated {100 * leakage.TemplateFraction:G2} % of the template is signal, which makes the signal fraction {leakage.FractionShift:G2} too low; switch the correction on, or widen the sidebands."));
    }

    /// <summary>Values and errors of a family rest on signal events near them. Where no signal was found there is nothing to put right.</summary>
    private static ClosureCheck? Near(ResonanceSearchResult result) => result.Family is not { } family || !(family.Minima[0].Fraction > 0) ? null : new ClosureCheck(
        "Fitted values that signal events nearby put right", family.IsCalibrated ? family.DegreesOfFreedom : 0, null, family.DegreesOfFreedom, double.PositiveInfinity,
        Text($"{family.SignalEventsNear:N0} signal events within a reach of the fitted parameters are too few, {StretchCalibration.FewestSignal} at the least and better several times as many, so that values and errors are those of the learnt ratio and may be biased; simulate more signal events there, or learn the family with a larger reach."));

    /// <summary>
    /// For sidebands as they are, whether a classifier of the region can learn the mass; for reweighted ones, whether they can be carried over
    /// the masses next to the region. Other backgrounds are not made of other masses.
    /// </summary>
    /// <remarks>
    /// The search's own score cannot tell: where it learnt the region's masses, its efficiency in the sidebands peaks next to them, and what is
    /// interpolated smoothly from there misses the peak. Sidebands count with their own weights: with both sums made equal, as in the template,
    /// the few events of the upper one blur the test.
    /// </remarks>
    private ClosureCheck? Sculpting(ResonanceSearchResult result, IProgress<double> progress, CancellationToken cancellation)
    {
        const string Name = "Fake significance of a cut at 1 %, from the sidebands";
        EventTable sideband = Search.EventsIn(MassRegion.Sideband);
        string mass = Settings.Schema.Mass!;
        double background = result.ExpectedBackground.Value;
        Seed seed = Settings.Seed.Child("guard");
        return Template switch
        {
            { Learnt: not null } when Settings.Background is ReweightedSidebands choice => Known(Name, () => InterpolationClosure.Run(
                sideband, mass, Settings.Schema.Features, Settings.Window, background, choice.Generator with { Spectrum = Settings.Spectrum },
                new SculptingOptions(), seed, progress, cancellation).Check),
            { IsSideband: true } => Known(Name, () => SculptingTest.Run(
                sideband, mass, Settings.Schema.Features, Settings.Window, background,
                new SculptingOptions(), seed, progress, cancellation).PlainSidebands),
            _ => null,
        };
    }

    private SupportTest Support(EventTable events) => SupportTest.Run(events, Template.Events, Settings.Schema.Features);

    /// <summary>
    /// For the signal the range of each feature alone: a signal that is worth looking for lies mostly where the background is sparse, and how
    /// sparse it is there among the data is the tail's test.
    /// </summary>
    private ClosureCheck Range(EventTable signal)
    {
        FeatureRange worst = Support(signal).WorstFeature;
        return new ClosureCheck(
            "", worst.ShareOutside, null, double.NegativeInfinity, MaxOutside,
            Text($"Most of it is out in {worst.Feature}, where the ratio is extrapolated; cut events there, generate more background, or widen the sidebands."));
    }

    private ClosureCheck Tail(EventTable region) => Known("Template events where the highest 1 % of the data score", () =>
    {
        float[] scores = [.. Search.Scores.LogRatio.Where((_, row) => Search.Scores.Region[row] == 1)];
        return TailSupport.Of(scores, region.Weights, Template.LogRatio, Template.Events.Weights).Check;
    });

    private ClosureCheck Saturated()
    {
        EventTable numerator = Search.Signal?.Events ?? Search.EventsIn(MassRegion.SignalRegion);
        var saturation = Saturation.Of(
            new ScoredEvents(numerator, Ratio.Numerator),
            new ScoredEvents(Template.Events, Ratio.Denominator));
        double clipped = (double)Ratio.ClippedCount / (Ratio.Numerator.Length + Ratio.Denominator.Length);
        return new ClosureCheck(
            "Share of events where the ratio is saturated or clipped", Math.Max(saturation.Fraction, clipped), null, double.NegativeInfinity, MaxSaturation,
            "There the ratio is the classifier's limit, no estimate; use smaller or fewer trees, or leave out a feature that tells the samples apart completely.");
    }

    /// <summary>The ratio is normalised afterwards, so that a few per cent do no harm; more is a ratio that was not learnt.</summary>
    private ClosureCheck Mean()
    {
        double reach = MeanTolerance + (Sigmas * Ratio.MeanError);
        return new ClosureCheck(
            "Mean ratio over the background before normalisation", Ratio.Mean, Ratio.MeanError, 1 - reach, 1 + reach,
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

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
