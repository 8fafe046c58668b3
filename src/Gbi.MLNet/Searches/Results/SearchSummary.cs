using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.MixtureFraction;
using Gbi.Inference.Tests;
using Gbi.Numerics.Probability;
using Gbi.Searches.Background;
using Gbi.Searches.Family;
using Gbi.Searches.Options;
using Gbi.Searches.Signal;

namespace Gbi.Searches.Results;

/// <summary>Turns the scores of a search into counts, fits and statements.</summary>
/// <param name="options">The search's options.</param>
/// <param name="samples">The samples with their scores.</param>
/// <param name="eventCount">Events given to the search.</param>
internal sealed class SearchSummary(ResonanceSearchOptions options, SearchSamples samples, int eventCount)
{
    /// <summary>
    /// Standard deviation of cross-fitted shares over that of independent events: classifiers that learnt from each other's events, and the
    /// halves of one template, fluctuate together. Measured over searches without signal (benchmarks/studies/searches.md).
    /// </summary>
    private const double CrossFitWidth = 1.3;

    private readonly WeightedScores _region = samples.ScoredRegion;
    private readonly WeightedScores _template = samples.ScoredTemplate;

    /// <summary>The result from counts alone.</summary>
    public ResonanceSearchResult WithoutSignal()
    {
        ExcessAfterCut[] excess = AllExcesses();
        double observed = _region.SumOfWeights;
        double error = Math.Sqrt(_region.SumOfSquaredWeights + (excess[0].Expected.Error * excess[0].Expected.Error)) / observed;
        double value = excess[0].Excess / observed;
        var bound = MixtureBound.OfRegions([.. MixtureBound.Shares.Select(Region)], width: CrossFitWidth);
        return Summarise(
            excess,
            new SignalFraction(
                value, Interval(value, error, ConfidenceLevel.OneSigmaRounded), Interval(value, error, ConfidenceLevel.Usual), "excess"),
            excess[0].Significance,
            contamination: null) with
        {
            Bound = bound,
            Statements = SearchStatements.WithoutSignal(bound, excess, samples.Template.Spectrum is not null),
        };
    }

    /// <summary>The result with the fitted signal fraction.</summary>
    public ResonanceSearchResult WithSignal(SignalLikelihood likelihood)
    {
        ProfileLikelihood fits = likelihood.Fits;
        var failed = new FailedFits();
        var fraction = new SignalFraction(
            fits.MuHat, failed.Interval(ConfidenceLevel.OneSigma, Interval), failed.Interval(ConfidenceLevel.Usual, Interval), "ratio fit");
        return Summarise(
            AllExcesses(),
            double.IsFinite(fraction.Error) ? fraction : fraction with { Error = likelihood.Fitted.Error },
            Math.CopySign(Significance.OfDiscovery(fits.TMu(0)), fits.MuHat),
            Contamination(likelihood.Contamination, likelihood.Fits.MuHat)) with
        {
            ErrorBudget = likelihood.ErrorBudget(),
            FailedFits = failed.Sentences,
            Statements = SearchStatements.WithSignal,
        };

        ConfidenceInterval Interval(double level) => ProfileInterval.Of(fits, -1, 1, level);
    }

    /// <summary>The result with signal fraction and parameters of a family.</summary>
    /// <param name="family">The family, learnt and fitted.</param>
    /// <param name="contamination">What the template took of the signal near the fitted point.</param>
    public ResonanceSearchResult WithFamily(FamilySearch family, SignalContamination contamination)
    {
        double scale = _region.SumOfSquaredWeights / _region.SumOfWeights;
        SignalFamilyResult found = family.Result(options.Inference.CorrectsContamination ? contamination : default, scale);
        FamilyParameter mu = found.Parameters[0];
        var failed = new FailedFits();
        var fraction = new SignalFraction(
            mu.Value, failed.Interval(ConfidenceLevel.OneSigma, Interval), failed.Interval(ConfidenceLevel.Usual, Interval), "family fit");
        return Summarise(
            AllExcesses(),
            double.IsFinite(mu.Error) ? fraction with { Error = mu.Error } : fraction,
            found.Significance,
            Contamination(contamination, mu.Value)) with
        {
            Family = found,
            FailedFits = failed.Sentences,
            Statements = FamilyStatements.Of(found, samples.Template),
        };

        ConfidenceInterval Interval(double level) => family.FractionInterval(level, found.Correction);
    }

