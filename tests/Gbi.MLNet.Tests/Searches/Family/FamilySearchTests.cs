using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.GlobalProbability;
using Gbi.Inference.MixtureFraction;
using Gbi.Inference.Tests;
using Gbi.Numerics;
using Gbi.Reports;
using Gbi.Reports.Html;
using Gbi.Reports.Json.Results;
using Gbi.Searches;
using Gbi.Searches.Background;
using Gbi.Searches.Family;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using static Gbi.Tests.Searches.Family.FamilyExample;

namespace Gbi.Tests.Searches.Family;

/// <summary>Searches for the Gaussian family of <see cref="FamilyExample"/>.</summary>
[TestFixture]
internal sealed class FamilySearchTests
{
    private static readonly ResonanceSearch Search = ResonanceSearch.Run(Data, Sample, Settings);

    [Test]
    public void Fraction_and_parameter_are_found_together_with_the_errors_of_data_template_and_sample()
    {
        SignalFamilyResult found = Search.Result.Family!;
        double truth = TrueFraction(Data);
        int template = Data.Count - (int)Search.Result.EventsInRegion;
        int near = found.SignalEventsNear;
        (double ofFraction, double ofTheta) = GaussianFamily.Errors(truth, Theta, Search.Result.EventsInRegion, template, near);
        (FamilyParameter fraction, FamilyParameter theta) = (found.Parameters[0], found.Parameters[1]);
        Assert.Multiple(() =>
        {
            Assert.That(found.IsCalibrated, Is.True);
            Assert.That((fraction.Name, theta.Name), Is.EqualTo(("mu", GaussianFamily.Parameter)));
            Assert.That((fraction.Value - truth) / fraction.Error, Is.EqualTo(0).Within(3));
            Assert.That((theta.Value - Theta) / theta.Error, Is.EqualTo(0).Within(3));
            Assert.That(fraction.Error, Is.EqualTo(found.Correction * ofFraction).Within(15).Percent);

            // The closed form is that of the exact score; one learnt from so few events tells less of θ, and only signal nearby counts.
            Assert.That(theta.Error, Is.InRange(0.95 * ofTheta, 1.5 * ofTheta));
            Assert.That(Search.Result.SignalFraction.Value, Is.EqualTo(fraction.Value));
            Assert.That(Search.Result.SignalFraction.Method, Is.EqualTo("family fit"));
            Assert.That(Search.Likelihood, Is.Null);
            Assert.That(Search.Ratio, Is.Null);
        });
    }

    [Test]
    public void No_data_without_signal_gain_as_much_as_a_signal_of_many_standard_deviations()
    {
        SignalFamilyResult found = Search.Result.Family!;
        Assert.Multiple(() =>
        {
            Assert.That(found.Global, Is.EqualTo(new ToyGlobalProbability(found.Global!.Observed, 300, 0, 0)));
            Assert.That(found.ShowsNoSignal, Is.False);
            Assert.That(Search.Result.Statements, Has.One.StartsWith("In 0 of 300 data sets").And.EndsWith(
                "as far as in the data somewhere on a grid of theta: global p-value 0.0033 or less."));
            Assert.That(found.Parameters[0].Interval95!.Value.Lower, Is.GreaterThan(0));
        });
    }

