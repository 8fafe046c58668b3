using System.Diagnostics;
using System.Runtime.InteropServices;
using Gbi.Diagnostics.Closure;
using Gbi.Numerics;
using Gbi.Ratios;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Ratios;

/// <summary>
/// Ratios with default options where the exact one is known: error, slope and the closure set of <c>gbi diagnose</c>, next to the exact
/// ratio and to the log ratios that peers wrote for the same events (benchmarks/peers/ratios).
/// </summary>
internal static class RatioDefaultsTask
{
    private const int TestNumerator = 50_000;
    private const int TestDenominator = 150_000;
    private const ulong Root = 20261129;

    private static readonly (string Name, RatioOptions Options)[] Ours = [("Gbi.MLNet, defaults", new RatioOptions())];

    /// <summary>What a user might have trained, and what the advice of a failed check leads to.</summary>
    private static readonly (string Name, RatioOptions Options)[] Advised =
    [
        ("defaults", new RatioOptions()),
        ("at most 5 trees", With(count: 5, rounds: 20)),
        ("200 trees, no early stopping", With(count: 200, rounds: null)),
        ("1,000 trees, no early stopping", With(count: 1000, rounds: null)),
    ];

    /// <summary>Writes x.f32, y.u8 and xtest.f32 of each law and seed to a folder of its own.</summary>
    public static void Export(string folder, int first, int count)
    {
        foreach (RatioLaw law in RatioLaw.All)
        {
            for (int seed = first; seed < first + count; seed++)
            {
                RatioEvents training = law.Training(SeedOf(law, seed));
                string target = Directory.CreateDirectory(FolderOf(folder, law, seed)).FullName;
                Write(target, "x.f32", training.Rows);
                Write(target, "xtest.f32", Test(law, seed).Rows);
                byte[] labels = new byte[training.Numerator.Length + training.Denominator.Length];
                labels.AsSpan(0, training.Numerator.Length).Fill(1);
                File.WriteAllBytes(Path.Combine(target, "y.u8"), labels);
            }
        }
    }

    /// <summary>Prints a table for each law: the exact ratio, ours, and those of peers where the folder has some.</summary>
    public static void Run(int first, int count, string of = "", string? folder = null)
    {
        foreach (RatioLaw law in RatioLaw.All.Where(law => law.Name.StartsWith(of, StringComparison.Ordinal)))
        {
            Print(law, first, count, Ours, factor: 1, folder);
        }
    }

    /// <summary>What happens to the checks where advice is followed: other options, and four times the numerator events.</summary>
    public static void Advice(int first, int count, string of)
    {
        foreach (RatioLaw law in RatioLaw.All.Where(law => law.Name.StartsWith(of, StringComparison.Ordinal)))
        {
            Print(law, first, count, Advised, factor: 1, folder: null);
            Print(law, first, count, [("defaults, 4 × numerator", new RatioOptions())], factor: 4, folder: null);
        }
    }

