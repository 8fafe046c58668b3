using System.Diagnostics;
using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Tests.Inference.MixtureFraction;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Likelihoods;

/// <summary>
/// How often intervals of an unbinned mixture hold the true signal fraction, as Markdown tables: 2000 events of N(1, 1) over N(0, 1) a toy,
/// with and without two nuisance parameters, a normalisation and a shape of the background.
/// </summary>
internal static class CoverageTask
{
    private const double One = 0.68268949213708585;
    private const int ProfiledToys = 199;
    private const int Repetitions = 5;

    private static readonly double[] Levels = [One, 0.95];

    public static void Run(int toys, int profiledDataSets)
    {
        Profile(toys);
        Console.WriteLine();
        FeldmanCousinsAtTheBoundary(toys, profiledDataSets);
    }

    private static void Profile(int toys)
    {
        Console.WriteLine(
            "| nuisances | true μ | toys | failed | mean μ̂ | sd of μ̂ | 68.27 % interval covers | in σ | 95 % interval covers | in σ | "
                + "toys/s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (bool hasNuisances in (bool[])[false, true])
        {
            foreach (double mu in (double[])[0, 0.02, 0.1])
            {
                Profile(hasNuisances, mu, toys);
            }
        }
    }

    private static void Profile(bool hasNuisances, double mu, int toys)
    {
        LikelihoodModel model = MixtureToys.Model(hasNuisances);
        double[] truth = Truth(mu, hasNuisances);
        Seed seed = SeedOf("profile", mu);
        double[] estimates = new double[toys];
        bool[][] covers = [new bool[toys], new bool[toys]];
        var clock = Stopwatch.StartNew();
        EventBlocks.ForEachIndex(toys, toy =>
        {
            try
            {
                var fits = ProfileLikelihood.Of(new Likelihood(model, MixtureToys.Draw(model, truth, seed, toy)));
                for (int level = 0; level < Levels.Length; level++)
                {
                    covers[level][toy] = ProfileInterval.Of(fits, confidenceLevel: Levels[level]).Contains(mu);
                }

                estimates[toy] = fits.MuHat;
            }
            catch (FitException failure)
            {
                estimates[toy] = double.NaN;
                Console.Error.WriteLine(failure.Message);
            }
        });
        double seconds = clock.Elapsed.TotalSeconds;
        int[] fitted = [.. Enumerable.Range(0, toys).Where(toy => !double.IsNaN(estimates[toy]))];
        double mean = fitted.Average(toy => estimates[toy]);
        double deviation = Math.Sqrt(fitted.Average(toy => (estimates[toy] - mean) * (estimates[toy] - mean)));
        Print(
            $"| {Word(hasNuisances)} | {mu} | {toys:N0} | {toys - fitted.Length} | {mean:F5} | {deviation:F5} | {Shares(covers, fitted)} "
                + $"| {toys / seconds:N0} |");
    }

    private static string Shares(bool[][] covers, int[] fitted) => string.Join(" | ", Levels.Select((level, at) =>
        Share(fitted.Count(toy => covers[at][toy]), fitted.Length, level, extraVariance: 0)));

    private static void FeldmanCousinsAtTheBoundary(int toys, int profiledDataSets)
    {
        Console.WriteLine("| nuisances | true μ | critical value from | data sets | failed | 68.27 % covers | in σ | 95 % covers | in σ |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (bool hasNuisances in (bool[])[false, true])
        {
            foreach (double mu in (double[])[0, 0.02])
            {
                AtTheTruth(hasNuisances, mu, toys);
            }
        }

        foreach (double mu in (double[])[0, 0.02])
        {
            AtTheFit(mu, profiledDataSets);
        }
    }

    /// <summary>Critical values from toys at the true point, nuisance parameters included.</summary>
    private static void AtTheTruth(bool hasNuisances, double mu, int toys)
    {
        LikelihoodModel model = MixtureToys.Model(hasNuisances, lower: 0);
        ToyFits observed = Fits(model, Truth(mu, hasNuisances), toys, SeedOf("observed", mu));
        ToyFits reference = Fits(model, Truth(mu, hasNuisances), 4 * toys, SeedOf("reference", mu));
        string[] shares = [.. Levels.Select(level =>
        {
            double critical = reference.Quantile(level).Value;
            return Share(
                observed.Values.Count(t => t <= critical), observed.FittedCount, level,
                extraVariance: level * (1 - level) / reference.FittedCount);
        })];
        Print(
            $"| {Word(hasNuisances)} | {mu} | {4 * toys:N0} toys at the truth | {toys:N0} | "
                + $"{observed.FailureCount + reference.FailureCount} | {string.Join(" | ", shares)} |");
    }

    /// <summary>
    /// As in an analysis: toys of every data set are drawn with its own nuisance parameters, fitted at the true μ. With 199 toys a t among
    /// as many that are drawn alike is accepted with probabilities of (199 − ⌊(1 − CL) 199⌋)/200.
    /// </summary>
    private static void AtTheFit(double mu, int dataSets)
    {
        LikelihoodModel model = MixtureToys.Model(hasNuisances: true, lower: 0);
        Seed seed = SeedOf("data", mu);
        int[] accepted = new int[Levels.Length];
        int failed = 0;
        for (int number = 0; number < dataSets; number++)
        {
            ModelData data = MixtureToys.Draw(model, Truth(mu, hasNuisances: true), seed, number);
            IReadOnlyList<double> point = ProfileLikelihood.Of(new Likelihood(model, data)).At(mu).Parameters;
            double t = ToyFits.Of(model, 0, 1, _ => data, mu, TestStatistic.TMu, point).Values[0];
            ToyFits toys = Fits(model, point, ProfiledToys, seed.Child("toys").Child(number));
            failed += toys.FailureCount;
            for (int level = 0; level < Levels.Length; level++)
            {
                accepted[level] += t <= toys.Quantile(Levels[level]).Value ? 1 : 0;
            }
        }

        string[] shares = [.. Levels.Select((level, at) =>
            Share(accepted[at], dataSets, (ProfiledToys - Math.Floor((1 - level) * ProfiledToys)) / (ProfiledToys + 1), extraVariance: 0))];
        Print(
            $"| two | {mu} | {ProfiledToys} toys at the fit to each data set | {dataSets:N0} | {failed} | {string.Join(" | ", shares)} |");
    }

    /// <summary>Toys drawn and fitted in a second.</summary>
    public static void Speed(int toys)
    {
        Console.WriteLine("| nuisances | toys of t, both fits, best of 5: toys/s on one thread | on all |");
        Console.WriteLine("|---|---|---|");
        int threads = EventBlocks.MaxThreads;
        foreach (bool hasNuisances in (bool[])[false, true])
        {
            LikelihoodModel model = MixtureToys.Model(hasNuisances, lower: 0);
            double[] rates = [.. ((int[])[1, threads]).Select(count =>
            {
                EventBlocks.MaxThreads = count;
                return toys / Enumerable.Range(0, Repetitions).Min(_ =>
                    PeerTimings.Seconds(() => Fits(model, Truth(0.02, hasNuisances), toys, SeedOf("speed", 0))));
            })];
            EventBlocks.MaxThreads = threads;
            Print($"| {Word(hasNuisances)} | {rates[0]:N0} | {rates[1]:N0} |");
        }
    }

    private static ToyFits Fits(LikelihoodModel model, IReadOnlyList<double> point, int count, Seed seed) => ToyFits.Of(
        model, 0, count, number => MixtureToys.Draw(model, point, seed, number), point[0], TestStatistic.TMu, point);

    /// <summary>A share of toys and its distance to what is expected, in binomial standard deviations.</summary>
    private static string Share(int count, int of, double expected, double extraVariance)
    {
        double share = (double)count / of;
        double deviation = Math.Sqrt((expected * (1 - expected) / of) + extraVariance);
        return Text($"{share:F4} | {(share - expected) / deviation:+0.0;−0.0}");
    }

    private static double[] Truth(double mu, bool hasNuisances) => hasNuisances ? [mu, 0, 0] : [mu];

    private static Seed SeedOf(string part, double mu) => new Seed(9).Child(part).Child(BitConverter.DoubleToInt64Bits(mu));

    private static string Word(bool hasNuisances) => hasNuisances ? "two" : "none";

    private static void Print(ref InvariantTextHandler line) => Console.WriteLine(line.ToStringAndClear());
}
