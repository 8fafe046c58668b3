using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Inference.GlobalProbability;
using Gbi.Inference.Toys;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Hunt;

/// <summary>Hunts in three windows of 12,000 events of <see cref="DijetSimulator"/>, with few trees so that they are quick.</summary>
[TestFixture]
internal sealed class BumpHuntTests
{
    private const int Count = 12_000;

    private static readonly BumpHuntOptions Settings = new()
    {
        Scan = new BumpScan(3.1, 3.9, 0.4, 0.2),
        Search = DijetDemo.SearchOptions(new Seed(1)) with
        {
            Background = new ReweightedSidebands
            {
                Generator = new SidebandGeneratorOptions
                {
                    MemberCount = 1,
                    Trees = new TreeOptions { TreeCount = 10, LeafCount = 4, MinLeafHessian = 20, L2 = 10 }
                },
            },
            Anomaly = new RatioOptions
            {
                FoldCount = 2,
                MemberCount = 1,
                Calibration = null,
                Trees = new TreeOptions { TreeCount = 10, LeafCount = 8 }
            },
        },
        BackgroundEfficiencies = [0.05],
        Seed = new Seed(8),
    };

    private static readonly Lazy<EventTable> WithSignal = new(() => DijetSimulator.Data(Count, 0.03, new Seed(1)));

    private static readonly BackgroundToys Simulation = BackgroundToys.Of(
        "simulated dijets", seed => DijetSimulator.Background(seed.Child("count").CreateRandom().NextPoisson(Count), seed.Child("events")));

    [Test]
    public void A_strong_bump_is_found_in_its_window_and_no_toy_is_as_extreme()
    {
        BumpHuntResult result = new BumpHunt(Settings with { ToyCount = 9 }).Run(WithSignal.Value, Simulation);

        Assert.Multiple(() =>
        {
            Assert.That((result.Best.Window.Low, result.Best.Window.High), Is.EqualTo((3.3, 3.7)));
            Assert.That(result.LocalSignificance, Is.GreaterThan(5));
            Assert.That(result.FromToys, Is.EqualTo(new ToyGlobalProbability(result.LocalProbability, 9, 0, 0)));
            Assert.That(result.FromToys!.Value, Is.EqualTo(0.1)); // (1 + 0)/(1 + 9)
            Assert.That(result.Remarks, Has.Some.Contains("None of 9 toys is as extreme"));
        });
    }

    [TestCase(11UL), TestCase(12UL), TestCase(13UL)]
    public void Without_signal_no_window_is_extreme(ulong seed)
    {
        BumpHuntResult result = new BumpHunt(Settings).Run(Simulation.Draw(new Seed(seed)));

        Assert.That(result.LocalProbability, Is.InRange(1e-3, 0.95));
        Assert.That(result.FromToys, Is.Null);
        Assert.That(result.Remarks, Has.Some.Contains("global p-value needs toys"));
    }

    [Test]
    public void Toys_of_the_data_hold_no_signal()
    {
        // 3 % of 12,000 are signal, most of it in the hidden window; the toys' count there is that of the true background.
        EventTable data = WithSignal.Value;
        var hidden = new MassWindow(3.3, 3.7);
        BackgroundToys toys = BackgroundToys.FromData(data, Settings.Search, hidden, new Seed(1));
        int background = hidden.Rows(data[DijetSimulator.Mass], MassRegion.SignalRegion).Count(row => data[DijetSimulator.Label][row] == 0);
        double[] counts =
        [
            .. Enumerable.Range(0, 8)
                .Select(toy => (double)hidden.Rows(toys.Draw(new Seed(2).Child(toy))[DijetSimulator.Mass], MassRegion.SignalRegion).Length)
        ];
        EventTable toy = toys.Draw(new Seed(3));

        Assert.Multiple(() =>
        {
            Assert.That(counts.Average(), Is.EqualTo(background).Within(4 * Math.Sqrt(2.0 * background)));
            Assert.That(counts.Distinct().Count(), Is.GreaterThan(5), "Masses are drawn anew.");
            Assert.That(toy.HasWeights, Is.False);
            Assert.That(toy.ColumnNames, Is.EquivalentTo(Settings.Search.Schema.Observables));
            Assert.That(toys.Draw(new Seed(3))["mj1"].ToArray(), Is.EqualTo(toy["mj1"].ToArray()));
            Assert.That(toys.Name, Is.EqualTo("from 12,000 events of the data with masses drawn anew, as outside [3.3, 3.7)"));
        });
    }

    [Test]
    public void A_window_with_a_signal_sample_takes_the_fit_and_one_without_events_of_it_has_no_result()
    {
        EventTable signal = DijetSimulator.Signal(4000, new Seed(5));
        BumpHuntResult result = new BumpHunt(
            Settings with
            {
                Search = Settings.Search with
                {
                    LearnsAnomaly = false,
                    Signal = new RatioOptions { FoldCount = 2, MemberCount = 1, Trees = new TreeOptions { TreeCount = 10 } }
                }
            },
            signal.Select(new MassWindow(3.3, 3.7).Rows(signal[DijetSimulator.Mass], MassRegion.SignalRegion))).Run(WithSignal.Value);

        Assert.That(result.Best.Point!.BackgroundEfficiency, Is.EqualTo(1));
        Assert.That(result.LocalSignificance, Is.GreaterThan(5));
        Assert.That(result.Windows[0].Failure, Does.StartWith("The signal sample has no events in the signal region [2.9, 3.3)"));
        Assert.That(result.Remarks, Has.Some.StartWith("2 of 3 windows failed"));
    }

