using Gbi.Benchmarks.Searches;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Trees;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Lhco;

/// <summary>
/// Signal injected into real simulated background of the LHC Olympics: with one half of the background as template of the other, and
/// with sidebands beside a narrower signal region.
/// </summary>
internal static class LhcoInjection
{
    private static readonly string[] Features = ["mj1", "delta_mj", "tau21_j1", "tau21_j2"];
    private static readonly string[] Columns = ["mjj", .. Features];

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = Features, Mass = "mjj" },
        Window = new MassWindow(3.3, 3.7),
        LearnsAnomaly = false,
        RunsChecks = false,
        Signal = new RatioOptions
        {
            FoldCount = 5,
            MemberCount = 2,
            Trees = new TreeOptions { TreeCount = 100, LeafCount = 16, L2 = 10, MinLeafHessian = 10 }
        },
    };

    /// <summary>Template from the other half of the background; injected events from the 772 hidden ones, or from the simulation
    /// itself.</summary>
    public static void Halves(string folder, int draws)
    {
        Sample sample = Sample.Read(folder);
        Console.WriteLine(InjectionStudy.Header);
        foreach (bool fromSimulation in (bool[])[true, false])
        {
            foreach (int expected in (int[])[0, 25, 50, 100, 200, 386])
            {
                var study = new InjectionStudy();
                for (int draw = 0; draw < draws; draw++)
                {
                    study.Add(Halves(sample, expected, fromSimulation, new Seed(1).Child(expected).Child(draw)), expected);
                }

                Console.WriteLine(study.Row($"S = {expected} of {(fromSimulation ? "the simulation" : "the hidden events")}"));
            }
        }
    }

    /// <summary>Sidebands from 3.3 to 3.4 and 3.6 to 3.7 TeV: the events as they are, then with random signals and background
    /// masses.</summary>
    public static void Sidebands(string folder, int draws)
    {
        Sample sample = Sample.Read(folder);
        int hiddenInRegion = Narrow.Window.Rows(sample.Hidden["mjj"], MassRegion.SignalRegion).Length;
        (string Name, SignalInferenceOptions Inference)[] choices =
        [
            ("all on", new SignalInferenceOptions()),
            ("no contamination correction", new SignalInferenceOptions { CorrectsContamination = false }),
            ("no generator nuisances", new SignalInferenceOptions { VariesGenerator = false }),
            ("no sample nuisances", new SignalInferenceOptions { VariesSamples = false }),
            ("none of them", new SignalInferenceOptions { CorrectsContamination = false, VariesGenerator = false, VariesSamples = false }),
        ];
        Console.WriteLine("All events in place:\n");
        Console.WriteLine(
            Text(
                $"| {hiddenInRegion} signal events in the region | fraction | 68 % interval | true | significance | absorbed "
                    + $"|\n|---|---|---|---|---|---|"));
        foreach ((string name, SignalInferenceOptions inference) in choices)
        {
            ResonanceSearch search = ResonanceSearch.Run(
                sample.Background.Append(sample.Hidden), sample.Simulation, Narrow with { Inference = inference });
            SignalFraction fraction = search.Result.SignalFraction;
            Console.WriteLine(
                Text(
                    $"| {name} | {fraction.Value:F5} | {fraction.Interval68.Lower:F5} to {fraction.Interval68.Upper:F5} | "
                        + $"{hiddenInRegion / search.Result.EventsInRegion:F5} | {search.Result.Significance:F1} | "
                        + $"{search.Likelihood!.Contamination.Shape:F2} |"));
        }

        Console.WriteLine("\nMasses of the background permuted, signal drawn:\n");
        Console.WriteLine(InjectionStudy.Header);
        foreach ((string name, SignalInferenceOptions inference) in choices)
        {
            bool isDefault = name == choices[0].Name;
            foreach (int events in isDefault ? (int[])[0, 193, 386, 772] : [386])
            {
                Console.WriteLine(Permuted(sample, events, fromSimulation: true, name, inference, isDefault ? draws : draws / 2));
            }
        }

        Console.WriteLine(Permuted(sample, 386, fromSimulation: false, "all on", new SignalInferenceOptions(), draws));
    }

    private static string Permuted(Sample sample, int events, bool fromSimulation, string name, SignalInferenceOptions inference, int draws)
    {
        EventTable pool = fromSimulation ? sample.Simulation : sample.Hidden;
        double expected = events * (double)Narrow.Window.Rows(pool["mjj"], MassRegion.SignalRegion).Length / pool.Count;
        var study = new InjectionStudy();
        for (int draw = 0; draw < draws; draw++)
        {
            study.Add(Permuted(sample, events, fromSimulation, inference, new Seed(2).Child(events).Child(draw)), expected);
        }

        return study.Row(Text($"{name}: S = {expected:F0} of {(fromSimulation ? "the simulation" : "the hidden events")}"));
    }

    private static ResonanceSearchOptions Narrow => Settings with { Window = new MassWindow(3.4, 3.6) };

    private static ResonanceSearch Halves(Sample sample, int expected, bool fromSimulation, Seed seed)
    {
        int[] half = seed.Child("halves").Folds(sample.Background.Count, 2);
        (EventTable signal, EventTable simulation) = sample.Draw(expected, fromSimulation, seed);
        EventTable data = sample.Background.Select(Rows(half, 0)).Append(signal);
        return ResonanceSearch.Run(data, simulation, Settings with
        {
            Background = new GivenBackground(sample.Background.Select(Rows(half, 1))),
            Seed = seed.Child("search"),
        });
    }

    private static ResonanceSearch Permuted(Sample sample, int expected, bool fromSimulation, SignalInferenceOptions inference, Seed seed)
    {
        float[] masses = sample.Background["mjj"].ToArray();
        float[] permuted = [.. seed.Child("masses").Permutation(masses.Length).Select(row => masses[row])];
        EventTable background = sample.Background.WithColumns(Features).WithColumn("mjj", permuted).WithColumns(Columns);
        (EventTable signal, EventTable simulation) = sample.Draw(expected, fromSimulation, seed);
        return ResonanceSearch.Run(
            background.Append(signal), simulation, Narrow with { Inference = inference, Seed = seed.Child("search") });
    }

    private static int[] Rows(int[] group, int wanted) => [.. Enumerable.Range(0, group.Length).Where(row => group[row] == wanted)];

    private sealed record Sample(EventTable Background, EventTable Hidden, EventTable Simulation)
    {
        public static Sample Read(string folder)
        {
            EventTable events = new ParquetEventReader(Path.Combine(folder, "sr_events.parquet")).Read([.. Columns, "label"]);
            float[] labels = events["label"].ToArray();
            EventTable simulation = new ParquetEventReader(Path.Combine(folder, "sr_signal.parquet")).Read(Columns);
            return new Sample(WithLabel(0), WithLabel(1), simulation);

            EventTable WithLabel(float label) =>
                events.Select([.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == label)]).WithColumns(Columns);
        }

        /// <summary>A Poisson number of signal events, each drawn once, and the simulation that remains.</summary>
        public (EventTable Signal, EventTable Simulation) Draw(int expected, bool fromSimulation, Seed seed)
        {
            EventTable pool = fromSimulation ? Simulation : Hidden;
            int[] order = seed.Child("signal").Permutation(pool.Count);
            int count = Math.Min(seed.Child("count").CreateRandom().NextPoisson(expected), pool.Count);
            return (pool.Select(order.AsSpan(0, count)), fromSimulation ? Simulation.Select(order.AsSpan(count)) : Simulation);
        }
    }
}
