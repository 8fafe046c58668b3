using Gbi.Events;
using Gbi.Inference.Contours;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Likelihoods;

/// <summary>
/// How often intervals, contours and limits of weighted events hold the true values, as Markdown tables: signal of N(1, 1) over background
/// of N(0, 1), sums of weights of 300 and 1,700, or of a tenth of these, the background's rate constrained to 3 %. The last column has
/// Poisson errors, as if the weights were expected numbers of events.
/// </summary>
internal static class WeightedCoverageTask
{
    private const double One = 0.68268949213708585;
    private const double Signal = 300;
    private const double Background = 1700;
    private const double Tenth = 0.1;
    private const double RateError = 0.03;

    private static readonly WeightLaw[] Laws =
    [
        new("1", (_, _) => 1, _ => 1, 1),
        new("0.5", (_, _) => 0.5, _ => 0.5, 0.5),
        new("4", (_, _) => 4, _ => 4, 4),
        new("uniform, 0.2 to 3", (random, _) => 0.2 + (2.8 * random.NextDouble()), _ => 1.6, 1.6),
        new("0.5 + x²", (_, x) => 0.5 + (x * x), x => 0.5 + (x * x), 0.5),
        new("1, 20 % of them −1", (random, _) => random.NextDouble() < 0.2 ? -1 : 1, _ => 0.6, 0.6),
        new("2, 10 % of them −1.5", (random, _) => random.NextDouble() < 0.1 ? -1.5 : 2, _ => 1.65, 1.65),
    ];

    public static void Run(int toys)
    {
        Run(toys, share: 1);
        Console.WriteLine();
        Run(toys, Tenth);
    }

    private static void Run(int toys, double share)
    {
        Console.WriteLine(
            "| weights | toys | failed | mean pull | sd of pull | 68.27 % covers | in σ | 95 % covers | in σ | contour 68.27 % | in σ | "
                + "limit 95 % | in σ | 68.27 % of Poisson errors |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (WeightLaw law in Laws)
        {
            Run(law, toys, share);
        }
    }

    private static void Run(WeightLaw law, int toys, double share)
    {
        LikelihoodModel model = Model(share);
        Seed seed = new Seed(16).Child(law.Name);
        var results = new Toy?[toys];
        EventBlocks.ForEachIndex(toys, number =>
        {
            try
            {
                results[number] = Fit(model, seed.Child(number).CreateRandom(), law, share);
            }
            catch (FitException)
            {
                results[number] = null;
            }
        });
        Toy[] fitted = [.. results.OfType<Toy>()];
        double mean = fitted.Average(toy => toy.Pull);
        double deviation = Math.Sqrt(fitted.Average(toy => Math.Pow(toy.Pull - mean, 2)));
        Console.WriteLine(Text(
            $"| {law.Name} | {toys:N0} | {toys - fitted.Length} | {mean:F3} | {deviation:F3} | {Share(fitted, toy => toy.One, One)} | "
                + $"{Share(fitted, toy => toy.Two, 0.95)} | {Share(fitted, toy => toy.Contour, One)} | "
                + $"{Share(fitted, toy => toy.Limit, 0.95)} | {(double)fitted.Count(toy => toy.Poisson) / fitted.Length:F4} |"));
    }

    private static Toy Fit(LikelihoodModel model, Random random, WeightLaw law, double share)
    {
        EventTable events = Draw(random, law, share);
        double[] auxiliary = [random.NextNormal(1, RateError)];
        var data = new ObservedData { Events = [events], Auxiliary = auxiliary };
        var test = new StrengthTest(model, data);
        FitResult fit = test.Observed.Fit();
        double q = test.Observed.QMu(1);
        var poisson = ProfileLikelihood.Of(new Likelihood(model, new AsimovData { Events = [events], Auxiliary = auxiliary }));
        return new Toy(
            (fit.Parameters[0] - 1) / fit.Errors[0],
            ProfileInterval.Of(test.Observed).Contains(1),
            ProfileInterval.Of(test.Observed, confidenceLevel: 0.95).Contains(1),
            Rise(fit, test.Observed) <= TailProbability.ChiSquaredTwoQuantile(One),
            q <= TailProbability.ChiSquaredOneQuantile(0.9),
            ProfileInterval.Of(poisson).Contains(1));
    }

    /// <summary>By how much the contour's function has risen at the true values, (1, 1).</summary>
    private static double Rise(FitResult fit, ProfileLikelihood fits) =>
        ScaledRise.Of(fits, second: 1).Evaluate([1, 1], [], []) - fit.TwiceNll;

    /// <summary>Events whose weights make the density: one at x with the weight w is drawn at the rate f(x)/⟨w|x⟩.</summary>
    private static EventTable Draw(Random random, WeightLaw law, double share)
    {
        List<float> ratios = [];
        List<double> weights = [];
        Add(share * Signal, 1);
        Add(share * Background, 0);
        return EventTable.FromColumns(("log_ratio", [.. ratios])).WithWeights(weights.ToArray());

        void Add(double yield, double centre)
        {
            long count = random.NextPoisson(yield / law.LeastMean);
            for (long i = 0; i < count; i++)
            {
                double x = random.NextNormal(centre, 1);
                if (random.NextDouble() * law.MeanAt(x) < law.LeastMean)
                {
                    ratios.Add((float)(x - 0.5));
                    weights.Add(law.Draw(random, x));
                }
            }
        }
    }

    private static LikelihoodModel Model(double share) => new(
        [
            new FitParameter { Name = "mu", Initial = 1, Lower = -5, Upper = 20 },
            new FitParameter { Name = "rate", Initial = 1, Lower = 0.01, Constraint = Constraint.Gaussian(1, RateError) },
        ],
        [
            new UnbinnedChannel("sr",
            [
                new Process("signal", share * Signal) { LogRatio = "log_ratio", YieldFactors = [YieldFactor.Strength("mu")] },
                new Process("background", share * Background) { YieldFactors = [YieldFactor.Strength("rate")] },
            ]),
        ],
        "mu");

    private static string Share(Toy[] toys, Func<Toy, bool> of, double expected)
    {
        double share = (double)toys.Count(of) / toys.Length;
        return Text($"{share:F4} | {(share - expected) / Math.Sqrt(expected * (1 - expected) / toys.Length):+0.0;−0.0}");
    }

    /// <summary>What one toy's intervals hold.</summary>
    private sealed record Toy(double Pull, bool One, bool Two, bool Contour, bool Limit, bool Poisson);

    /// <summary>A law of weights.</summary>
    /// <param name="Name">What stands in the table.</param>
    /// <param name="Draw">w at x.</param>
    /// <param name="MeanAt">⟨w|x⟩.</param>
    /// <param name="LeastMean">The least of these.</param>
    private sealed record WeightLaw(string Name, Func<Random, double, double> Draw, Func<double, double> MeanAt, double LeastMean);
}
