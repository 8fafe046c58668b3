using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.GlobalProbability;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Families;
using Gbi.Searches.Background;
using Gbi.Searches.Family.Fits;
using Gbi.Searches.Options;
using Gbi.Searches.Signal;

namespace Gbi.Searches.Family;

/// <summary>A signal family learnt and fitted within a search.</summary>
/// <param name="Learnt">The family with its samples.</param>
/// <param name="Fit">The fit of the events in the signal region.</param>
/// <param name="Scores">ln r at the fitted point.</param>
/// <param name="VariesGenerator">Whether the spread of the background generator's members is part of the errors.</param>
/// <param name="Global">How often data without signal gain as much anywhere in the family; null without toys.</param>
internal sealed record FamilySearch(
    CrossFittedFamily Learnt, SignalFamilyFit Fit, FamilyPointScores Scores, bool VariesGenerator, ToyGlobalProbability? Global)
{
    /// <summary>Largest distance from the fitted point of the signal events that measure the contamination, as a share of the range; less
    /// where the half-width is less.</summary>
    private const double WidestNear = 0.1;

    private static readonly double[] Levels = [ConfidenceLevel.OneSigma, ConfidenceLevel.TwoSigma, ConfidenceLevel.ThreeSigma];

    private FamilyCoordinates Coordinates => Learnt.Model.Coordinates;

    private IReadOnlyList<double> Theta => [.. Fit.Values.Skip(1)];

    /// <summary>Signal events near the fitted point; null where they are too few to put values and errors right.</summary>
    public EventTable? Signal => Scores.HasEnoughSignal ? Scores.SignalNear : null;

    /// <summary>Learns the family against the template, then fits it to the events of the region.</summary>
    /// <param name="options">The search's options.</param>
    /// <param name="family">What is learnt and how it is fitted.</param>
    /// <param name="simulation">The signal sample, with the parameters as columns.</param>
    /// <param name="template">The background.</param>
    /// <param name="region">The events of the signal region with the features alone.</param>
    /// <param name="steps">Told of both steps.</param>
    /// <exception cref="DataException">A parameter is missing or does not vary.</exception>
    /// <exception cref="FitException">No fit found a minimum.</exception>
    public static FamilySearch Run(
        ResonanceSearchOptions options,
        FamilySearchOptions family,
        SimulatedSignal simulation,
        BackgroundTemplate template,
        EventTable region,
        SearchSteps steps)
    {
        var columns = new FamilyColumns(family.Parameters, options.Schema.Features);
        CrossFittedFamily learnt = steps.Run("Learning the signal family over background", (progress, cancellation) =>
            SignalFamilyTrainer.CrossFit(
                simulation.InRegion, template.Events, columns, family.Training, options.Seed.Child("family"), progress, cancellation));
        float[][] members = options.Inference.VariesGenerator ? template.MemberLogRatios() : [];
        var fitter = new SignalFamilyFitter(learnt, family.Fit, options.Seed.Child("family fit")) { BackgroundMembers = members };
        SignalFamilyFit fit = steps.Run("Fitting signal fraction and parameters", (progress, _) =>
        {
            progress.Report(0);
            return fitter.Fit(region);
        });
        ToyGlobalProbability? global = family.Fit.ToyCount == 0 ? null : steps.Run(
            "Drawing data without signal",
            (progress, cancellation) => GlobalOf(fitter, region, family.Fit.ToyCount, progress, cancellation));
        return new FamilySearch(learnt, fit, fit.Scores(), members.Length > 1, global);
    }

    /// <summary>The best point of a grid beside those of data without signal.</summary>
    private static ToyGlobalProbability GlobalOf(
        SignalFamilyFitter fitter, EventTable region, int toys, IProgress<double> progress, CancellationToken cancellation)
    {
        (double observed, double[] withoutSignal) = fitter.Gains(region, toys, progress, cancellation);
        return ToyGlobalProbability.Of(LocalOf(observed), Array.ConvertAll(withoutSignal, LocalOf));

        double LocalOf(double gain) => Math.Exp(LogTail.OfChiSquared(gain, fitter.Family.Parameters.Count + 1)) / 2;
    }

    /// <summary>The score of the search, ln r at the fitted point.</summary>
    /// <param name="template">The background.</param>
    /// <param name="sideband">The data's events of the sidebands.</param>
    /// <param name="seed">The search's seed.</param>
    public LearntScore Score(BackgroundTemplate template, EventTable sideband, Seed seed) => new(
        EventScores.Of(Scores.Data),
        EventScores.Of(template.IsSideband
            ? Scores.Background
            : Scores.Of(sideband, LearntScore.FoldsOf(sideband, Learnt.Model.FoldCount, seed))),
        Scores.Background, Scores.HasEnoughSignal ? Scores.Signal : Scores.Data, Scores.MeanRatio, 0);

    /// <summary>
    /// What the template took of the signal near the fitted point. Where there is enough of that, the background is learnt once more from
    /// sidebands without it, which tells the effect.
    /// </summary>
    /// <param name="background">The step that made the template.</param>
    /// <param name="template">The background.</param>
    /// <param name="simulation">The family's sample.</param>
    /// <param name="observed">Σ w of the signal region.</param>
    /// <param name="steps">Told of the steps.</param>
    public SignalContamination Contamination(
        BackgroundStep background, BackgroundTemplate template, SimulatedSignal simulation, double observed, SearchSteps steps)
    {
        SimulatedSignal near = Near(simulation);
        var contamination = SignalContamination.Of(template, background.Sideband, near);
        int[] scored = Near(Scores.SignalNear);
        if (!background.Options.Inference.CorrectsContamination || !template.HoldsSidebands || near.InSidebands.Count == 0
            || scored.Length < SegmentCalibration.FewestSignal || !(Fit.Values[0] > 0) || !double.IsFinite(Fit.Errors[0]))
        {
            return contamination;
        }

        contamination.RequireSignal();
        double left = 1 - contamination.Shape;
        int[] foldOf = background.Options.Seed.Child("signal beside").Folds(near.InSidebands.Count, Learnt.Model.FoldCount);
        var subtracted = SignalSubtraction.Of(
            near, Scores.Of(near.InSidebands, foldOf), template.Events.Count, new Estimate(Fit.Values[0] / left, Fit.Errors[0] / left),
            observed);
        BackgroundTemplate without = steps.Run(
            BackgroundStep.NameWithoutSignal,
            (progress, cancellation) => background.LearnWith(template, subtracted.Events, progress, cancellation));
        return contamination with
        {
            Effect = subtracted.Effect(
                template.Expected.Value, WeightedScores.Of(template.Events, Scores.Background), without.Events,
                WeightedScores.Of(Scores.SignalNear.Select(scored), [.. scored.Select(row => Scores.Signal[row])])),
        };
    }

    /// <summary>The family's signal events near the fitted point; all of them where too few are near in the signal region to tell
    /// anything.</summary>
    private SimulatedSignal Near(SimulatedSignal all)
    {
        int[] rows = Near(all.InRegion);
        return rows.Length >= SegmentCalibration.FewestSignal
            ? new SimulatedSignal(all.InRegion.Select(rows), all.InSidebands.Select(Near(all.InSidebands)))
            : all;
    }

    /// <summary>
    /// The interval of μ: that of the estimate or, where μ ended at a bound and has no error, of the learnt likelihood. It holds 0 where
    /// data without signal gain as much, anywhere in the family, with more than the probability that the interval leaves out.
    /// </summary>
    /// <param name="level">Range: (0, 1).</param>
    /// <param name="correction">What μ is multiplied with.</param>
    /// <exception cref="FitException">There is none.</exception>
    /// <remarks>
    /// Without a signal the parameters mean nothing, and the best of all points has a fraction above 0 that its error at fixed parameters
    /// does not know.
    /// </remarks>
    public ConfidenceInterval FractionInterval(double level, double correction) => Holding0(Times(
        correction,
        double.IsFinite(Fit.Errors[0])
            ? Fit.Interval(FamilySearchOptions.Fraction, level)
            : Fit.LikelihoodInterval(FamilySearchOptions.Fraction, level)));

    private ConfidenceInterval Holding0(ConfidenceInterval interval) => Global is { } global && global.Value > 1 - interval.ConfidenceLevel
        ? interval with { Lower = Math.Min(0, interval.Lower), Upper = Math.Max(0, interval.Upper) }
        : interval;

    /// <summary>The numbers of the fit.</summary>
    /// <param name="contamination">By whose κ the fitted fraction is corrected; the default for none.</param>
    /// <param name="eventScale">Σw²/Σw of the fitted events: by this weight they count as one event each.</param>
    /// <exception cref="FitException">No signal is left to be seen.</exception>
    /// <remarks>
    /// In N events a signal μN puts the share c = κ μN/T into a template of sum T, and the fit finds φ = (μ − c)/(1 − c): μ = φ/(1 − κ
    /// (1−φ) N/T). That is φ/(1 − κ) where the background found, (1−φ) N, is the expected T; a difference of 2 % between them is 0.3 % of μ
    /// for κ = 0.12.
    /// </remarks>
    public SignalFamilyResult Result(SignalContamination contamination, double eventScale)
    {
        contamination.RequireSignal();
        double correction = 1 / (1 - contamination.Effect);
        return new SignalFamilyResult
        {
            Parameters = [.. Fit.Names.Select((_, at) => Parameter(at, correction))],
            Contours = [.. Contours(correction)],
            Minima = [.. Minima(correction, eventScale)],
            LabelSwap = Fit.LabelSwap is { } swap
                ? new FamilySwapFound(
                    swap.Minimum.Theta, swap.Rise / eventScale, swap.IsSame,
                    !swap.IsSame && Math.Abs(swap.Rise / eventScale) >= LabelSwap.Separation)
                : null,
            Gain = Fit.Gain / eventScale,
            Global = Global,
            IsCalibrated = Fit.IsCalibrated,
            HasGeneratorSpread = Fit.IsCalibrated && VariesGenerator,
            SignalEventsNear = Scores.SignalNear.Count,
            Correction = correction,
            Remarks = Fit.Remarks,
            Failures = Fit.Failures,
        };
    }

    /// <summary>A segment is so narrow that it has one minimum: two within a half-width are one, seen from two centres.</summary>
    private bool IsOneMinimum(FamilyMinimum one, FamilyMinimum other) => Coordinates.IsWhole
        ? FamilyMinimum.AreSame(one, other, Learnt.Model)
        : Learnt.Model.LocalCoordinates(one.Theta, other.Theta).All(coordinate => Math.Abs(coordinate) < 1);

    private int[] Near(EventTable signal)
    {
        double[] centre = Coordinates.Ordered(Theta);
        double[][] thetas = Coordinates.Ordered(signal);
        double[] nearest =
            [.. Coordinates.HalfWidths.Select((own, p) => Math.Min(own, WidestNear * (Coordinates.High[p] - Coordinates.Low[p])))];
        return
        [
            .. Enumerable.Range(0, signal.Count).Where(row => thetas[row]
                .Select((theta, p) => Math.Abs(Coordinates.U(theta) - Coordinates.U(centre[p])) <= nearest[p])
                .All(isNear => isNear)),
        ];
    }

    private FamilyParameter Parameter(int at, double correction)
    {
        string name = Fit.Names[at];
        double factor = at == 0 ? correction : 1;
        return new FamilyParameter(
            name, factor * Fit.Values[at], factor * Fit.Errors[at], Interval(Levels[0]), Interval(ConfidenceLevel.Usual),
            at == 0 ? 0 : Learnt.Model.Lowest[at - 1], at == 0 ? 1 : Learnt.Model.Highest[at - 1]);

        ConfidenceInterval? Interval(double level) => !double.IsFinite(Fit.Errors[at])
            ? null
            : at == 0 ? FractionInterval(level, correction) : Fit.Interval(name, level);
    }

    private static ConfidenceInterval Times(double factor, ConfidenceInterval interval) =>
        interval with { Lower = factor * interval.Lower, Upper = factor * interval.Upper };

    /// <summary>Those of two parameters first, then those of μ with each.</summary>
    private IEnumerable<FamilyContour> Contours(double correction)
    {
        if (!Fit.Errors.All(double.IsFinite) || Global is { Value: > SignalFamilyResult.NoSignal })
        {
            yield break;
        }

        int count = Fit.Names.Count;
        IEnumerable<(int, int)> pairs = Enumerable.Range(1, count - 1)
            .SelectMany(first => Enumerable.Range(first + 1, count - 1 - first).Select(second => (first, second)))
            .Concat(Enumerable.Range(1, count - 1).Select(first => (first, 0)));
        foreach ((int first, int second) in pairs)
        {
            double factor = second == 0 ? correction : 1;
            foreach (double level in Levels)
            {
                yield return new FamilyContour(
                    Fit.Names[first], Fit.Names[second], level,
                    [.. Fit.Contour(Fit.Names[first], Fit.Names[second], level).Select(point => (point.First, factor * point.Second))]);
            }
        }
    }

    private IEnumerable<FamilyMinimumFound> Minima(double correction, double eventScale)
    {
        List<FamilyMinimum> known = [];
        foreach (FamilyMinimum minimum in Fit.Minima.Where(minimum => !known.Exists(before => IsOneMinimum(before, minimum))))
        {
            known.Add(minimum);
            yield return new FamilyMinimumFound(
                minimum.Theta, correction * minimum.Fraction, (minimum.TwiceNll - Fit.Best.TwiceNll) / eventScale);
        }
    }
}
