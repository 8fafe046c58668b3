using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Inference.Impacts;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using Gbi.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Checks;

/// <summary>What a search says of its own numbers: checks, error budget, expected sensitivity and statements, with few trees.</summary>
[TestFixture]
internal sealed class SearchCheckTests
{
    private const string Sculpting = "Fake significance of a cut at 1 %, from the sidebands";
    private const string Continued = "Distance of a feature of the template from the continuation of the sidebands";
    private const string Sparse = "Share of the data outside the template's support";
    private const string Outside = "Share of the simulated signal outside the template's range";
    private const string Saturated = "Share of events where the ratio is saturated or clipped";

    private static readonly RatioOptions Ratio = new()
    {
        FoldCount = 2,
        MemberCount = 1,
        Trees = new TreeOptions { TreeCount = 30, LeafCount = 8 }
    };

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = new DijetSimulator().Features, Mass = DijetSimulator.Mass },
        Window = new MassWindow(3.3, 3.7),
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = DijetSimulator.CollisionEnergy },
        Background = new ReweightedSidebands
        {
            Generator = new SidebandGeneratorOptions
            {
                MemberCount = 2,
                Trees = new TreeOptions { TreeCount = 40, LeafCount = 8, MinLeafHessian = 20, L2 = 10 }
            }
        },
        LearnsAnomaly = false,
        Anomaly = RatioOptions.ForSmallDifferences with { FoldCount = 2, MemberCount = 1 },
        Signal = Ratio,
    };

    private static readonly EventTable Data = DijetSimulator.Data(60_000, 0.01, new Seed(1));
    private static readonly EventTable Signal = DijetSimulator.Signal(10_000, new Seed(2));
    private static readonly Lazy<ResonanceSearch> Found = new(() => ResonanceSearch.Run(Data, Signal, Settings));

    [Test]
    public void A_good_search_passes_every_guard_and_warns_of_nothing()
    {
        ResonanceSearchResult result = Found.Value.Result;
        Assert.That(result.Checks.Where(check => check.Failed), Is.Empty);
        Assert.That(result.Checks, Has.Count.EqualTo(9));
        Assert.That(result.Warnings, Is.Empty);
    }

    [TestCase(false), TestCase(true)]
    public void Plain_sidebands_raise_the_alarm_where_a_feature_follows_the_mass(bool hasAngle)
    {
        var simulation = new DijetSimulation { HasAngle = hasAngle };
        EventTable data = DijetSimulator.Background(60_000, new Seed(3), simulation: simulation);
        ResonanceSearchOptions settings = Settings with
        {
            Background = new PlainSidebands(),
            Schema = Settings.Schema with { Features = new DijetSimulator(simulation).Features },
        };
        ClosureCheck check = Guard(ResonanceSearch.Run(data, null, settings), Sculpting);
        Assert.That(check.Failed, Is.EqualTo(hasAngle), $"{check.Value} ± {check.Error}");
    }

    [TestCase(0f), TestCase(0.1f)]
    public void A_given_background_raises_the_alarm_where_it_does_not_continue_the_sidebands(float shift)
    {
        EventTable background = DijetSimulator.Background(30_000, new Seed(10), 3.3, 3.7);
        string[] others = [.. Settings.Schema.Features.Where(name => name != "tau21_j1")];
        EventTable given = background.WithColumns(others)
            .WithColumn("tau21_j1", background["tau21_j1"].ToArray().Select(value => value + shift).ToArray());
        EventTable data = DijetSimulator.Background(60_000, new Seed(3));
        ClosureCheck check = Guard(ResonanceSearch.Run(data, null, Settings with { Background = new GivenBackground(given) }), Continued);
        Assert.That(check.Failed, Is.EqualTo(shift != 0), $"{check.Value} ± {check.Error}");
    }

    [Test]
    public void Without_sidebands_nothing_tells_whether_a_given_background_continues_them_and_the_table_says_so()
    {
        EventTable data = DijetSimulator.Background(5_000, new Seed(3), 3.3, 3.7);
        ResonanceSearch search = ResonanceSearch.Run(
            data, null, Settings with { Background = new GivenBackground(DijetSimulator.Background(5_000, new Seed(10), 3.3, 3.7)) });
        Assert.That(Guard(search, Continued).Value, Is.NaN);
        Assert.That(search.Result.Inconclusive, Has.Some.StartsWith($"{Continued}: not tested. The data have no sidebands"));
    }

    [Test]
    public void A_template_without_events_where_the_data_are_raises_the_alarm_of_its_support()
    {
        // A third of the background is missing from the template: those with the softest heavier jet.
        EventTable background = DijetSimulator.Background(60_000, new Seed(4), 3.3, 3.7);
        float[] masses = background["mj1"].ToArray();
        float cut = masses.Order().ElementAt(background.Count / 3);
        EventTable part = background.Select([.. Enumerable.Range(0, background.Count).Where(row => masses[row] > cut)]);
        ClosureCheck check = Guard(ResonanceSearch.Run(Data, null, Settings with { Background = new GivenBackground(part) }), Sparse);
        // Cells that lie on both sides of the cut have template events.
        Assert.That(check.Value, Is.InRange(0.1, 1 / 3.0));
        Assert.That(check.Failed, Is.True);
    }

    [Test]
    public void A_signal_beyond_the_template_raises_the_alarms_of_range_and_saturation_or_passes_neither_unseen()
    {
        // All of it beyond the largest value of a feature, where trees tell it from background without a mistake.
        EventTable away = Signal.WithColumns([.. Signal.ColumnNames.Except(["mj1"])])
            .WithColumn("mj1", Enumerable.Range(0, Signal.Count).Select(row => 10f + (row % 7)).ToArray());
        ResonanceSearchOptions settings = Settings with
        {
            Background = new GivenBackground(DijetSimulator.Background(60_000, new Seed(4), 3.3, 3.7)),
            Signal = new RatioOptions
            {
                FoldCount = 2,
                MemberCount = 1,
                Calibration = null,
                Trees = new TreeOptions { TreeCount = 300, LeafCount = 4, LearningRate = 0.3, MinLeafHessian = 1e-6 }
            },
        };
        ResonanceSearch search = ResonanceSearch.Run(Data, away, settings);
        Assert.That(Guard(search, Outside).Value, Is.EqualTo(1));
        Assert.That(Guard(search, Outside).Passed, Is.False);
        Assert.That(Guard(search, Saturated).Passed, Is.False);
        Assert.That(search.Result.Warnings, Has.Some.StartsWith(Outside).And.Some.StartsWith(Saturated));
    }

    [Test]
    public void Signal_in_the_sidebands_raises_the_alarm_where_it_is_not_corrected()
    {
        ResonanceSearchOptions settings = Settings with
        {
            Window = new MassWindow(3.45, 3.55, 3.2, 3.8),
            RunsChecks = false,
            Spectrum = new MassSpectrumOptions { ParameterCount = 2 },
            Inference = new SignalInferenceOptions { CorrectsContamination = false },
        };
        EventTable data = DijetSimulator.Data(60_000, 0.03, new Seed(5));
        ResonanceSearchResult result = ResonanceSearch.Run(data, Signal, settings).Result;
        double sigma = (result.SignalFraction.Interval68.Upper - result.SignalFraction.Interval68.Lower) / 2;
        ClosureCheck check = result.Checks.Single(check => check.Name.StartsWith("Shift of the signal fraction", StringComparison.Ordinal));
        Assert.That(check.Value, Is.EqualTo(result.SignalInTemplate!.FractionShift / sigma));
        Assert.That(check.Failed, Is.True);
    }

    [Test]
    public void A_spectrum_that_does_not_fit_raises_the_alarm()
    {
        EventTable data = DijetSimulator.Background(60_000, new Seed(6));
        ResonanceSearchResult result = ResonanceSearch.Run(
            data, null,
            Settings with
            {
                RunsChecks = false,
                Spectrum = new MassSpectrumOptions { ParameterCount = 1 },
                Background = new PlainSidebands()
            }).Result;
        Assert.That(result.SpectrumGoodnessOfFit, Is.LessThan(1e-3));
        Assert.That(result.Warnings, Has.Some.Contains("The spectrum does not describe the sidebands"));
    }

    [Test]
    public void Switched_off_guards_cost_nothing_and_change_no_number()
    {
        ResonanceSearch quick = ResonanceSearch.Run(Data, Signal, Settings with { RunsChecks = false });
        Assert.Multiple(() =>
        {
            Assert.That(quick.Result.SignalFraction, Is.EqualTo(Found.Value.Result.SignalFraction));
            Assert.That(quick.Result.Sensitivity, Is.Null);
            Assert.That(quick.Result.Checks, Is.SubsetOf(Found.Value.Result.Checks).And.Count.EqualTo(5));
            Assert.That(quick.StepTimes.Select(step => step.Step), Has.None.EqualTo("Testing the search"));
        });
    }

    [Test]
    public void The_parts_of_the_error_are_shifts_of_the_fit_and_their_squares_add_up()
    {
        SignalErrorBudget budget = Found.Value.Result.ErrorBudget!;
        SignalLikelihood likelihood = Found.Value.Likelihood!;
        IReadOnlyList<ParameterImpact> impacts = ParameterImpact.OfMeasurements(likelihood.Model, likelihood.Data);
        Assert.Multiple(() =>
        {
            Assert.That(budget.Total, Is.EqualTo(likelihood.Fits.Fit().Errors[likelihood.Fits.ParameterOfInterest]).Within(1e-9).Percent);
            Assert.That(budget.Statistical, Is.GreaterThan(0).And.LessThan(budget.Total));
            Assert.That(budget.Rate, Is.EqualTo(Shift(SignalLikelihood.BackgroundRate)).Within(5).Percent);
            Assert.That(budget.Template, Is.EqualTo(Shift(SignalLikelihood.TemplateSize)).Within(5).Percent);
            Assert.That(budget.Simulation, Is.EqualTo(Shift(SignalLikelihood.SimulationSize)).Within(5).Percent);
            Assert.That(budget.Generator, Is.EqualTo(Shift(SignalLikelihood.GeneratorMember)).Within(5).Percent);
        });

        // Half of the change between both shifts, which is linear in them.
        double Shift(string name) => Math.Sqrt(impacts.Where(impact => impact.Parameter.StartsWith(name, StringComparison.Ordinal))
            .Sum(impact => Math.Pow((impact.Up - impact.Down) / 2, 2)));
    }

    [Test]
    public void What_the_likelihood_leaves_out_has_no_part_in_the_error()
    {
        ResonanceSearchResult result = ResonanceSearch.Run(Data, Signal, Settings with
        {
            RunsChecks = false,
            Inference = new SignalInferenceOptions { VariesGenerator = false, VariesSamples = false, ConstrainsRate = false },
        }).Result;
        Assert.That(result.ErrorBudget, Is.EqualTo(new SignalErrorBudget(result.ErrorBudget!.Total, 0, 0, 0, 0)));
    }

    [Test]
    public void The_expected_limit_and_significance_are_those_of_a_parabola_with_the_expected_error()
    {
        SignalSensitivity expected = Found.Value.Result.Sensitivity!;
        SignalLikelihood likelihood = Found.Value.Likelihood!;

        // CLs = 2 (1 − Φ(μ/σ)) at its median is 0.05 at μ = 1.96 σ, and μ/σ the significance of a small μ (arXiv:1007.1727).
        double small = 0.1 * expected.Error;
        double[] growing = [.. Enumerable.Range(1, 4).Select(step => likelihood.Expected(step * 2 * expected.Error).Significance)];
        Assert.Multiple(() =>
        {
            Assert.That(expected.UpperLimit, Is.EqualTo(1.96 * expected.Error).Within(20).Percent);
            Assert.That(likelihood.Expected(small).Significance, Is.EqualTo(0.1).Within(10).Percent);
            Assert.That(growing, Is.Ordered.Ascending.And.All.GreaterThan(0));
            Assert.That(expected.AtEstimate!.Fraction, Is.EqualTo(Found.Value.Result.SignalFraction.Value));
            Assert.That(expected.AtEstimate.Significance, Is.EqualTo(Found.Value.Result.Significance).Within(20).Percent);
            Assert.That(
                () => likelihood.Expected(0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("between 0 and 1"));
        });
    }

    [TestCase(0.0), TestCase(0.2)]
    public void Without_a_signal_sample_the_features_bound_the_fraction_from_below_and_words_say_so(double share)
    {
        ResonanceSearch search = ResonanceSearch.Run(
            DijetSimulator.Data(60_000, share, new Seed(7)), null,
            Settings with
            {
                RunsChecks = false,
                Background = new GivenBackground(DijetSimulator.Background(60_000, new Seed(8), 3.3, 3.7))
            });
        EventTable data = search.Events;
        double truth = Enumerable.Range(0, data.Count)
            .Where(row => search.Scores.Region[row] == 1)
            .Average(row => data[DijetSimulator.Label][row]);
        ResonanceSearchResult result = search.Result;
        Assert.Multiple(() =>
        {
            Assert.That(result.Bound!.Lower, share == 0 ? Is.Zero : Is.InRange(0.5 * truth, truth));
            Assert.That(result.Statements[0], Does.Contain(share == 0 ? "do not require any signal" : "require a signal fraction of "));
            Assert.That(result.Statements, Has.Some.Contains("neither an estimate nor an upper limit"));
            Assert.That(
                (result.ErrorBudget, result.Sensitivity, result.SignalInTemplate),
                Is.EqualTo(default((SignalErrorBudget?, SignalSensitivity?, TemplateContamination?))));
        });
    }

    private static ClosureCheck Guard(ResonanceSearch search, string name) => search.Result.Checks.Single(check => check.Name == name);
}
