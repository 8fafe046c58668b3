using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Simulators;
using Gbi.Trees;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Searches;

/// <summary>Whole searches on simulated data sets of 100,000 events, background generator and ratio learnt anew in each.</summary>
internal static class SearchToys
{
    private const double BackgroundEvents = 100_000;

    private static readonly ResonanceSearchOptions Settings = DijetDemo.SearchOptions(new Seed(1)) with
    {
        LearnsAnomaly = false,
        RunsChecks = false,
        Background = new ReweightedSidebands
        {
            Generator = new SidebandGeneratorOptions
            {
                FoldCount = 2,
                MemberCount = 4,
                Trees = new TreeOptions { TreeCount = 30, LeafCount = 8, MinLeafHessian = 20, L2 = 10 },
            },
        },
        Signal = new RatioOptions
        {
            FoldCount = 3,
            MemberCount = 2,
            Trees = new TreeOptions { TreeCount = 60, LeafCount = 16, L2 = 10, MinLeafHessian = 10 }
        },
    };

    /// <summary>Prints a table with one row for S/√B = 0 and one for 1.</summary>
    public static void Run(int toys)
    {
        MassWindow window = Settings.Window;
        EventTable simulation = DijetSimulator.Signal(40_000, new Seed(99));
        double share = (double)window.Rows(simulation[DijetSimulator.Mass], MassRegion.SignalRegion).Length / simulation.Count;
        EventTable many = DijetSimulator.Background(1_000_000, new Seed(98));
        double inRegion = BackgroundEvents * window.Rows(many[DijetSimulator.Mass], MassRegion.SignalRegion).Length / many.Count;
        Console.WriteLine(InjectionStudy.Header);
        foreach (int strength in (int[])[0, 1])
        {
            double expected = strength * Math.Sqrt(inRegion);
            var study = new InjectionStudy();
            for (int toy = 0; toy < toys; toy++)
            {
                Seed seed = new Seed(97).Child(strength).Child(toy);
                Random random = seed.Child("counts").CreateRandom();
                EventTable data = DijetSimulator.Background(random.NextPoisson(BackgroundEvents), seed.Child("background"))
                    .Append(DijetSimulator.Signal(random.NextPoisson(expected / share), seed.Child("signal")));
                study.Add(ResonanceSearch.Run(data, simulation, Settings with { Seed = seed.Child("search") }), expected);
            }

            Console.WriteLine(study.Row(Text($"S/√B = {strength}: S = {expected:F1}")));
        }
    }
}
