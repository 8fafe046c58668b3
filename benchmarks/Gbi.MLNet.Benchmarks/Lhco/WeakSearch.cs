using System.Globalization;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Simulators;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Lhco;

/// <summary>
/// Idealised weak supervision: a background is split in half, one half is the template, the other half and a few signal events are the
/// data, and a classifier of data against template looks for the signal. A supervised ratio of simulated signal to the template stands
/// beside it. Every event is scored by models that did not see it. Peers solve the first table too (benchmarks/peers/lhco).
/// </summary>
internal static class WeakSearch
{
    /// <summary>Random splits of the weak rows of the first table.</summary>
    public const int Splits = 10;

    private const int SupervisedSplits = 3;
    private const int StrengthSplits = 3;
    private const int MassSplits = 2;
    private const int SimulatedBackground = 121_352;
    private const int SimulatedSignal = 27_000;
    private const int InjectedInSimulation = 386;

    private static readonly string[] Features = LhcoEvents.Columns[1..];

    private static readonly RatioOptions Supervised = new() { MemberCount = 5, Calibration = null };

    /// <summary>Prints the Markdown rows of both weak tasks and the supervised one, means over the splits.</summary>
    public static void RunTargets(LhcoEvents events)
    {
        string program = $"Gbi.MLNet {typeof(RatioModel).Assembly.GetName().Version!.ToString(3)}";
        foreach (int injected in new[] { 386, 772 })
        {
            Console.WriteLine($"| {program} | weak, {injected} | {Splits} | {Average(Splits, seed => Weak(events, injected, seed))} |");
        }

        Console.WriteLine(
            $"| {program} | supervised | {SupervisedSplits} | {Average(SupervisedSplits, seed => WithSimulation(events, seed))} |");
    }

