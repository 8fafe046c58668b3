using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Inference.Fits;
using Gbi.Inference.MixtureFraction;
using Gbi.Inference.Tests;
using Gbi.Searches.Background;
using Gbi.Searches.Family;
using Gbi.Searches.Options;
using Gbi.Searches.Signal;

namespace Gbi.Searches.Results;

/// <summary>Turns the scores of a search into counts, fits and statements.</summary>
internal sealed class SearchSummary
{
    private readonly ResonanceSearchSettings _settings;
    private readonly BackgroundTemplate _background;
    private readonly LearntRatio _ratio;
    private readonly ScoredSample _region;
    private readonly ScoredSample _template;
    private readonly ScoredSample _regionAnomaly;
    private readonly ScoredSample _templateAnomaly;
    private readonly double _sidebandWeight;
    private readonly int _eventCount;

    public SearchSummary(
        ResonanceSearchSettings settings,
        EventTable data,
        BackgroundTemplate background,
        SearchScores scores,
        LearntRatio ratio)
    {
        _settings = settings;
        _background = background;
        _ratio = ratio;
        _eventCount = data.Count;
        int[] region = RowsOf(scores, 1);
        int[] sideband = RowsOf(scores, 0);
        double[] dataWeights = [.. region.Select(data.Weight)];
        double[] templateWeights = [.. Enumerable.Range(0, background.Events.Count).Select(background.Events.Weight)];
        _region = new ScoredSample(scores.LogRatio, region, dataWeights);
        _template = new ScoredSample(background.LogRatio, templateWeights);
        _regionAnomaly = new ScoredSample(scores.AnomalyLogRatio, region, dataWeights);
        _templateAnomaly = new ScoredSample(background.Anomaly, templateWeights);
        _sidebandWeight = sideband.Sum(data.Weight);
    }

    /// <summary>The result from counts alone.</summary>
    public ResonanceSearchResult WithoutSignal()
    {
        ExcessAfterCut[] excess = AllExcesses();
        double observed = _region.SumOfWeights;
        double error = Math.Sqrt(_region.SumOfSquaredWeights + (excess[0].Expected.Error * excess[0].Expected.Error)) / observed;
        double value = excess[0].Excess / observed;
        MixtureBound bound = MixtureBound.Of(_region.Scores, _region.Weights, _template.Scores, _template.Weights);
        return Summarise(
            excess,
            new SignalFraction(value, Interval(value, error, 0.68268949), Interval(value, error, 0.95), "excess"),
            excess[0].Significance,
            leakage: null) with
        {
            Bound = bound,
            Statements = SearchStatements.WithoutSignal(bound, excess),
        };
    }

    /// <summary>The result with the fitted signal fraction.</summary>
    public ResonanceSearchResult WithSignal(SignalLikelihood likelihood)
    {
        ProfileLikelihood fits = likelihood.Fits;
        return Summarise(
            AllExcesses(),
            new SignalFraction(fits.MuHat, ProfileInterval.Of(fits, -1, 1), ProfileInterval.Of(fits, -1, 1, 0.95), "ratio fit"),
            Significance.OfDiscovery(fits.Q0()),
            Leakage(likelihood.Absorption, likelihood.Fits.MuHat)) with
        {
            ErrorBudget = SignalErrorBudget.Of(likelihood),
            Statements = SearchStatements.WithSignal,
        };
    }

    /// <summary>The result with signal fraction and parameters of a family.</summary>
    /// <param name="family">The family, learnt and fitted.</param>
    /// <param name="absorption">What the template took of the signal near the fitted point.</param>
    public ResonanceSearchResult WithFamily(FamilySearch family, SignalAbsorption absorption)
    {
        double scale = _region.SumOfSquaredWeights / _region.SumOfWeights;
        SignalFamilyResult found = family.Result(_settings.Inference.CorrectsContamination ? absorption : default, scale);
        double fraction = found.Parameters[0].Value;
        return Summarise(
            AllExcesses(),
            new SignalFraction(
                fraction, family.FractionInterval(0.68268949213708585, found.Correction), family.FractionInterval(0.95, found.Correction),
                "family fit"),
            found.Significance,
            Leakage(absorption, fraction)) with
        {
            Family = found,
            Statements = FamilyStatements.Of(found),
        };
    }