    [Test]
    public void Several_cuts_count_as_trials()
    {
        EventTable data = Simulation.Draw(new Seed(11));
        double[] cuts = [0.2, 0.1, 0.05];
        BumpPoint point = new BumpHunt(Settings with { BackgroundEfficiencies = cuts }).Search(data, 1, new Seed(4));
        ResonanceSearchResult search = ResonanceSearch.Run(data, null, Settings.Search with
        {
            Window = Settings.Scan.Windows[1],
            BackgroundEfficiencies = cuts,
            Seed = new Seed(4).Child(1),
        }).Result;

        double smallest = search.Excess.Skip(1).Min(cut => TailProbability.OfNormal(cut.Significance));
        Assert.That(point.LocalProbability, Is.EqualTo(1 - Math.Pow(1 - smallest, 3)).Within(1e-9));
    }

    [Test]
    public void A_hunt_that_is_interrupted_again_and_again_writes_the_bytes_of_one_that_is_not()
    {
        using var scratch = new ScratchFolder();
        EventTable data = Simulation.Draw(new Seed(14));
        BumpHunt hunt = new(Settings with { ToyCount = 3 });
        var whole = new BumpHuntFolder(hunt, data, scratch["whole"], Simulation);
        whole.RunToys(ToyShard.Whole);
        BumpHuntResult expected = whole.Result();
        for (int run = 0; ; run++)
        {
            using var cancellation = new CancellationTokenSource();
            try
            {
                // Reports before the first job and after each: the second one is that of the first job.
                int reports = 0;
                var resumed = new BumpHuntFolder(hunt, data, scratch["parts"], Simulation);
                resumed.RunWindows(new Called(() => { if (++reports == 2) { cancellation.Cancel(); } }), cancellation.Token);
                resumed.RunToys(ToyShard.Whole, new Called(() => { if (++reports == 2) { cancellation.Cancel(); } }), cancellation.Token);
                break;
            }
            catch (OperationCanceledException)
            {
                Assert.That(run, Is.LessThan(10));
                Assert.That(File.Exists(Path.Combine(scratch["parts"], "toys.jsonl")), Is.False);
            }
        }

        foreach (string file in (string[])["windows.jsonl", "toys.jsonl"])
        {
            Assert.That(
                File.ReadAllBytes(Path.Combine(scratch["parts"], file)),
                Is.EqualTo(File.ReadAllBytes(Path.Combine(scratch["whole"], file))), file);
        }

        Assert.That(hunt.Run(data, Simulation).FromToys, Is.EqualTo(expected.FromToys), "In memory it is the same.");
    }

    [Test]
    public void Shards_give_what_one_run_gives_and_other_settings_are_refused()
    {
        using var scratch = new ScratchFolder();
        EventTable data = Simulation.Draw(new Seed(15));
        BumpHunt hunt = new(Settings with { ToyCount = 3 });
        var shards = new BumpHuntFolder(hunt, data, scratch["hunt"], Simulation);
        shards.RunToys(new ToyShard(2, 2));
        Assert.That(shards.MissingShards(2), Is.EqualTo((int[])[1]));
        shards.RunToys(new ToyShard(1, 2));
        Assert.That(shards.Result(2).FromToys, Is.EqualTo(hunt.Run(data, Simulation).FromToys));

        AssertRefused(new BumpHunt(Settings with { Seed = new Seed(9) }));
        AssertRefused(new BumpHunt(Settings with { BackgroundEfficiencies = [0.04] }));
        AssertRefused(
            new BumpHunt(Settings with { Search = Settings.Search with { Anomaly = Settings.Search.Anomaly with { MemberCount = 2 } } }));
        AssertRefused(new BumpHunt(Settings, data));

        void AssertRefused(BumpHunt other) => Assert.That(
            () => new BumpHuntFolder(other, data, scratch["hunt"]).RunWindows(),
            Throws.TypeOf<DataException>().With.Message.Contains("windows.jsonl holds results of options and events"));
    }

    [Test]
    public void What_cannot_be_hunted_is_told()
    {
        EventTable data = DijetSimulator.Background(500, new Seed(1));
        EventTable weighted = data.WithWeights(Enumerable.Repeat(2.0, data.Count).ToArray());
        using var generator = new ScratchFolder();
        Assert.That(
            () => new BumpHunt(Settings with { Scan = new BumpScan(31, 39, 4, 2) }).Run(data),
            Throws.TypeOf<DataException>().With.Message.Contains(
                "None of 3 windows could be searched. The first, [29, 33): The signal region [29, 33) holds none of the 500 events"));
        Assert.That(
            () => BackgroundToys.FromData(weighted, Settings.Search, new MassWindow(3.3, 3.7), new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("do not stand for the weighted events"));
        Assert.That(
            () =>
                new BumpHuntFolder(
                    new BumpHunt(
                        Settings with { Search = Settings.Search with { Background = new GeneratedBackground(new DijetSimulator()) } }),
                    data, generator["x"]),
            Throws.TypeOf<DataException>().With.Message.Contains("cannot be resumed"));
        Assert.That(
            () => Settings with { BackgroundEfficiencies = [1.1] },
            Throws.ArgumentException.With.Message.Contains("above 0 and at most 1"));
        Assert.That(() => Settings with { ToyCount = -1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Settings with { UpcrossingLevel = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private sealed class Called(Action action) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            lock (action)
            {
                action();
            }
        }
    }
}
