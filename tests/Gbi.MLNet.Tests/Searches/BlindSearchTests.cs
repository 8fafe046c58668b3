using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Reports;
using Gbi.Reports.Html;
using Gbi.Reports.Json.Results;
using Gbi.Searches;
using Gbi.Searches.Blind;
using Gbi.Searches.Options;
using Gbi.Searches.Signal;
using Gbi.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Searches;

/// <summary>What a search expects before its signal region is opened, with few trees.</summary>
[TestFixture]
internal sealed class BlindSearchTests
{
    private static readonly MassWindow Window = new(3.3, 3.7);

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = new DijetSimulator().Features, Mass = DijetSimulator.Mass },
        Window = Window,
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = DijetSimulator.CollisionEnergy },
        Background = new ReweightedSidebands
        {
            Generator = new SidebandGeneratorOptions
            {
                MemberCount = 2,
                Trees = new TreeOptions { TreeCount = 20, LeafCount = 8, MinLeafHessian = 20, L2 = 10 }
            }
        },
        LearnsAnomaly = false,
        Signal = new RatioOptions { FoldCount = 2, MemberCount = 1, Trees = new TreeOptions { TreeCount = 30, LeafCount = 8 } },
    };

    private static readonly EventTable Data = DijetSimulator.Background(20_000, new Seed(1));
    private static readonly EventTable Signal = DijetSimulator.Signal(3_000, new Seed(2));

    private static IEnumerable<TestCaseData> Choices()
    {
        EventTable other = DijetSimulator.Background(5_000, new Seed(3), 3.3, 3.7);
        yield return Case("reweighted sidebands", Settings);
        ResonanceSearchOptions quick = Settings with { RunsChecks = false };
        yield return Case(
            "plain sidebands with the mass",
            quick with { Background = new PlainSidebands(), Inference = new SignalInferenceOptions { UsesMass = true } });
        yield return Case(
            "given events, uncorrected",
            quick with
            {
                Background = new GivenBackground(other),
                Inference = new SignalInferenceOptions { CorrectsContamination = false }
            });
        yield return Case("a generator", quick with { Background = new GeneratedBackground(new DijetSimulator()) { Oversampling = 1 } });

        static TestCaseData Case(string name, ResonanceSearchOptions settings) => new TestCaseData(settings).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Choices))]
    public void Data_that_differ_only_in_the_signal_region_give_the_same_bytes(ResonanceSearchOptions settings)
    {
        EventTable sideband = Data.Select(Window.Rows(Data[DijetSimulator.Mass], MassRegion.Sideband));
        EventTable bump = Signal.Select(Window.Rows(Signal[DijetSimulator.Mass], MassRegion.SignalRegion));
        Assert.That(
            Written(BlindSearch.Run(bump.Append(sideband), Signal, settings)),
            Is.EqualTo(Written(BlindSearch.Run(Data, Signal, settings))));
    }

    [Test]
    public void Data_need_no_event_in_the_signal_region_and_those_of_the_sidebands_count()
    {
        ResonanceSearchOptions settings = Settings with { RunsChecks = false };
        EventTable sideband = Data.Select(Window.Rows(Data[DijetSimulator.Mass], MassRegion.Sideband));
        string whole = Written(BlindSearch.Run(Data, Signal, settings));
        string fewer = Written(BlindSearch.Run(sideband.Select([.. Enumerable.Range(1, sideband.Count - 1)]), Signal, settings));
        Assert.That(Written(BlindSearch.Run(sideband, Signal, settings)), Is.EqualTo(whole));
        Assert.That(fewer, Is.Not.EqualTo(whole));
    }

    [Test]
    public void What_is_expected_is_what_the_open_search_expects_of_data_without_signal()
    {
        SignalSensitivity blind = BlindSearch.Run(Data, Signal, Settings).Result.Sensitivity;
        ResonanceSearch open = ResonanceSearch.Run(Data, Signal, Settings);
        SignalSensitivity expected = open.Result.Sensitivity!;

        // They differ by the fitted fraction alone, at which the open search takes the widths of its sample sizes.
        Assert.Multiple(() =>
        {
            Assert.That(blind.Error, Is.EqualTo(expected.Error).Within(15).Percent);
            Assert.That(blind.UpperLimit, Is.EqualTo(expected.UpperLimit).Within(15).Percent);
            Assert.That(blind.AtRootBackground.Significance, Is.EqualTo(expected.AtRootBackground.Significance).Within(15).Percent);
            Assert.That(blind.AtEstimate, Is.Null);

            // CLs = 2 (1 − Φ(μ/σ)) at its median is 0.05 at μ = 1.96 σ; at ±1 σ of the data at 2.9 and 1.4 σ (arXiv:1007.1727, section 4).
            Assert.That(blind.UpperLimit, Is.EqualTo(1.96 * blind.Error).Within(20).Percent);
            Assert.That(blind.UpperLimitBand, Is.Ordered.Ascending.And.Count.EqualTo(5));
            Assert.That(blind.UpperLimitBand[2], Is.EqualTo(blind.UpperLimit));
        });
    }

    [TestCase(1.0), TestCase(0.3)]
    public void Of_a_shape_alone_the_error_is_that_of_the_Fisher_information(double weight)
    {
        // x is 1 in a tenth of N background events and in nine tenths of the signal; the rate is free: 1/σ² = N (E_B[r²] − 1), r = 9 and
        // 1/9.
        const int Count = 40_000;
        EventTable data = EventTable.FromColumns(("x", new float[Count]), ("m", Masses(Count)))
            .WithWeights(Enumerable.Repeat(weight, Count).ToArray());
        BlindSearch search = BlindSearch.Run(data, InTenths(Count, 9), OfShapeAlone(Count));
        double effective = search.Result.ExpectedBackground.Value / weight;
        Assert.That(
            search.Result.Sensitivity.Error, Is.EqualTo(1 / Math.Sqrt(effective * ((0.1 * 81) + (0.9 / 81) - 1))).Within(2).Percent);
    }

    [Test]
    public void Errors_of_weighted_events_are_expected_as_they_are_found_and_counted_once()
    {
        // Weights that do not depend on x: 1/σ² = N_eff (E_B[r²] − 1) with N_eff = (Σw)²/Σw² of the region, in the blind search by Asimov
        // data in units of Σw²/Σw, in the open one by the sandwich covariance in the same units.
        const int Count = 40_000;
        EventTable tenths = InTenths(Count, 1);
        EventTable data = EventTable.FromColumns(("x", tenths["x"].ToArray()), ("m", Masses(Count)))
            .WithWeights(Enumerable.Range(0, Count).Select(row => row % 3 == 0 ? 4 : row % 3 == 1 ? 0.5 : -0.2).ToArray());
        EventTable region = data.Select(Window.Rows(data["m"], MassRegion.SignalRegion));
        double effective = region.SumOfWeights * region.SumOfWeights / region.Weights.ToArray().Sum(weight => weight * weight);
        double expected = 1 / Math.Sqrt(effective * ((0.1 * 81) + (0.9 / 81) - 1));
        BlindSearch blind = BlindSearch.Run(data, InTenths(Count, 9), OfShapeAlone(Count));
        ResonanceSearch open = ResonanceSearch.Run(data, InTenths(Count, 9), OfShapeAlone(Count));

        Assert.That(blind.Likelihood.Data, Is.InstanceOf<AsimovData>());
        Assert.That(blind.Result.Sensitivity.Error, Is.EqualTo(expected).Within(3).Percent);
        Assert.That(open.Likelihood!.Data, Is.InstanceOf<ObservedData>());
        Assert.That(open.Likelihood.Fits.Fit().HasWeightedEvents);
        Assert.That(open.Likelihood.Fits.Fit().Errors[0], Is.EqualTo(expected).Within(5).Percent);
    }

    [Test]
    public void Weighted_data_without_sidebands_do_not_tell_what_an_event_counts()
    {
        EventTable region = Data.Select(Window.Rows(Data[DijetSimulator.Mass], MassRegion.SignalRegion));
        EventTable weighted = region.WithWeights(Enumerable.Repeat(2.0, region.Count).ToArray());
        ResonanceSearchOptions settings = Settings with { Background = new GivenBackground(region) };
        Assert.That(
            () => BlindSearch.Run(weighted, Signal, settings),
            Throws.TypeOf<DataException>().With.Message.Contains("mean weight in the blinded signal region is unknown"));
    }

    [TestCase(true, "Share of a signal contained in the template, corrected")]
    [TestCase(false, "Shift of the signal fraction for S = √B by signal contamination, in expected errors")]
    public void Its_guards_are_those_that_need_no_event_of_the_region(bool corrects, string contamination)
    {
        BlindSearchResult result = BlindSearch.Run(
            Data, Signal, Settings with { Inference = new SignalInferenceOptions { CorrectsContamination = corrects } }).Result;
        Assert.That(result.Checks.Select(guard => guard.Name), Is.EqualTo((string[])
        [
            "χ² probability of the mass spectrum in the sidebands",
            "Rise of the mass spectrum at its lower end, in standard deviations",
            contamination,
            "Fake significance of a cut at 1 %, from the sidebands",
            "Share of the simulated signal outside the template's range",
            "Share of events where the ratio is saturated or clipped",
            "Mean ratio over the background before normalisation",
        ]));
        ClosureCheck guard = result.Checks[2];
        double root = result.Sensitivity.AtRootBackground.Fraction;
        Assert.That(root, Is.EqualTo(1 / Math.Sqrt(result.ExpectedBackground.Value)).Within(1e-9).Percent);
        Assert.That(
            guard.Value,
            Is.EqualTo(corrects ? result.Contamination.Effect : result.Contamination.Effect * root / result.Sensitivity.Error)
                .Within(1e-9).Percent);
    }

    private static ResonanceSearchOptions OfShapeAlone(int count) => Settings with
    {
        Schema = new EventSchema { Features = ["x"], Mass = "m", Weight = "w" },
        Window = new MassWindow(3.3, 3.7, 2.9, 4.1),
        Background = new GivenBackground(InTenths(count, 1)),
        Inference = new SignalInferenceOptions { ConstrainsRate = false, VariesSamples = false, CorrectsContamination = false },
        Spectrum = new MassSpectrumOptions { ParameterCount = 1 },
        RunsChecks = false,
    };

    private static float[] Masses(int count) => [.. Enumerable.Range(0, count).Select(row => 2.9f + (1.2f * row / count))];

    private static EventTable InTenths(int count, int tenths) => EventTable.FromColumns(
        ("x", Enumerable.Range(0, count).Select(row => row % 10 < tenths ? 1f : 0f).ToArray()),
        ("m", Enumerable.Repeat(3.5f, count).ToArray()));

    /// <summary>All that is written of a search, and what is read of its likelihood.</summary>
    private static string Written(BlindSearch search)
    {
        var run = new BlindRun(search, TimeSpan.Zero);
        string report = BlindReport.Write(run);
        double[] fitted = search.Likelihood.Fits.Fit().Errors.ToArray();
        string document = BlindSearchDocument.Of(run).ForFile().ToJson();
        return document + report + string.Join(' ', fitted)
            + string.Join(' ', search.Ratio.Score(Signal).LogRatio.ToArray());
    }
}