    [Test]
    public void Without_signal_the_fraction_is_that_of_a_fluctuation_and_its_interval_holds_0_unless_the_global_probability_says_no()
    {
        const int DataSets = 10;
        List<double> probabilities = [];
        for (int number = 0; number < DataSets; number++)
        {
            Seed seed = new Seed(60).Child(number);
            ResonanceSearchResult result = ResonanceSearch.Run(DataOf(0, seed), Sample, Settings with { Seed = seed, RunsChecks = true })
                .Result;
            SignalFamilyResult found = result.Family!;
            double probability = found.Global!.Value;
            probabilities.Add(probability);
            Assert.Multiple(() =>
            {
                Assert.That(HoldsZero(result.SignalFraction.Interval68), Is.True.Or.EqualTo(probability > 1 - ConfidenceLevel.OneSigma));
                Assert.That(HoldsZero(result.SignalFraction.Interval95), Is.True.Or.EqualTo(probability > 1 - ConfidenceLevel.Usual));
                Assert.That(found.ShowsNoSignal, Is.EqualTo(probability > 0.05));
                Assert.That(
                    result.Checks.Any(check => check.Name.StartsWith("Fitted values", StringComparison.Ordinal)),
                    Is.EqualTo(!found.ShowsNoSignal));
                Assert.That(
                    result.Statements.Any(sentence => sentence.Contains("the data show no signal of this family")),
                    Is.EqualTo(found.ShowsNoSignal));
            });
        }

        // Probabilities of 1, of data that gain nothing anywhere, pile up: it is the share of small ones that is right. Three standard
        // deviations of 10 (1 − 0.6827) are 4.4.
        Assert.That(
            probabilities.Count(probability => probability <= 1 - ConfidenceLevel.OneSigma),
            Is.EqualTo(DataSets * (1 - ConfidenceLevel.OneSigma)).Within(4.4), string.Join(", ", probabilities));

        static bool HoldsZero(ConfidenceInterval interval) => interval.Lower <= 0 && interval.Upper >= 0;
    }

    [Test]
    public void Each_event_is_scored_at_the_fitted_parameters_and_the_mean_ratio_over_the_template_is_one()
    {
        double theta = Search.Result.Family!.Parameters[1].Value;
        float[] x = Data["x"].ToArray();
        double squares = 0;
        double sum = 0;
        double weights = 0;
        int inside = 0;
        for (int row = 0; row < Data.Count; row++)
        {
            double difference = Search.Scores.LogRatio[row] - GaussianFamily.LogRatio(x[row], theta);
            (squares, inside) = Math.Abs(x[row] - theta) < 3 ? (squares + (difference * difference), inside + 1) : (squares, inside);
            double weight = Search.Scores.BackgroundWeight[row];
            sum += weight * Math.Exp(Search.Scores.LogRatio[row]);
            weights += weight;
        }

        // Where there are signal events to learn from, and ln r itself goes from −3 to 1.
        Assert.That(Math.Sqrt(squares / inside), Is.LessThan(0.3));
        Assert.That(sum / weights, Is.EqualTo(1).Within(1e-4));
        Assert.That(Search.Result.Closure.MeanRatio.Value, Is.EqualTo(1).Within(0.15));
    }

    [Test]
    public void Signal_that_the_template_took_in_is_given_back_and_only_on_demand()
    {
        ResonanceSearch uncorrected = ResonanceSearch.Run(
            Data, Sample, Settings with { Inference = new SignalInferenceOptions { CorrectsContamination = false } });
        (SignalFamilyResult with, SignalFamilyResult without) = (Search.Result.Family!, uncorrected.Result.Family!);

        // Each sideband is scaled to half of the expected background; a sixth of the signal lies in them.
        double half = Search.Result.ExpectedBackground.Value / 2;
        double expected = (
            (Count(Sample, 2.8, 3.3) * half / Count(Data, 2.8, 3.3)) + (Count(Sample, 3.7, 4.2) * half / Count(Data, 3.7, 4.2)))
            / Count(Sample, 3.3, 3.7);
        double k = Search.Result.SignalInTemplate!.Shape;
        double effect = Search.Result.SignalInTemplate.Effect;
        Assert.Multiple(() =>
        {
            // That of the signal near the fitted point, whose masses are those of all.
            Assert.That(k, Is.EqualTo(expected).Within(8).Percent);
            Assert.That(k, Is.GreaterThan(0.05));
            Assert.That(effect, Is.EqualTo(k).Within(5).Percent);
            Assert.That(with.Correction, Is.EqualTo(1 / (1 - effect)).Within(1e-12));
            Assert.That(without.Correction, Is.EqualTo(1));
            Assert.That(without.Parameters[0].Value, Is.EqualTo((1 - effect) * with.Parameters[0].Value).Within(1e-12));
            Assert.That(without.Parameters[0].Error, Is.EqualTo((1 - effect) * with.Parameters[0].Error).Within(1e-12));
            Assert.That(without.Parameters[1], Is.EqualTo(with.Parameters[1]));
            Assert.That(without.Contours[0].Points[7].Second, Is.EqualTo((1 - effect) * with.Contours[0].Points[7].Second).Within(1e-12));
            Assert.That(without.Contours[0].Points[7].First, Is.EqualTo(with.Contours[0].Points[7].First));
            Assert.That(without.Gain, Is.EqualTo(with.Gain));
            Assert.That(Search.Result.SignalInTemplate.IsCorrected, Is.True);
            Assert.That(
                uncorrected.Result.SignalInTemplate!.FractionShift, Is.EqualTo(k / (1 - k) * without.Parameters[0].Value).Within(1e-12));
            Assert.That(uncorrected.Result.Warnings, Has.Some.Contains("switch the correction on"));
        });
    }

