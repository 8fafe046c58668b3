using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Searches;

/// <summary>Whole searches on 60,000 events of <see cref="DijetSimulator"/>, with few trees so that they are quick.</summary>
[TestFixture]
internal sealed class ResonanceSearchTests
{
    private const int Count = 60_000;

    private static readonly DijetSimulator Simulator = new();
    private static readonly EventTable Signal = DijetSimulator.Signal(20_000, new Seed(100));
    private static readonly RatioOptions Ratio = new()
    {
        FoldCount = 3,
        MemberCount = 1,
        Trees = new TreeOptions { TreeCount = 30, LeafCount = 8 }
    };

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = Simulator.Features, Mass = DijetSimulator.Mass },
        Window = new MassWindow(3.3, 3.7),
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = DijetSimulator.CollisionEnergy },
        Background = new ReweightedSidebands
        {
            Generator = new SidebandGeneratorOptions
            {
                FoldCount = 2,
                MemberCount = 2,
                Trees = new TreeOptions { TreeCount = 60, LeafCount = 8, MinLeafHessian = 20, L2 = 10 },
            },
        },
        Anomaly = Ratio with { Calibration = null },
        Signal = Ratio,
    };

    private static readonly Lazy<EventTable> WithSignal = new(() => DijetSimulator.Data(Count, 0.01, new Seed(1)));

    private static readonly Lazy<ResonanceSearch> Found = new(() =>
    {
        using var limit = ThreadLimit.To(1);
        return ResonanceSearch.Run(WithSignal.Value, Signal, Settings);
    });

    [TestCase(1UL), TestCase(2UL), TestCase(3UL)]
    public void The_true_signal_fraction_lies_within_three_errors_of_the_estimate(ulong seed)
    {
        EventTable data = seed == 1 ? WithSignal.Value : DijetSimulator.Data(Count, 0.01, new Seed(seed));
        ResonanceSearchResult result = (seed == 1 ? Found.Value : ResonanceSearch.Run(data, Signal, Settings)).Result;
        int[] region = Settings.Window.Rows(data[DijetSimulator.Mass], MassRegion.SignalRegion);
        double truth = region.Average(row => data[DijetSimulator.Label][row]);
        SignalFraction found = result.SignalFraction;
        double error = (found.Interval68.Upper - found.Interval68.Lower) / 2;
        double pull = (found.Value - truth) / error;
        Assert.That(pull, Is.EqualTo(0).Within(3));
        Assert.That(result.Significance, Is.GreaterThan(5));
        Assert.That(result.EventsInRegion, Is.EqualTo(region.Length));
        Assert.That(result.Closure.MeanRatio.Value, Is.EqualTo(1).Within(0.1));
    }

    [Test]
    public void Without_signal_neither_the_fit_nor_a_cut_finds_an_excess()
    {
        EventTable data = DijetSimulator.Background(Count, new Seed(4));
        ResonanceSearchResult withSample = ResonanceSearch.Run(data, Signal, Settings).Result;
        ResonanceSearchResult alone = ResonanceSearch.Run(data, null, Settings).Result;
        Assert.That(withSample.Significance, Is.LessThan(3));
        Assert.That(Math.Abs(withSample.SignalFraction.Value), Is.LessThan(0.01)); // its error is 0.002
        Assert.That(alone.Excess.Max(cut => cut.Significance), Is.LessThan(3));
        Assert.That(alone.SignalFraction.Method, Is.EqualTo("excess"));
        Assert.That(alone.Closure.Auc, Is.EqualTo(0.5).Within(0.02));
    }

    [Test]
    public void Truth_labels_in_the_table_change_nothing()
    {
        EventTable data = WithSignal.Value;
        float[] shuffled = [.. new Seed(5).Permutation(Count).Select(row => data[DijetSimulator.Label][row])];
        EventTable relabelled = EventTable.FromColumns([
            .. data.ColumnNames.Where(name => name != DijetSimulator.Label).Select(name => (name, data[name].ToArray())),
            (DijetSimulator.Label, shuffled)]);
        AssertSame(ResonanceSearch.Run(relabelled, Signal, Settings), Found.Value);
    }

    [Test]
    public void One_and_two_threads_find_the_same()
    {
        using var limit = ThreadLimit.To(2);
        AssertSame(ResonanceSearch.Run(WithSignal.Value, Signal, Settings), Found.Value);
    }

    [Test]
    public void Every_event_gets_its_place_and_its_scores()
    {
        ResonanceSearch search = Found.Value;
        float[] masses = WithSignal.Value[DijetSimulator.Mass].ToArray();
        Assert.That((search.Scores.Region.Length, search.Scores.BackgroundWeight.Length), Is.EqualTo((Count, Count)));
        MassRegion[] places = [.. masses.Select(mass => Settings.Window.RegionOf(mass))];
        Assert.That(places.Zip(search.Scores.Region).Count(row => row.Second != (row.First == MassRegion.SignalRegion ? 1 : 0)), Is.Zero);
        Assert.That(
            places.Zip(search.Scores.BackgroundWeight).Count(row => row.Second > 0 != (row.First == MassRegion.Sideband)), Is.Zero);
        Assert.That(search.Scores.LogRatio.All(float.IsFinite) && search.Scores.AnomalyLogRatio.All(float.IsFinite));
        Assert.That(search.Scores.BackgroundWeight.Sum(), Is.EqualTo(search.Result.ExpectedBackground.Value).Within(1e-6).Percent);
        Assert.That((search.Ratio!.Numerator, search.Ratio.Denominator), Is.EqualTo(("signal", "background")));
    }

    [Test]
    public void Events_outside_the_outer_limits_take_no_part()
    {
        EventTable data = DijetSimulator.Background(20_000, new Seed(6));
        ResonanceSearchOptions narrow = Settings with { Window = new MassWindow(3.3, 3.7, 2.8, 5) };
        int[] inside = [.. Enumerable.Range(0, data.Count).Where(row => data[DijetSimulator.Mass][row] is >= 2.8f and < 5)];
        ResonanceSearch all = ResonanceSearch.Run(data, null, narrow);
        ResonanceSearch cut = ResonanceSearch.Run(data.Select(inside), null, narrow);
        Assert.That(all.Result.Significance, Is.EqualTo(cut.Result.Significance));
        Assert.That(inside.Select(row => all.Scores.LogRatio[row]), Is.EqualTo(cut.Scores.LogRatio));
        Assert.That(all.Scores.Region.Count(region => region == -1), Is.EqualTo(data.Count - inside.Length));
        Assert.That(all.Scores.LogRatio.Count(float.IsNaN), Is.EqualTo(data.Count - inside.Length));
    }

    [Test]
    public void What_cannot_be_searched_is_told()
    {
        EventTable data = DijetSimulator.Background(5000, new Seed(7));
        float[] masses = data[DijetSimulator.Mass].ToArray();
        EventTable Where(Func<float, bool> accept) =>
            data.Select([.. Enumerable.Range(0, data.Count).Where(row => accept(masses[row]))]);
        EventTable signalAside = Signal.Select(
            [.. Enumerable.Range(0, Signal.Count).Where(row => Signal[DijetSimulator.Mass][row] < 3.3f)]);
        AssertRefuses(
            data, null, Settings with { Window = new MassWindow(3300, 3700) },
            "The signal region [3300, 3700) holds none of the 5000 events; 'mjj' runs from 2.6");
        AssertRefuses(Where(mass => mass < 3.7f), null, Settings, "There are no events above the signal region [3.3, 3.7)");
        AssertRefuses(Where(mass => mass >= 3.3f), null, Settings, "There are no events below the signal region [3.3, 3.7)");
        AssertRefuses(data, signalAside, Settings, "The signal sample has no events in the signal region [3.3, 3.7)");
        AssertRefuses(
            data, null, Settings with { Schema = new EventSchema { Features = ["tau32"], Mass = DijetSimulator.Mass } },
            "There is no column 'tau32'");
        AssertRefuses(data, null, Settings with { Schema = new EventSchema { Features = ["mj1"], Mass = "m" } }, "There is no column 'm'");
        Assert.That(
            () => ResonanceSearch.Run(data, null, Settings with { Schema = new EventSchema { Features = ["mj1"] } }),
            Throws.ArgumentException.With.Message.Contains("needs a mass column"));
        Assert.That(
            () => Settings with { BackgroundEfficiencies = [0.1, 1.1] }, Throws.ArgumentException.With.Message.Contains("at most 1"));
    }

    private static void AssertRefuses(EventTable data, EventTable? signal, ResonanceSearchOptions settings, string sentence) =>
        Assert.That(() => ResonanceSearch.Run(data, signal, settings), Throws.TypeOf<DataException>().With.Message.Contains(sentence));

    private static void AssertSame(ResonanceSearch found, ResonanceSearch expected)
    {
        Assert.That(found.Scores.LogRatio, Is.EqualTo(expected.Scores.LogRatio));
        Assert.That(found.Scores.AnomalyLogRatio, Is.EqualTo(expected.Scores.AnomalyLogRatio));
        Assert.That(found.Scores.BackgroundWeight, Is.EqualTo(expected.Scores.BackgroundWeight));
        Assert.That(found.Result.SignalFraction, Is.EqualTo(expected.Result.SignalFraction));
        Assert.That(found.Result.Significance, Is.EqualTo(expected.Result.Significance));
        Assert.That(found.Result.Excess, Is.EqualTo(expected.Result.Excess));
        Assert.That(found.Background!.Serialize(), Is.EqualTo(expected.Background!.Serialize()));
        Assert.That(found.Ratio!.Serialize(), Is.EqualTo(expected.Ratio!.Serialize()));
    }
}
