using System.Diagnostics;
using System.Globalization;
using Gbi.Events;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Searches.Family.Fits;
using Gbi.Searches.Options;
using Gbi.Simulators;
using Gbi.Trees;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Searches;

/// <summary>
/// Signal fraction and both masses of the simulator's signal family, fitted together on toys of 121,352 background events from 3.3 to 3.7
/// TeV: how often contours and intervals hold the truth, and the bias of the estimates. The ratio is learnt anew for every so many toys.
/// </summary>
internal static class SignalFamilyTask
{
    private const double Low = 3.3;
    private const double High = 3.7;
    private const string HeavyMass = "mj2";

    // Background events of the LHC Olympics region.
    private const double Background = 121_352;

    // Signal events at a fitted point, many times those of a toy.
    private const int SimulatedEvents = 40_000;

    // Background events that estimates rest on besides those of the training.
    private const int FurtherBackground = 1_000_000;

    // As many as toys of two truths use; each holds some 35 MB.
    private const int Centres = 32;

    private static readonly string[] Parameters = [DijetSimulator.MassX, DijetSimulator.MassY];
    private static readonly string[] Features = ["mj1", "tau21_j1", "tau21_j2", HeavyMass];
    private static readonly Seed Origin = new(61);

    public static void Run(int trainings, int events, int toys, int trees, DijetMasses[] truths)
    {
        (double Ratio, DijetMasses Truth)[] rows =
            [.. truths.SelectMany(truth => ((double[])[0.006, 0.003]).Select(ratio => (ratio, truth)))];
        var results = rows.ToDictionary(row => row, _ => new List<Toy>());
        double spent = 0;
        int failed = 0;
        for (int training = 0; training < trainings; training++)
        {
            Seed seed = Origin.Child(training);
            var clock = Stopwatch.StartNew();
            SignalFamilyFitter fitter = Learn(events, trees, seed);
            Print(
                $"Learnt from {events:N0} background and {events * 5 / 4:N0} signal events: {fitter.Family.FoldCount} folds, {trees} "
                    + $"trees, {clock.Elapsed.TotalSeconds:F0} s.");
            double before = Environment.CpuUsage.TotalTime.TotalSeconds;
            for (int number = 0; number < toys; number++)
            {
                foreach ((double Ratio, DijetMasses Truth) row in rows)
                {
                    Toy? toy = Fit(fitter, row.Ratio, row.Truth, seed.Child(Text($"toys {row.Ratio} {row.Truth}")).Child(number));
                    if (toy is not null)
                    {
                        results[row].Add(toy with { Training = training });
                    }
                    else
                    {
                        failed++;
                    }
                }
            }

            spent += Environment.CpuUsage.TotalTime.TotalSeconds - before;
        }

        Print($"{failed} toys failed; {spent / (trainings * toys * rows.Length):F2} s of processor time a toy.");
        Console.WriteLine();
        Console.WriteLine(
            "| S/B | mX, mY (GeV) | toys | 68 % contour holds both masses | 95 % contour | 68 % interval of μ | 95 % interval | mean μ̂ / "
                + "true μ | mean m̂X − mX (GeV) | mean m̂Y − mY (GeV) | sd of m̂X, m̂Y | their mean errors |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach ((double Ratio, DijetMasses Truth) row in rows)
        {
            Write(row.Ratio, row.Truth, results[row]);
        }
    }

    private static SignalFamilyFitter Learn(int events, int trees, Seed seed)
    {
        EventTable signal = Signal(
            events * 5 / 4, new DijetSimulation { SignalMasses = DijetMasses.Draw(events / 10, seed.Child("points")) },
            seed.Child("signal"));
        EventTable background = WithHeavyMass(DijetSimulator.Background(events, seed.Child("background"), Low, High));
        var options = new SignalFamilyOptions
        {
            IsInterchangeable = true,
            Aligned =
            [
                new AlignedFeature(HeavyMass, DijetSimulator.MassX),
                new AlignedFeature("mj1", DijetSimulator.MassY),
            ],
            Trees = new TreeOptions { TreeCount = trees, LeafCount = 32, MinLeafHessian = 20, L2 = 10 },
        };
        CrossFittedFamily family = SignalFamilyTrainer.CrossFit(
            signal, background, new FamilyColumns(Parameters, Features), options, seed.Child("training"));
        return new SignalFamilyFitter(family, new FamilyFitOptions { RememberedCentres = Centres }, seed.Child("fits"))
        {
            Simulator = (theta, random) =>
                Signal(SimulatedEvents, new DijetSimulation { SignalMasses = [new DijetMasses(theta[0], theta[1])] }, random),
            FurtherBackground = WithHeavyMass(DijetSimulator.Background(FurtherBackground, seed.Child("further background"), Low, High)),
        };
    }

    private static void Write(double ratio, DijetMasses truth, List<Toy> toys)
    {
        double[] x = [.. toys.Select(toy => toy.X - truth.X)];
        double[] y = [.. toys.Select(toy => toy.Y - truth.Y)];
        Print(
            $"| {100 * ratio:F1} % | {truth.X:F0}, {truth.Y:F0} | {toys.Count} | {Share(toys, toy => toy.Rise <= 2.2957)} | "
                + $"{Share(toys, toy => toy.Rise <= 5.9915)} | {Share(toys, toy => Math.Abs(toy.Pull) <= 1)} | "
                + $"{Share(toys, toy => Math.Abs(toy.Pull) <= 1.96)} | {Mean(toys, toy => toy.Fraction, "F3")} | "
                + $"{Mean(toys, toy => toy.X - truth.X, "F2")} | {Mean(toys, toy => toy.Y - truth.Y, "F2")} | {Deviation(x):F2}, "
                + $"{Deviation(y):F2} | {toys.Average(toy => toy.ErrorX):F2}, {toys.Average(toy => toy.ErrorY):F2} |");
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
            var toy = new Toy(
                fit.Values[0] / fraction, (fit.Values[0] - fraction) / fit.Errors[0], fit.Values[1], fit.Values[2], fit.Errors[1],
                fit.Errors[2], fit.RiseAt([truth.X, truth.Y]));
            Console.Error.WriteLine(Text(
                $"{ratio} {truth}: {toy}, likelihood alone {fit.Best.Fraction / fraction:F3} {fit.Best.Theta[0]:F2} "
                    + $"{fit.Best.Theta[1]:F2}, {Environment.CpuUsage.TotalTime.TotalSeconds:F1} s"));
            return toy;
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

    /// <summary>The mean, with the error by the scatter of the trainings' means: toys of one training share its samples.</summary>
    private static string Mean(List<Toy> toys, Func<Toy, double> value, string format)
    {
        double[] ofTrainings = [.. toys.GroupBy(toy => toy.Training).Select(group => group.Average(value))];
        double error = Deviation(ofTrainings) / Math.Sqrt(ofTrainings.Length - 1);
        return Text(
            $"{toys.Average(value).ToString(format, CultureInfo.InvariantCulture)} ± "
                + $"{error.ToString(format, CultureInfo.InvariantCulture)}");
    }

    private static string Share(List<Toy> toys, Func<Toy, bool> holds) =>
        ((double)toys.Count(holds) / toys.Count).ToString("F2", CultureInfo.InvariantCulture);

    private static void Print(ref InvariantTextHandler line) => Console.WriteLine(line.ToStringAndClear());

    /// <summary>Fraction over the true one, its pull, the masses with their errors, and the rise at the truth.</summary>
    private sealed record Toy(double Fraction, double Pull, double X, double Y, double ErrorX, double ErrorY, double Rise)
    {
        public int Training { get; init; }
    }
}