    [Test]
    public void Gain_and_significance_are_those_of_the_exact_likelihood()
    {
        // The likelihood of the exact ratio at its own maximum over a grid; the learnt one is lower, as its template holds signal and its
        // training noise.
        SignalFamilyResult found = Search.Result.Family!;
        EventTable region = Data.Select(Settings.Window.Rows(Data["m"], MassRegion.SignalRegion));
        float[] x = region["x"].ToArray();
        double best = 0;
        for (double theta = 0.8; theta < 1.6; theta += 0.05)
        {
            float[] ratios = [.. x.Select(value => (float)Math.Exp(GaussianFamily.LogRatio(value, theta)))];
            double fraction = SignalFractionFit.EstimateFromRatios(ratios, default).Value;
            best = Math.Max(best, 2 * ratios.Sum(ratio => Math.Log(1 + (fraction * (ratio - 1)))));
        }

        Assert.That(found.Gain, Is.InRange(0.6 * best, 1.05 * best));
        Assert.That(found.DegreesOfFreedom, Is.EqualTo(2));

        // P(χ²₂ ≥ g) = e^{−g/2}.
        Assert.That(Search.Result.Significance, Is.EqualTo(Significance.OfProbability(0.5 * Math.Exp(-found.Gain / 2))).Within(1e-6));
    }

    [Test]
    public void The_number_of_threads_changes_no_byte()
    {
        using var limit = ThreadLimit.To(1);
        ResonanceSearch again = ResonanceSearch.Run(Data, Sample, Settings);
        Assert.That(
            WithoutTimes(SearchDocument.Of(new SearchRun(again, TimeSpan.Zero))),
            Is.EqualTo(WithoutTimes(SearchDocument.Of(new SearchRun(Search, TimeSpan.Zero)))));
        Assert.That(again.Family!.Serialize(), Is.EqualTo(Search.Family!.Serialize()));
        Assert.That(again.Scores.LogRatio, Is.EqualTo(Search.Scores.LogRatio));
    }

    [Test]
    public void Weights_that_are_all_alike_change_nothing()
    {
        EventTable doubled = Data.WithWeights(Enumerable.Repeat(2.0, Data.Count).ToArray());
        SignalFamilyResult found = ResonanceSearch.Run(doubled, Sample, Settings).Result.Family!;
        SignalFamilyResult before = Search.Result.Family!;
        Assert.That(found.Gain, Is.EqualTo(before.Gain).Within(1).Percent);
        foreach ((FamilyParameter now, FamilyParameter then) in found.Parameters.Zip(before.Parameters))
        {
            Assert.That(now.Value, Is.EqualTo(then.Value).Within(0.05 * then.Error));
            Assert.That(now.Error, Is.EqualTo(then.Error).Within(2).Percent);
        }
    }