    /// <summary>Share of signal in the template, and by how much the fraction is lower where it is taken for background.</summary>
    private TemplateContamination Contamination(SignalContamination known, double found)
    {
        bool isCorrected = options.Inference.CorrectsContamination;
        double fraction = found / (isCorrected ? 1 : 1 - known.Effect);
        double inTemplate = known.Shape * fraction * _region.SumOfWeights / _template.SumOfWeights;
        return new TemplateContamination(known.Shape, known.Effect, inTemplate, known.Effect * fraction, isCorrected);
    }

    private ResonanceSearchResult Summarise(
        ExcessAfterCut[] excess, SignalFraction fraction, double significance, TemplateContamination? contamination) => new()
        {
            EventCount = eventCount,
            EventsInRegion = _region.SumOfWeights,
            EventsInSidebands = samples.Sideband.Events.SumOfWeights,
            ExpectedBackground = excess[0].Expected,
            SpectrumGoodnessOfFit = samples.Template.Spectrum?.GoodnessOfFit ?? double.NaN,
            SignalFraction = fraction,
            Significance = significance,
            Excess = excess,
            Closure = new SearchClosure(samples.Score.MeanRatio, samples.AnomalyArea, samples.Score.ClippedCount),
            SignalInTemplate = contamination,
        };

    private ExcessAfterCut[] AllExcesses()
    {
        Estimate expected = samples.Template.Expected;
        var all = new List<ExcessAfterCut> { Excess(1, double.NegativeInfinity, _region.Sums, expected) };
        foreach (double efficiency in options.BackgroundEfficiencies.Where(efficiency => efficiency < 1))
        {
            CutShare cut = samples.Cuts!.At(efficiency);
            if (!(cut.Share > 0))
            {
                // Negative weights outweigh the others up there: such a cut has no expectation.
                continue;
            }

            double error = Math.Sqrt(Math.Pow(cut.Share * expected.Error, 2) + (expected.Value * expected.Value * cut.Variance));
            all.Add(Excess(cut.Share, cut.Threshold, cut.Data, new Estimate(cut.Share * expected.Value, error)) with
            {
                GeneratorError = expected.Value * Math.Sqrt(cut.GeneratorVariance),
            });
        }

        return [.. all];
    }

    private static ExcessAfterCut Excess(double efficiency, double threshold, WeightSums data, Estimate expected)
    {
        // Weighted counts are scaled to Poisson counts of the same relative error.
        (double observed, double squares) = data;
        double scale = squares > 0 && observed > 0 ? squares / observed : 1;
        double significance = Significance.OfDifference(
            Math.Max(0, observed) / scale, expected.Value / scale, expected.Error / scale);
        return new ExcessAfterCut(efficiency, threshold, observed, expected, significance);
    }

    /// <summary>The scores below the cut that keeps the rest of the background.</summary>
    private MixtureRegion Region(double share)
    {
        CutShare cut = samples.Cuts!.At(1 - share);
        return new MixtureRegion(
            1 - cut.Share, cut.Variance, 1 - (cut.Data.Sum / _region.SumOfWeights), _region.Sums.EffectiveCount);
    }

    private static ConfidenceInterval Interval(double value, double error, double level)
    {
        double halfWidth = error * Math.Sqrt(TailProbability.ChiSquaredOneQuantile(level));
        return new ConfidenceInterval(value - halfWidth, value + halfWidth, level);
    }
}
