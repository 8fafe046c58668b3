using Gbi.Events;
using Gbi.Generators;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Signal;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Signal;

/// <summary>
/// Searches whose likelihood takes the mass within the signal region: the background's masses are uniform, the signal's normal about 3.5
/// with width 0.1, of which 4.6 % lie in the sidebands.
/// </summary>
[TestFixture]
internal sealed class MassTermTests
{
    private const int BackgroundCount = 20_000;

    private static readonly MassWindow Window = new(3.3, 3.7, 2.8, 4.2);

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = ["x"], Mass = "m" },
        Window = Window,
        LearnsAnomaly = false,
        Inference = new SignalInferenceOptions { UsesMass = true },
        Signal = new RatioOptions
        {
            FoldCount = 3,
            MemberCount = 1,
            Trees = new TreeOptions { TreeCount = 60, LeafCount = 8, MinLeafHessian = 10, L2 = 10 }
        },
        Seed = new Seed(3),
    };

    private static readonly EventTable Simulation = Signal(20_000, new Seed(5));

    private static IEnumerable<TestCaseData> Backgrounds()
    {
        EventTable elsewhere = Background(3 * BackgroundCount, new Seed(6));
        var generator = new SidebandGeneratorOptions
        {
            MemberCount = 3,
            Trees = new TreeOptions { TreeCount = 15, LeafCount = 6, MinLeafHessian = 20, L2 = 10 }
        };
        yield return new TestCaseData(new ReweightedSidebands { Generator = generator }).SetArgDisplayNames("reweighted sidebands");
        yield return new TestCaseData(new PlainSidebands()).SetArgDisplayNames("plain sidebands");
        yield return new TestCaseData(
            new ReweightedSimulation(elsewhere) { Reweighting = new SimulationReweightingOptions { MemberCount = 3 } })
            .SetArgDisplayNames("reweighted simulation");
        yield return new TestCaseData(new GivenBackground(elsewhere)).SetArgDisplayNames("given events");
        yield return new TestCaseData(new GeneratedBackground(new FeatureOfBackground())).SetArgDisplayNames("generator");
    }

    [TestCaseSource(nameof(Backgrounds))]
    public void It_finds_the_signal_over_every_background_with_a_smaller_error(SearchBackground background)
    {
        EventTable data = Background(BackgroundCount, new Seed(7)).Append(Signal(600, new Seed(8)));
        ResonanceSearch with = ResonanceSearch.Run(data, Simulation, Settings with { Background = background });
        ResonanceSearch without = ResonanceSearch.Run(
            data, Simulation, Settings with { Background = background, Inference = new SignalInferenceOptions() });
        double truth = SignalInRegion(data) / with.Result.EventsInRegion;
        Assert.That((with.Result.SignalFraction.Value - truth) / Error(with), Is.EqualTo(0).Within(3));
        Assert.That((without.Result.SignalFraction.Value - truth) / Error(without), Is.EqualTo(0).Within(3));
        Assert.That(Error(with), Is.LessThan(Error(without)));
    }

    [Test]
    public void A_template_of_sidebands_took_in_signal_of_its_own_masses_and_the_likelihood_gives_it_back()
    {
        EventTable data = Background(BackgroundCount, new Seed(9)).Append(Signal(3000, new Seed(10)));
        ResonanceSearch with = ResonanceSearch.Run(data, Simulation, Settings with { Background = new PlainSidebands() });
        ResonanceSearch without = ResonanceSearch.Run(
            data, Simulation,
            Settings with
            {
                Background = new PlainSidebands(),
                Inference = new SignalInferenceOptions { UsesMass = true, CorrectsContamination = false }
            });
        double truth = SignalInRegion(data) / with.Result.EventsInRegion;
        Assert.That(with.Result.SignalFraction.Value, Is.EqualTo(truth).Within(3 * Error(with)));
        Assert.That(with.Result.SignalFraction.Value, Is.GreaterThan(without.Result.SignalFraction.Value + (Error(with) / 2)));
        Assert.That(
            with.Likelihood!.Data.Events[0].ColumnNames,
            Does.Contain(SignalLikelihood.LogRatioColumn).And.Contain(SignalLikelihood.FeatureLogRatioColumn));
        Assert.That(without.Likelihood!.Data.Events[0].ColumnNames, Does.Not.Contain(SignalLikelihood.FeatureLogRatioColumn));
        Assert.That(with.Ratio!.Features, Is.EqualTo((string[])["x", "m"]));
    }

    [Test]
    public void Given_events_need_their_mass()
    {
        var massless = new GivenBackground(Background(5000, new Seed(11)).WithColumns(["x"]));
        Assert.That(
            () => ResonanceSearch.Run(Background(5000, new Seed(12)), Simulation, Settings with { Background = massless }),
            Throws.TypeOf<DataException>().With.Message.Contains(
                "The given background has no column 'm', which a likelihood with the mass needs"));
    }

    private static double Error(ResonanceSearch search) =>
        (search.Result.SignalFraction.Interval68.Upper - search.Result.SignalFraction.Interval68.Lower) / 2;

    private static EventTable Background(int count, Seed seed) => Table(count, seed, (u, _) => 2.8 + (1.4 * u), centre: 0, isSignal: 0);

    private static EventTable Signal(int count, Seed seed) => Table(count, seed, (_, z) => 3.5 + (0.1 * z), centre: 1.5, isSignal: 1);

    private static EventTable Table(int count, Seed seed, Func<double, double, double> massOf, double centre, float isSignal)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        return EventTable.FromColumns(
            ("m", [.. rows.Select(row => (float)massOf(seed.Child("u").Uniform(row), seed.Child("z").NormalPair(row).First))]),
            ("x", [.. rows.Select(row => (float)(centre + seed.Child("x").NormalPair(row).First))]),
            ("label", [.. rows.Select(_ => isSignal)]));
    }

    private static double SignalInRegion(EventTable events)
    {
        float[] labels = events["label"].ToArray();
        return Window.Rows(events["m"], MassRegion.SignalRegion).Sum(row => labels[row]);
    }

    /// <summary>The background's feature, which does not depend on the mass.</summary>
    private sealed class FeatureOfBackground : IEventGenerator
    {
        public IReadOnlyList<string> Features => ["x"];

        public EventTable Generate(ReadOnlySpan<float> masses, Seed seed) =>
            EventTable.FromColumns(("x", [.. Enumerable.Range(0, masses.Length).Select(row => (float)seed.NormalPair(row).First)]));
    }
}