    [Test]
    public void Statements_speak_of_sidebands_and_generator_only_where_the_background_has_them()
    {
        SignalFamilyResult found = Search.Result.Family! with { HasGeneratorSpread = false };
        var given = new BackgroundTemplate(null, new Estimate(100, 10), Data) { HalfOf = [] };
        var generated = new GeneratedTemplate(1, Search.Spectrum!, new Estimate(100, 10), Data) { HalfOf = [] };
        IReadOnlyList<string> plain = FamilyStatements.Of(found, Search.Template);
        IReadOnlyList<string> learnt = FamilyStatements.Of(found, generated);
        IReadOnlyList<string> ofFile = FamilyStatements.Of(found, given);
        Assert.That(learnt, Has.Some.Contains("contamination of the sidebands").And.Some.Contains("but not the spread of the background"));
        Assert.That(plain, Has.Some.Contains("contamination of the sidebands").And.None.Contains("generator"));
        Assert.That(ofFile, Has.None.Contains("sidebands").And.None.Contains("generator"));
        Assert.That(ofFile, Has.Some.Contains("data, template and signal sample; the fit uses neither"));
    }

    [Test]
    public void Statements_say_what_the_significance_is_not()
    {
        IReadOnlyList<string> statements = Search.Result.Statements;
        Assert.That(statements, Has.Some.Contains("σ local, not corrected"));
        Assert.That(statements, Has.Some.Contains("contamination of the sidebands").And.Contains("first order"));
        Assert.That(Search.Result.Warnings.Where(warning => warning.StartsWith("Fitted values that")), Is.Empty);
    }

    [Test]
    public void Too_few_signal_events_near_the_fit_are_a_warning_that_says_what_to_do()
    {
        EventTable few = Sample.Select([.. Enumerable.Range(0, 300)]);
        ResonanceSearchResult result = ResonanceSearch.Run(Data, few, Settings).Result;
        Assert.That(result.Family!.IsCalibrated, Is.False);
        Assert.That(result.Statements, Has.Some.StartsWith("Errors and contours are those of the learnt likelihood"));
        Assert.That(
            result.Warnings,
            Has.Some.StartsWith(
                "Fitted values calibrated with signal events nearby: 0, allowed 2 or more.").And.Contains(
                    "signal events lie within a half-width"));
    }

    [Test]
    public void A_deficit_everywhere_ends_at_no_signal_and_the_result_says_so()
    {
        // A fifth of the region's events is missing where any signal of the family would be.
        EventTable all = DataOf(0, new Seed(6));
        (float[] masses, float[] x) = (all["m"].ToArray(), all["x"].ToArray());
        EventTable data = all.Select(
            [.. Enumerable.Range(0, all.Count).Where(row => row % 5 > 0 || masses[row] is < 3.3f or >= 3.7f || Math.Abs(x[row]) > 4)]);
        ResonanceSearch search = ResonanceSearch.Run(data, Sample, Settings);
        SignalFamilyResult found = search.Result.Family!;
        Assert.Multiple(() =>
        {
            Assert.That(found.Parameters[0].Value, Is.Zero);
            Assert.That(found.Gain, Is.Zero);
            Assert.That(search.Result.Significance, Is.Zero);
            Assert.That(search.Result.SignalFraction.Interval95.Lower, Is.Zero);
            Assert.That(search.Result.SignalFraction.Interval95.Upper, Is.GreaterThan(0));
            Assert.That(found.IsCalibrated, Is.False);
            Assert.That(
                search.Result.Statements, Has.Some.Contains("no signal of this family was found, and its parameters have no meaning"));
            Assert.That(
                () => SearchReport.Write(new SearchRun(search, TimeSpan.Zero)),
                Does.Contain("Signal fraction and parameters of the family"));
            Assert.That(() => SearchDocument.Of(new SearchRun(search, TimeSpan.Zero)).ToJson(), Does.Contain("\"contours\": []"));
        });
    }

    private static double TrueFraction(EventTable data)
    {
        EventTable region = data.Select(Settings.Window.Rows(data["m"], MassRegion.SignalRegion));
        return region["label"].ToArray().Average();
    }

    private static int Count(EventTable events, double low, double high) =>
        events["m"].ToArray().Count(mass => mass >= (float)low && mass < (float)high);

    private static string WithoutTimes(SearchDocument document) => document.ForFile().ToJson();
}