    /// <summary>Prints a table against the number of injected signal events.</summary>
    public static void RunStrengths(LhcoEvents events)
    {
        Console.WriteLine(
            "| signal events | S/√B | largest SIC | SIC at 1e-3 | ε_S at ε_B = 0.1 | AUC | expected Z after ε_B = 1e-3 | s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (int injected in new[] { 0, 50, 100, 200, 386, 500, 772 })
        {
            int half = events.Background.Count / 2;
            var measured = new List<SearchMeasure>();
            string row = Average(StrengthSplits, seed => Keep(measured, Weak(events, injected, seed)));
            double z = measured.Average(measure => measure.Power.AtThousandth.ExpectedSignificance(injected, half));
            Console.WriteLine(Text($"| {injected} | {injected / Math.Sqrt(half):F2} | {WithColumn(row, z)} |"));
        }
    }

    /// <summary>Prints a table against the masses of the signal family of the simulator.</summary>
    public static void RunMasses()
    {
        Console.WriteLine("| mX, mY, GeV | search | largest SIC | SIC at 1e-3 | ε_S at ε_B = 0.1 | AUC | s |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (DijetMasses masses in new DijetMasses[]
        {
            new(500, 100), new(400, 200), new(300, 300), new(300, 100), new(200, 200), new(100, 100)
        })
        {
            LhcoEvents events = Simulate(masses);
            string point = Text($"{masses.X}, {masses.Y}");
            Console.WriteLine(
                $"| {point} | weak, {InjectedInSimulation} | {Average(MassSplits, seed => Weak(events, InjectedInSimulation, seed))} |");
            Console.WriteLine($"| {point} | supervised | {Average(MassSplits, seed => WithSimulation(events, seed))} |");
        }
    }

    /// <summary>
    /// Data against template. ε_B: both halves of the background, out of fold. ε_S: the simulated signal and the hidden one that was not
    /// injected, each event by the models of one fold.
    /// </summary>
    private static SearchMeasure Weak(LhcoEvents events, int injected, Seed seed)
    {
        (EventTable template, EventTable background, int[] order) = Split(events, seed);
        EventTable data = background.Append(events.Hidden.Select(order.AsSpan(0, injected))).Only(Features);
        EventTable signal = events.Signal.Append(events.Hidden.Select(order.AsSpan(injected))).Only(Features);
        return SearchMeasure.Of(() =>
        {
            CrossFittedRatio fitted = RatioTrainer.CrossFit(
                data, template, Features, RatioOptions.ForWeakSupervision, seed.Child("training"));
            ReadOnlySpan<float> scores = fitted.OutOfFold.LogRatio;
            return (ByFold(fitted, signal, seed), [.. scores[..background.Count], .. scores[data.Count..]]);
        });
    }

    /// <summary>Simulated signal against template. ε_B: the template out of fold and the other half; ε_S: the hidden signal, which took no
    /// part.</summary>
    private static SearchMeasure WithSimulation(LhcoEvents events, Seed seed)
    {
        (EventTable template, EventTable background, _) = Split(events, seed);
        return SearchMeasure.Of(() =>
        {
            CrossFittedRatio fitted = RatioTrainer.CrossFit(events.Signal, template, Features, Supervised, seed.Child("training"));
            ReadOnlySpan<float> scores = fitted.OutOfFold.LogRatio;
            return (
                ByFold(fitted, events.Hidden, seed.Child("hidden")),
                [.. scores[events.Signal.Count..], .. ByFold(fitted, background, seed)]);
        });
    }

    private static (EventTable Template, EventTable Background, int[] Hidden) Split(LhcoEvents events, Seed seed)
    {
        (int[] order, int[] hidden) = events.Orders(seed);
        int half = order.Length / 2;
        return (events.Background.Select(order.AsSpan(half)), events.Background.Select(order.AsSpan(0, half)), hidden);
    }

    private static float[] ByFold(CrossFittedRatio fitted, EventTable events, Seed seed) =>
        fitted.Model.ScoreByFold(events, seed.Child("test").Folds(events.Count, fitted.Model.FoldCount)).LogRatio.ToArray();

    private static LhcoEvents Simulate(DijetMasses masses)
    {
        var seed = new Seed(1);
        EventTable background = DijetSimulator.Background(SimulatedBackground, seed.Child("background"), 3.3, 3.7).Only(LhcoEvents.Columns);
        EventTable signal = DijetSimulator.Signal(
            SimulatedSignal + (2 * InjectedInSimulation), seed.Child("signal"), new DijetSimulation { SignalMasses = [masses] });
        float[] mass = signal[DijetSimulator.Mass].ToArray();
        int[] inRegion = [.. Enumerable.Range(0, mass.Length).Where(row => mass[row] is >= 3.3f and < 3.7f)];
        EventTable kept = signal.Only(LhcoEvents.Columns);
        return new LhcoEvents(
            kept.Select(inRegion.AsSpan(2 * InjectedInSimulation)), background, kept.Select(inRegion.AsSpan(0, 2 * InjectedInSimulation)));
    }

    private static SearchMeasure Keep(List<SearchMeasure> list, SearchMeasure measure)
    {
        list.Add(measure);
        return measure;
    }

    /// <summary>Mean ± standard deviation of each measure over the splits, and the mean time.</summary>
    private static string Average(int splits, Func<Seed, SearchMeasure> measure)
    {
        SearchMeasure[] all = [.. Enumerable.Range(1, splits).Select(split => measure(new Seed((ulong)split)))];
        return string.Join(" | ",
            MeanAndSpread(all, one => one.Power.Best.Improvement, 2),
            MeanAndSpread(all, one => one.Power.AtThousandth.Improvement, 2),
            MeanAndSpread(all, one => one.Power.AtTenth.SignalEfficiency, 3),
            MeanAndSpread(all, one => one.Power.Area, 4),
            all.Average(one => one.Seconds).ToString("F1", CultureInfo.InvariantCulture));
    }

    private static string MeanAndSpread(SearchMeasure[] all, Func<SearchMeasure, double> of, int digits)
    {
        double mean = all.Average(of);
        double spread = Math.Sqrt(all.Sum(one => Math.Pow(of(one) - mean, 2)) / (all.Length - 1));
        string format = $"F{digits}";
        return $"{mean.ToString(format, CultureInfo.InvariantCulture)} ± {spread.ToString(format, CultureInfo.InvariantCulture)}";
    }

    /// <summary>Puts a number before the last cell.</summary>
    private static string WithColumn(string row, double value) =>
        row.Insert(row.LastIndexOf('|'), Text($"| {value:F2} "));
}