    private static void Print(
        RatioLaw law, int first, int count, (string Name, RatioOptions Options)[] trained, int factor, string? folder)
    {
        var rows = new Dictionary<string, List<Measure>>();
        (int ofNumerator, int ofDenominator) = law.Sizes;
        ofNumerator *= factor;
        for (int seed = first; seed < first + count; seed++)
        {
            RatioEvents test = Test(law, seed);
            Add("exact", seed, test, [.. test.Rows.Select(row => (float)law.LogRatio(row))], 0);
            RatioEvents training = law.Events((ofNumerator, ofDenominator), SeedOf(law, seed).Child("training"));
            foreach ((string name, RatioOptions options) in trained)
            {
                long start = Stopwatch.GetTimestamp();
                RatioModel model = RatioTrainer.CrossFit(
                    training.NumeratorTable, training.DenominatorTable, law.Features, options, SeedOf(law, seed).Child("train")).Model;
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                float[] scores = [.. model.Score(test.NumeratorTable).LogRatio, .. model.Score(test.DenominatorTable).LogRatio];
                Add(name, seed, test, scores, seconds, model.NormalisationError);
            }

            string[] files = folder is null ? [] : Directory.GetFiles(FolderOf(folder, law, seed), "*.logratio");
            foreach (string file in files.Order())
            {
                Add(Path.GetFileNameWithoutExtension(file), seed, test, RawFiles.Floats("", file), 0);
            }
        }

        Console.WriteLine(Text($"\n{law.Name}, {ofNumerator:N0} over {ofDenominator:N0} events, seeds {first}–{first + count - 1}\n"));
        Console.WriteLine(
            "| ratio | rms of ln r | its largest | slope | its least | largest distance | sets with a failed check: numerator as large as "
                + "in training | 50,000 + 150,000 | s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach ((string name, List<Measure> measures) in rows)
        {
            Console.WriteLine(Measure.Row(name, measures));
        }

        void Add(string name, int seed, RatioEvents test, float[] scores, double seconds, double normalisationError = 0)
        {
            if (!rows.TryGetValue(name, out List<Measure>? measures))
            {
                rows[name] = measures = [];
            }

            measures.Add(Measure.Of(test, law, scores, normalisationError, SeedOf(law, seed).Child("diagnose"), seconds));
        }
    }

    private static RatioOptions With(int count, int? rounds)
    {
        var options = new RatioOptions();
        return options with { Trees = options.Trees with { TreeCount = count, EarlyStoppingRounds = rounds } };
    }

    private static Seed SeedOf(RatioLaw law, int seed) => new Seed(Root).Child(law.Name).Child(seed);

    private static RatioEvents Test(RatioLaw law, int seed) =>
        law.Events((TestNumerator, TestDenominator), SeedOf(law, seed).Child("test"));

    private static string FolderOf(string folder, RatioLaw law, int seed) => Path.Combine(folder, Text($"{law.Name}-{seed}"));

    private static void Write(string folder, string name, float[][] rows) => File.WriteAllBytes(
        Path.Combine(folder, name), MemoryMarshal.AsBytes<float>(rows.SelectMany(row => row).ToArray()).ToArray());

    /// <summary>One ratio on the test events of one seed.</summary>
    /// <param name="Rms">Root mean square of ln r less the exact one, numerator and denominator with the same weight.</param>
    /// <param name="Slope">Of the line through ln r against the exact one.</param>
    /// <param name="Small">The closure set on a numerator as large as that of the training.</param>
    /// <param name="Large">The closure set on all test events.</param>
    /// <param name="Seconds">Of the training.</param>
    private sealed record Measure(double Rms, double Slope, ClosureReport Small, ClosureReport Large, double Seconds)
    {
        public static Measure Of(
            RatioEvents test, RatioLaw law, float[] scores, double normalisationError, Seed seed, double seconds)
        {
            float[][] rows = test.Rows;
            double[] sums = new double[6];
            for (int row = 0; row < rows.Length; row++)
            {
                double weight = 0.5 / (row < TestNumerator ? TestNumerator : TestDenominator);
                double exact = law.LogRatio(rows[row]);
                double[] terms = [exact, scores[row], exact * exact, exact * scores[row], Math.Pow(scores[row] - exact, 2)];
                for (int term = 0; term < terms.Length; term++)
                {
                    sums[term] += weight * terms[term];
                }
            }

            int small = Math.Min(law.Sizes.Numerator, TestNumerator);
            return new Measure(
                Math.Sqrt(sums[4]), (sums[3] - (sums[0] * sums[1])) / (sums[2] - (sums[0] * sums[0])),
                Closure(small), Closure(TestNumerator), seconds);

            ClosureReport Closure(int count) => ClosureTest.Run(
                new ScoredEvents(test.WithNumerator(count).NumeratorTable, scores.AsMemory(0, count))
                { NormalisationError = normalisationError },
                new ScoredEvents(test.DenominatorTable, scores.AsMemory(TestNumerator)) { NormalisationError = normalisationError },
                law.Features, new ClosureOptions(), seed);
        }

        public static string Row(string name, List<Measure> all)
        {
            return Text(
                $"| {name} | {all.Average(one => one.Rms):F3} | {all.Max(one => one.Rms):F3} | {all.Average(one => one.Slope):F3} | "
                    + $"{all.Min(one => one.Slope):F3} | {all.Average(one => one.Large.Features.Max(feature => feature.Distance)):F4} | "
                    + $"{Failed(all.Select(one => one.Small))} | {Failed(all.Select(one => one.Large))} | "
                    + $"{all.Average(one => one.Seconds):F1} |");
        }

        private static string Failed(IEnumerable<ClosureReport> reports)
        {
            ClosureReport[] sets = [.. reports];
            var checks = sets.SelectMany(set => set.Checks).Where(check => check.Failed).GroupBy(check => check.Name);
            string each = string.Join(", ", checks.Select(group => $"{group.Key} {group.Count()}"));
            return $"{sets.Count(set => !set.Passed)} of {sets.Length}{(each.Length > 0 ? $" ({each})" : "")}";
        }
    }
}
