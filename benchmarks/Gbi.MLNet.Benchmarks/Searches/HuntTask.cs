using System.Diagnostics;
using System.Globalization;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Inference.GlobalProbability;
using Gbi.Inference.Tests;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;
using Gbi.Simulators;
using Gbi.Trees;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Searches;

/// <summary>
/// Bump hunts on signal-free simulated data sets, every window trained anew: whether global p-values are uniform. The toys that calibrate
/// them are of the same simulation and are none of the data sets.
/// </summary>
internal static class HuntTask
{
    private const double MeanCount = 30_000;

    private static readonly BumpHuntOptions Settings = new()
    {
        Scan = new BumpScan(3.0, 4.2, 0.2, 0.2),
        Search = DijetDemo.SearchOptions(new Seed(1)) with
        {
            Background = new ReweightedSidebands
            {
                Generator = new SidebandGeneratorOptions
                {
                    FoldCount = 2,
                    MemberCount = 1,
                    Trees = new TreeOptions { TreeCount = 20, LeafCount = 6, MinLeafHessian = 20, L2 = 10, LearningRate = 0.2 },
                },
            },
            Anomaly = RatioOptions.ForSmallDifferences with
            {
                FoldCount = 2,
                MemberCount = 1,
                Trees = RatioOptions.ForSmallDifferences.Trees with { TreeCount = 20 },
            },
        },
        BackgroundEfficiencies = [0.05],
        Seed = new Seed(66),
    };

    /// <summary>Prints a table with the tests of uniformity.</summary>
    public static void Run(int dataSets, int toys)
    {
        long started = Stopwatch.GetTimestamp();
        var hunt = new BumpHunt(Settings);
        BackgroundToys simulation = BackgroundToys.Of("simulated dijets", seed =>
            DijetSimulator.Background(seed.Child("count").CreateRandom().NextPoisson(MeanCount), seed.Child("events")));
        Seed ofData = new Seed(67).Child("data sets");
        var outcomes = new JobOutcome<BumpToy>[toys];
        var results = new BumpHuntResult[dataSets];
        var scans = new IReadOnlyList<JobOutcome<BumpPoint>>[dataSets];
        var toysOfData = new BumpHuntResult[dataSets];
        int finished = 0;
        EventBlocks.ForEachIndex(dataSets + toys, at =>
        {
            if (at < toys)
            {
                outcomes[at] = new JobOutcome<BumpToy>(at, hunt.SearchToy(simulation, at), null);
            }
            else
            {
                Seed seed = ofData.Child(at - toys);
                EventTable data = simulation.Draw(seed.Child("events"));
                scans[at - toys] = hunt.Scan(data, seed.Child("windows"));

                // A toy made of the data set, in its place: as extreme as often, if such toys are right.
                MassWindow hidden = BumpHuntResult.Of(Settings, scans[at - toys]).Best.Window;
                BackgroundToys own = BackgroundToys.FromData(data, Settings.Search, hidden, seed.Child("generator"));
                toysOfData[at - toys] = BumpHuntResult.Of(
                    Settings, hunt.Scan(own.Draw(seed.Child("toy")), seed.Child("windows of the toy")));
            }

            int count = Interlocked.Increment(ref finished);
            if (count % 20 == 0)
            {
                Console.Error.WriteLine(Text($"{count} of {dataSets + toys} after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
            }
        });
        for (int at = 0; at < dataSets; at++)
        {
            results[at] = BumpHuntResult.Of(Settings, scans[at], outcomes, simulation);
        }

        double[] extremes = [.. outcomes.Select(toy => TailProbability.OfNormal(toy.Result!.Significances.Max()))];
        double[] ofOwnToys = [.. toysOfData.Select(result => ToyGlobalProbability.Of(result.LocalProbability, extremes).Value)];
        Print(results, ofOwnToys, toys, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static void Print(BumpHuntResult[] results, double[] ofOwnToys, int toys, double seconds)
    {
        ToyGlobalProbability any = results[0].FromToys!;
        Console.WriteLine(Text(
            $"{results.Length} signal-free data sets of {MeanCount:N0} events on average, {Settings.Scan.Count} windows each; "
                + $"{any.ToyCount} other toys ({any.FailureCount} without result); {seconds:F0} s in all. Mean upcrossings of q = "
                + $"{Settings.UpcrossingLevel}: {results[0].Upcrossings?.Value:F3} ± {results[0].Upcrossings?.Error:F3}.\n"));
        Console.WriteLine("| p-values | number | mean | ≤ 0.05 | KS distance | KS p, uniform | KS p, with the toys' own scatter |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Row("global, from toys", [.. results.Select(result => result.FromToys!.Value)], toys);
        Row(
            "global bound, from upcrossings (1 where it bounds nothing)", [.. results.Select(result => result.FromUpcrossings?.Value ?? 1)],
            toys);
        Row("global, of one toy drawn from each data set in its place", ofOwnToys, toys);
        Row("as if the windows were independent", [.. results.Select(result => result.OfIndependentWindows.Value)], null);
        Row("smallest local", [.. results.Select(result => result.LocalProbability)], null);
        for (int window = 0; window < Settings.Scan.Count; window++)
        {
            int at = window;
            Row(
                $"local in {Settings.Scan.Windows[at]} TeV",
                [.. results.Select(result => result.Windows[at].Point).OfType<BumpPoint>().Select(point => point.LocalProbability)], null);
        }
    }

    private static void Row(string name, double[] values, int? toys)
    {
        UniformityTest test = UniformityTest.Of(values);

        // All data sets share the toys, whose own scatter is that of a second sample: Kolmogorov–Smirnov for two.
        double both = double.NaN;
        if (toys is { } count)
        {
            double root = Math.Sqrt((double)values.Length * count / (values.Length + count));
            both = TailProbability.OfKolmogorov((root + 0.12 + (0.11 / root)) * test.Distance);
        }

        Console.WriteLine(
            Text(
                $"| {name} | {values.Length} | {values.Average():F3} | {values.Count(value => value <= 0.05) / (double)values.Length:F3} "
                    + $"| {test.Distance:F3} | {test.Probability:G2} | "
                    + $"{(double.IsNaN(both) ? "" : both.ToString("G2", CultureInfo.InvariantCulture))} |"));
    }
}