    /// <summary>Share of signal in the template, and by how much the fraction is lower where it is taken for background.</summary>
    private SignalLeakage Leakage(SignalAbsorption absorption, double found)
    {
        bool isCorrected = _settings.Inference.CorrectsContamination;
        double fraction = found / (isCorrected ? 1 : 1 - absorption.Effect);
        double inTemplate = absorption.Shape * fraction * _region.SumOfWeights / _template.SumOfWeights;
        return new SignalLeakage(absorption.Shape, absorption.Effect, inTemplate, absorption.Effect * fraction, isCorrected);
    }

    private ResonanceSearchResult Summarise(
        ExcessAfterCut[] excess,
        SignalFraction fraction,
        double significance,
        SignalLeakage? leakage)
    {
        double auc = _templateAnomaly.Scores.Length == 0 ? double.NaN : RocCurve.Area(
            _regionAnomaly.Scores, _regionAnomaly.Weights, _templateAnomaly.Scores, _templateAnomaly.Weights);
        return new ResonanceSearchResult
        {
            EventCount = _eventCount,
            EventsInRegion = _region.SumOfWeights,
            EventsInSidebands = _sidebandWeight,
            ExpectedBackground = excess[0].Expected,
            SpectrumGoodnessOfFit = _background.Spectrum?.GoodnessOfFit ?? double.NaN,
            SignalFraction = fraction,
            Significance = significance,
            Excess = excess,
            Closure = new SearchClosure(_ratio.Mean, _ratio.MeanError, auc, _ratio.ClippedCount),
            SignalInTemplate = leakage,
        };
    }

    private ExcessAfterCut[] AllExcesses()
    {
        Estimate expected = _background.Expected;
        var all = new List<ExcessAfterCut> { Excess(1, double.NegativeInfinity, expected) };
        foreach (double efficiency in _settings.BackgroundEfficiencies)
        {
            float threshold = _template.UpperQuantile(efficiency);
            (double above, double squares) = _template.Above(threshold);
            double share = above / _template.SumOfWeights;
            if (!(share > 0))
            {
                // Negative weights outweigh the others up there: such a cut has no expectation.
                continue;
            }

            // The share above the cut is known from a finite template: its variance is that of a weighted binomial.
            double shareVariance =
                ((squares * (1 - (2 * share))) + (share * share * _template.SumOfSquaredWeights)) / Math.Pow(_template.SumOfWeights, 2);
            double error = Math.Sqrt(
                Math.Pow(share * expected.Error, 2) + (expected.Value * expected.Value * Math.Max(0, shareVariance)));
            all.Add(Excess(share, threshold, new Estimate(share * expected.Value, error)));
        }

        return [.. all];
    }

    private ExcessAfterCut Excess(double efficiency, double threshold, Estimate expected)
    {
        (double observed, double squares) = double.IsNegativeInfinity(threshold)
            ? (_region.SumOfWeights, _region.SumOfSquaredWeights)
            : _region.Above((float)threshold);

        // Weighted counts are scaled to Poisson counts of the same relative error.
        double scale = squares > 0 && observed > 0 ? squares / observed : 1;
        double significance = Significance.OfDifference(
            Math.Max(0, observed) / scale, expected.Value / scale, expected.Error / scale);
        return new ExcessAfterCut(
            efficiency, threshold, observed, expected, Math.Max(0, significance)) { SignedSignificance = significance };
    }

    private static ConfidenceInterval Interval(double value, double error, double level)
    {
        double reach = error * Math.Sqrt(Numerics.Probability.TailProbability.ChiSquaredOneQuantile(level));
        return new ConfidenceInterval(value - reach, value + reach, level);
    }

    private static int[] RowsOf(SearchScores scores, int region) =>
        [.. Enumerable.Range(0, scores.Region.Length).Where(row => scores.Region[row] == region)];
}
