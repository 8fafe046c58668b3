using System.Diagnostics;
using System.Globalization;
using Gbi.Analysis;
using Gbi.Events;
using Gbi.Generators;
using Gbi.Inference;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Benchmarks;

/// <summary>
/// Signal fraction and both masses of the simulator's signal family, fitted together on toys of 121,352 background events from 3.3 to 3.7 TeV: how
/// often contours and intervals hold the truth, and the bias of the estimates. The ratio is learnt once.
/// </summary>
internal static class SignalFamilyTask
{
    private const double Low = 3.3;
    private const double High = 3.7;
    private const string HeavyMass = "mj2";

    // Background events of the LHC Olympics region.
    private const double Background = 121_352;

    private static readonly string[] Parameters = [DijetSimulator.MassX, DijetSimulator.MassY];
    private static readonly string[] Features = ["mj1", "tau21_j1", "tau21_j2", HeavyMass];
    private static readonly Seed Origin = new(20);

    public static void Run(int events, int toys, int trees, int members, DijetMasses truth)
    {
        var clock = Stopwatch.StartNew();
        SignalFamilyFitter fitter = Learn(events, trees, members);
        Print($"Learnt from {events:N0} background and {events * 5 / 4:N0} signal events: {fitter.Family.FoldCount} folds of {members} members with {trees} trees, {clock.Elapsed.TotalSeconds:F0} s.");
        Console.WriteLine();
        Console.WriteLine("| S/B | mX, mY (GeV) | toys | failed | 68 % contour holds both masses | in σ | 95 % contour | in σ | 68 % interval of μ | in σ | mean μ̂ / true μ | mean m̂X − mX (GeV) | mean m̂Y − mY (GeV) | sd of m̂X, m̂Y | s a toy |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (double ratio in (double[])[0.006, 0.003])
        {
            Row(fitter, ratio, truth, toys);
        }
    }

    private static SignalFamilyFitter Learn(int events, int trees, int members)
    {
        EventTable signal = Signal(events * 5 / 4, new DijetSimulation { SignalMasses = DijetMasses.Draw(events / 10, Origin.Child("points")) }, Origin.Child("signal"));
        EventTable background = WithHeavyMass(DijetSimulator.Background(events, Origin.Child("background"), Low, High));
        var options = new SignalFamilyOptions
        {
            IsExchangeable = true,
            MemberCount = members,
            Aligned =
            [
                new AlignedFeature(HeavyMass, DijetSimulator.MassX),
                new AlignedFeature("mj1", DijetSimulator.MassY),
            ],
            Trees = new TreeOptions { TreeCount = trees, LeafCount = 32, MinLeafHessian = 20, L2 = 10 },
        };
        CrossFittedFamily family = SignalFamilyTrainer.CrossFit(signal, background, Parameters, Features, options, Origin.Child("training"));
        return new SignalFamilyFitter(family, new SignalFamilyFitOptions(), Origin.Child("fits"));
    }

    private static void Row(SignalFamilyFitter fitter, double ratio, DijetMasses truth, int toys)
    {
        var clock = Stopwatch.StartNew();
        var results = new List<Toy>();
        for (int number = 0; number < toys; number++)
        {
            Seed seed = Origin.Child(FormattableString.Invariant($"toys {ratio} {truth}")).Child(number);
            if (Fit(fitter, ratio, truth, seed) is { } toy)
            {
                results.Add(toy);
            }
        }

        double[] x = [.. results.Select(toy => toy.X - truth.X)];
        double[] y = [.. results.Select(toy => toy.Y - truth.Y)];
        double[] mu = [.. results.Select(toy => toy.Fraction / toy.TrueFraction)];
        Print($"| {100 * ratio:F1} % | {truth.X:F0}, {truth.Y:F0} | {toys} | {toys - results.Count} | {Share(results, toy => toy.Rise <= 2.2957, 0.6827)} | {Share(results, toy => toy.Rise <= 5.9915, 0.95)} | {Share(results, toy => toy.HoldsFraction, 0.6827)} | {Mean(mu, "F3")} | {Mean(x, "F2")} | {Mean(y, "F2")} | {Deviation(x):F2}, {Deviation(y):F2} | {clock.Elapsed.TotalSeconds / toys:F2} |");
    }

    private static Toy? Fit(SignalFamilyFitter fitter, double ratio, DijetMasses truth, Seed seed)
    {
        int background = Poisson(Background, seed.Child("number of background events"));
        int signal = Poisson(ratio * Background, seed.Child("number of signal events"));
        EventTable data = WithHeavyMass(DijetSimulator.Background(background, seed.Child("background"), Low, High))
            .WithColumns(Features)
            .Append(Signal(signal, new DijetSimulation { SignalMasses = [truth] }, seed.Child("signal")).WithColumns(Features));
        try
        {
            SignalFamilyFit fit = fitter.Fit(data);
            double fraction = ratio * Background / data.Count;
            return new Toy(
                fit.Best.Fraction, fraction, fit.Best.Theta[0], fit.Best.Theta[1], fit.RiseAt([truth.X, truth.Y]), fit.Interval("mu").Contains(fraction));
        }
        catch (FitException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return null;
        }
    }

    /// <summary>Signal events in the region, exactly so many.</summary>
    private static EventTable Signal(int count, DijetSimulation simulation, Seed seed)
    {
        EventTable events = DijetSimulator.Signal((int)(1.5 * count) + 100, seed, simulation);
        float[] masses = events[DijetSimulator.Mass].ToArray();
        int[] rows = [.. Enumerable.Range(0, masses.Length).Where(row => masses[row] is >= (float)Low and < (float)High).Take(count)];
        return WithHeavyMass(events.Select(rows));
    }

    private static EventTable WithHeavyMass(EventTable events)
    {
        float[] light = events["mj1"].ToArray();
        float[] difference = events["delta_mj"].ToArray();
        return events.WithColumn(HeavyMass, light.Zip(difference, (first, second) => first + second).ToArray());
    }

    private static int Poisson(double mean, Seed seed) => MathNet.Numerics.Distributions.Poisson.Sample(seed.CreateRandom(), mean);

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static string Mean(double[] values, string format) => string.Create(CultureInfo.InvariantCulture,
        $"{values.Average().ToString(format, CultureInfo.InvariantCulture)} ± {(Deviation(values) / Math.Sqrt(values.Length)).ToString(format, CultureInfo.InvariantCulture)}");

    private static string Share(List<Toy> toys, Func<Toy, bool> holds, double expected)
    {
        double share = (double)toys.Count(holds) / toys.Count;
        return string.Create(CultureInfo.InvariantCulture,
            $"{share:F2} | {(share - expected) / Math.Sqrt(expected * (1 - expected) / toys.Count):+0.0;−0.0}");
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private sealed record Toy(double Fraction, double TrueFraction, double X, double Y, double Rise, bool HoldsFraction);
}
