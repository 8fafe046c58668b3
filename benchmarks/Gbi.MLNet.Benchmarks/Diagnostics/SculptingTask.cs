using Gbi.Diagnostics.Power;
using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches.Checks;
using Gbi.Simulators;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Diagnostics;

/// <summary>
/// How often the alarm of <see cref="SculptingTest"/> fires on signal-free toys with and without the angle between the jets, and what a cut
/// at 1 % on the score really finds there: with plain sidebands as the background, and with reweighted ones, where it is compared with
/// <see cref="InterpolationClosure"/>.
/// </summary>
internal static class SculptingTask
{
    private const double Efficiency = 0.01;

    private static readonly SidebandGeneratorOptions Background = new()
    {
        Spectrum = new MassSpectrumOptions
        {
            Shape = SpectrumShape.Dijet,
            ParameterCount = 3,
            CollisionEnergy = DijetSimulator.CollisionEnergy
        },
    };

    private static readonly (string Name, MassWindow Window)[] Windows =
    [
        ("all masses", new MassWindow(3.3, 3.7)),
        ("3.1 to 3.9 TeV", new MassWindow(3.3, 3.7, 3.1, 3.9)),
    ];

    public static void Run(int toys, int searchedToys, int count)
    {
        Console.WriteLine(
            Text($"{count:N0} simulated events a toy, no signal; signal region 3.3 to 3.7 TeV, cut at 1 %; mean ± spread over toys.\n"));
        Console.WriteLine(
            "| features | sidebands | toys | alarms | AUC lower/upper | worst feature | predicted fake excess | its error | fake "
                + "significance | found, plain sidebands | found, reweighted | alarms, reweighted | predicted, reweighted | its error |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (bool hasAngle in (bool[])[false, true])
        {
            foreach ((string name, MassWindow window) in Windows)
            {
                Print(hasAngle, name, window, toys, searchedToys, count);
            }
        }
    }

    private static void Print(bool hasAngle, string name, MassWindow window, int toys, int searchedToys, int count)
    {
        var simulation = new DijetSimulation { HasAngle = hasAngle };
        var tests = new SculptingTest[toys];
        double[] plain = new double[searchedToys];
        double[] reweighted = new double[searchedToys];
        var closures = new InterpolationClosure[searchedToys];
        Seed seeds = new Seed(60).Child("sculpting");
        EventBlocks.ForEachIndex(toys, toy =>
        {
            EventTable data = DijetSimulator.Background(count, seeds.Child(toy), simulation: simulation);
            tests[toy] = new Toy(data, simulation, window).Test();
            if (toy < searchedToys)
            {
                (plain[toy], reweighted[toy]) = new Toy(data, simulation, window).FakeExcesses();
                closures[toy] = new Toy(data, simulation, window).Closure();
            }
        });
        Console.WriteLine(
            Text(
                $"| {(hasAngle ? "with" : "without")} delta_r | {name} | {toys} | {tests.Count(test => !test.PlainSidebands.Passed)} | "
                    + $"{Spread(tests, test => test.Separation.Value)} | "
                    + $"{tests.GroupBy(test => test.WorstFeature.Feature).MaxBy(group => group.Count())!.Key} | "
                    + $"{Spread(tests, test => test.Cut.FakeExcess)} | {tests.Average(test => test.Cut.Error):F3} | "
                    + $"{Spread(tests, test => test.Cut.FakeSignificance)} | {Spread(plain, value => value)} | "
                    + $"{Spread(reweighted, value => value)} | {closures.Count(closure => !closure.Check.Passed)} of {searchedToys} | "
                    + $"{Spread(closures, closure => closure.FakeExcess)} | {closures.Average(closure => closure.Error):F3} |"));
    }

    private static string Spread<T>(IReadOnlyCollection<T> values, Func<T, double> of)
    {
        double mean = values.Average(of);
        double spread = Math.Sqrt(values.Average(value => Math.Pow(of(value) - mean, 2)));
        return Text($"{mean:F3} ± {spread:F3}");
    }

    private sealed class Toy(EventTable data, DijetSimulation simulation, MassWindow window)
    {
        private readonly IReadOnlyList<string> _features = new DijetSimulator(simulation).Features;
        private readonly EventTable _region = data.Select(window.Rows(data[DijetSimulator.Mass], MassRegion.SignalRegion));
        private readonly EventTable _sideband = data.Select(window.Rows(data[DijetSimulator.Mass], MassRegion.Sideband));

        public SculptingTest Test() =>
            SculptingTest.Run(new(_sideband, DijetSimulator.Mass, _features, window), _region.Count, new SculptingOptions(), new Seed(1));

        public InterpolationClosure Closure() =>
            InterpolationClosure.Run(
                new(_sideband, DijetSimulator.Mass, _features, window), _region.Count, Background, new SculptingOptions(), new Seed(4));

        public (double Plain, double Reweighted) FakeExcesses()
        {
            LearntSideband learnt = SidebandGenerator.Fit(new(_sideband, DijetSimulator.Mass, _features, window), Background, new Seed(2));
            return (FakeExcess(_sideband), FakeExcess(learnt.Background()));
        }

        private double FakeExcess(EventTable template)
        {
            RatioScores scores = RatioTrainer.CrossFit(
                _region, template, _features, RatioOptions.ForSmallDifferences, new Seed(3)).OutOfFold;
            ReadOnlySpan<float> ofRegion = scores.LogRatio[.._region.Count];
            ReadOnlySpan<float> ofTemplate = scores.LogRatio[_region.Count..];
            SelectionPoint cut = new SignificanceImprovement(
                new(ofRegion, _region.Weights), new(ofTemplate, template.Weights)).At(Efficiency);
            return (cut.SignalEfficiency / cut.BackgroundEfficiency) - 1;
        }
    }
}
