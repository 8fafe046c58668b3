using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Sculpting;
using Gbi.Diagnostics.Support;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Searches.Background;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Checks;

/// <summary>A search's tests of itself: what may make its numbers wrong, how much of it there is, and what to do.</summary>
/// <param name="Settings">The search's settings.</param>
/// <param name="Template">The background, with the scores of its events.</param>
/// <param name="Sideband">The data's events of the sidebands.</param>
/// <param name="Ratio">The ratio of the search's score, with its out-of-fold scores.</param>
/// <param name="Begin">Begins a step of the search by its name.</param>
internal sealed record SearchGuards(
    ResonanceSearchSettings Settings, BackgroundTemplate Template, EventTable Sideband, LearntRatio Ratio,
    Func<string, IProgress<double>> Begin)
{
    private const double PoorSpectrum = 0.01;
    private const double MaxShift = 0.25;
    private const double MaxAbsorption = 0.25;
    private const double MaxSaturation = 0.01;
    private const double MeanTolerance = 0.1;
    private const double MaxOutside = 0.05;
    private const double Sigmas = 2;

    /// <summary>The signal simulation in the signal region; null without one.</summary>
    public EventTable? Signal { get; init; }

    /// <summary>The data's events of the signal region with their scores; null where nobody may look at them.</summary>
    public (EventTable Events, float[] Scores)? Region { get; init; }

    /// <summary>The result with its guards and, where they are asked for, those that cost time and the expected sensitivity.</summary>
    /// <param name="result">The result.</param>
    /// <param name="likelihood">The likelihood of the signal fraction; null without a signal.</param>
    /// <param name="cancellation">Stops the tests.</param>
    public ResonanceSearchResult Guarded(ResonanceSearchResult result, SignalLikelihood? likelihood, CancellationToken cancellation) =>
        result with
    {
        Guards = All(Contamination(result), Near(result), cancellation),
        Sensitivity = Settings.RunsGuards ? likelihood?.Sensitivity() : null,
    };

    /// <summary>All tests that these events allow.</summary>
    /// <param name="contamination">That of signal in the template; null without a signal.</param>
    /// <param name="near">That of a family's signal events near the fit; null without a family.</param>
    /// <param name="cancellation">Stops the tests.</param>
    public IReadOnlyList<ClosureCheck> All(ClosureCheck? contamination, ClosureCheck? near, CancellationToken cancellation)
    {
        List<ClosureCheck?> guards = [Spectrum(), contamination, near];
        if (Settings.RunsGuards)
        {
            guards.Add(Sculpting(Begin("Testing the search"), cancellation));
            guards.Add(
                Region is { } data
                    ? Known("Share of the data where the template has hardly any events", () => Support(data.Events).Check)
                    : null);
            guards.Add(
                Signal is { } signal ? Known("Share of the simulated signal out of the template's range", () => Range(signal)) : null);
            guards.Add(Region is { } scored ? Tail(scored.Events, scored.Scores) : null);
        }

        guards.AddRange([Saturated(), Mean()]);
        return [.. guards.OfType<ClosureCheck>()];
    }

    private ClosureCheck? Spectrum() => Template.Spectrum is not { } spectrum ? null : new ClosureCheck(
        "χ² probability of the mass spectrum in the sidebands", spectrum.GoodnessOfFit, null, PoorSpectrum, double.PositiveInfinity,
        "The spectrum does not describe the sidebands, so that the expected background is off; use more parameters, another shape or "
            + "narrower sidebands.");

    private static ClosureCheck? Contamination(ResonanceSearchResult result)
    {
        if (result.SignalInTemplate is not { } leakage)
        {
            return null;
        }

        double sigma = (result.SignalFraction.Interval68.Upper - result.SignalFraction.Interval68.Lower) / 2;
        return leakage.IsCorrected
            ? Corrected(leakage.Effect)
            : new ClosureCheck(
                "Shift of the signal fraction by signal in the template, in errors", leakage.FractionShift / sigma, null,
                double.NegativeInfinity, MaxShift,
                Text(
                    $"An estimated {100 * leakage.TemplateFraction:G2} % of the template is signal, which makes the signal fraction "
                        + $"{leakage.FractionShift:G2} too low; switch the correction on, or widen the sidebands."));
    }

    /// <summary>The same where no fraction was fitted: of a signal S = √B, with the error that is expected.</summary>
    /// <param name="absorption">What the template takes of a signal.</param>
    /// <param name="fraction">S/B of S = √B.</param>
    /// <param name="error">Expected error of the signal fraction.</param>
    public ClosureCheck Contamination(SignalAbsorption absorption, double fraction, double error) =>
        Settings.Inference.CorrectsContamination
        ? Corrected(absorption.Effect)
        : new ClosureCheck(
            "Shift of the fraction of S = √B by signal in the template, in expected errors", absorption.Effect * fraction / error, null,
            double.NegativeInfinity, MaxShift,
            Text(
                $"The template takes in {100 * absorption.Effect:G2} % of a signal, by which share its fraction comes out too low; switch "
                    + $"the correction on, or widen the sidebands."));

    private static ClosureCheck Corrected(double absorbed) => new(
        "Share of a signal that the template takes in, corrected", absorbed, null, double.NegativeInfinity, MaxAbsorption,
        Text(
            $"The correction multiplies the error of the signal fraction by {1 / (1 - absorbed):F1}; wider sidebands, or a wider signal "
                + $"region, take in less."));

    /// <summary>Values and errors of a family rest on signal events near them. Where no signal was found there is nothing to put
    /// right.</summary>
    private static ClosureCheck? Near(ResonanceSearchResult result) =>
        result.Family is not { } family || !(family.Minima[0].Fraction > 0) ? null : new ClosureCheck(
        "Fitted values that signal events nearby put right", family.IsCalibrated ? family.DegreesOfFreedom : 0, null,
        family.DegreesOfFreedom, double.PositiveInfinity,
        Text(
            $"{family.SignalEventsNear:N0} signal events within a reach of the fitted parameters are too few, "
                + $"{StretchCalibration.FewestSignal} at the least and better several times as many, so that values and errors are those "
                + $"of the learnt ratio and may be biased; simulate more signal events there, or learn the family with a larger reach."));

    /// <summary>
    /// For sidebands as they are, whether a classifier of the region can learn the mass; for reweighted ones, whether they can be carried
    /// over the masses next to the region. Other backgrounds are not made of the sidebands, but have to continue them.
    /// </summary>
    /// <remarks>
    /// The search's own score cannot tell: where it learnt the region's masses, its efficiency in the sidebands peaks next to them, and
    /// what is interpolated smoothly from there misses the peak. Sidebands count with their own weights: with both sums made equal, as in
    /// the template, the few events of the upper one blur the test.
    /// </remarks>
    private ClosureCheck Sculpting(IProgress<double> progress, CancellationToken cancellation)
    {
        const string Name = "Fake significance of a cut at 1 %, from the sidebands";
        const string Continued = "Distance of a feature of the template from what the sidebands lead to";
        string mass = Settings.Schema.Mass!;
        double background = Template.Expected.Value;
        Seed seed = Settings.Seed.Child("guard");
        return Template switch
        {
            { Learnt: not null } when Settings.Background is ReweightedSidebands choice => Known(Name, () => InterpolationClosure.Run(
                Sideband, mass, Settings.Schema.Features, Settings.Window, background,
                choice.Generator with { Spectrum = Settings.Spectrum },
                new SculptingOptions(), seed, progress, cancellation).Check),
            { IsSideband: true } => Known(Name, () => SculptingTest.Run(
                Sideband, mass, Settings.Schema.Features, Settings.Window, background,
                new SculptingOptions(), seed, progress, cancellation).PlainSidebands),
            _ when Sideband.Count == 0 => new ClosureCheck(
                Continued, double.NaN, null, double.NegativeInfinity, double.PositiveInfinity,
                "The data have no sidebands, so that nothing tells whether the given background has their features; compare them where "
                    + "there is no signal."),
            _ => Known(Continued, () => TemplateContinuation.Run(
                Sideband, Template.Events, mass, Settings.Schema.Features, Settings.Window, new SculptingOptions()).Check),
        };
    }

    private SupportTest Support(EventTable events) => SupportTest.Run(events, Template.Events, Settings.Schema.Features);

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
                $"Most of it is out in {worst.Feature}, where the ratio is extrapolated; cut events there, generate more background, or "
                    + $"widen the sidebands."));
    }

    private ClosureCheck Tail(EventTable region, float[] scores) => Known(
        "Template events where the highest 1 % of the data score",
        () => TailSupport.Of(scores, region.Weights, Template.LogRatio, Template.Events.Weights).Check);

    private ClosureCheck Saturated()
    {
        EventTable numerator = Signal ?? Region!.Value.Events;
        var saturation = Saturation.Of(
            new ScoredEvents(numerator, Ratio.Numerator),
            new ScoredEvents(Template.Events, Ratio.Denominator));
        double clipped = (double)Ratio.ClippedCount / (Ratio.Numerator.Length + Ratio.Denominator.Length);
        return new ClosureCheck(
            "Share of events where the ratio is saturated or clipped", Math.Max(saturation.Fraction, clipped), null,
            double.NegativeInfinity, MaxSaturation,
            "There the ratio is the classifier's limit, no estimate; use smaller or fewer trees, or leave out a feature that tells the "
                + "samples apart completely.");
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
}
