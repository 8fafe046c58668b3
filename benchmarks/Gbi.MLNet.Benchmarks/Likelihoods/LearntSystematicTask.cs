using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Parametric;
using Gbi.Systematics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Likelihoods;

/// <summary>
/// Pulls of a strength and of a nuisance parameter whose effect on a background, in shape and rate, was learnt by trees, as a Markdown
/// table. x is N(0, 1) in the background and N(1.5, 0.5) in the signal; ν moves it by s ν, widens it by e^{0.05 ν} and changes the rate.
/// No rate is entered: factors are those of the samples' sums of weights.
/// </summary>
internal static class LearntSystematicTask
{
    private const double Background = 2000;
    private const double Signal = 150;
    private const int Trainings = 10;
    private const int Samples = 200_000;
    private const int Reference = 100_000;

    private static readonly Effect[] Effects =
    [
        new("shape and rate, samples at ±1, ±2", 0.2, nu => Math.Exp((0.1 * nu) + (0.02 * nu * nu)), [1, -1, 2, -2]),
        new("shape and rate, samples at ±1 alone", 0.2, nu => Math.Exp((0.1 * nu) + (0.02 * nu * nu)), [1, -1]),
        new("strong: rate of 2 and 0.5, samples at ±1, ±2", 0.5, nu => Math.Pow(2, nu), [1, -1, 2, -2]),
        new("one-sided: a sample at 1 alone", 0.2, nu => Math.Exp(0.1 * nu), [1]),
        new("absent, samples at ±1", 0, _ => 1, [1, -1]),
    ];

    public static void Run(int dataSets)
    {
        Console.WriteLine(
            "| effect | data sets | failed | rate at ν = 1, learnt (true) | sd of Δ_ν | mean pull of ν | width | mean pull of μ | width | "
                + "mean pull of ν without the rate |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (Effect effect in Effects)
        {
            Run(effect, dataSets);
        }
    }

    private static void Run(Effect effect, int dataSets)
    {
        Seed seed = new Seed(17).Child(effect.Name);
        List<(double Nu, double Mu, double WithoutRate)> pulls = [];
        List<Estimate> rates = [];
        List<double> spreads = [];
        int failed = 0;
        for (int training = 0; training < Trainings; training++)
        {
            TrainedSystematic trained = Train(effect, seed.Child("training").Child(training));
            rates.Add(trained.Rate.Ratios[1]);
            EventTable reference = WithColumns(Draw(effect, 0, Reference, seed.Child("reference").Child(training)), trained.Ratio);
            spreads.Add(Deviation(reference["Delta_nu"]));
            LikelihoodModel model = Model(trained, reference, hasRate: true);
            LikelihoodModel without = Model(trained, reference, hasRate: false);
            for (int number = 0; number < dataSets / Trainings; number++)
            {
                try
                {
                    pulls.Add(Fit(effect, trained.Ratio, model, without, seed.Child("data").Child((training * dataSets) + number)));
                }
                catch (FitException)
                {
                    failed++;
                }
            }
        }

        Console.WriteLine(Text(
            $"| {effect.Name} | {dataSets} | {failed} | {rates.Average(rate => rate.Value):F4} ± {rates[0].Error:F4} "
                + $"({effect.Rate(1):F4}) | {spreads.Average():F4} | {Moments(pulls.Select(pull => pull.Nu))} | "
                + $"{Moments(pulls.Select(pull => pull.Mu))} | {pulls.Average(pull => pull.WithoutRate):F2} |"));
    }

    private static TrainedSystematic Train(Effect effect, Seed seed)
    {
        double[] points = [0, .. effect.Points];
        Monomial[]? monomials = points.Length == 2 ? [Monomial.Of("nu")] : null;
        var basePoints = new BasePoints(["nu"], [.. points.Select(nu => (double[])[nu])], monomials);
        EventTable[] samples = [.. points.Select((nu, at) =>
        {
            EventTable events = Draw(effect, nu, Samples, seed.Child(at));
            double[] weights = new double[events.Count];
            Array.Fill(weights, effect.Rate(nu));
            return events.WithWeights(weights);
        })];
        SystematicTrainingOptions options = new() { HeldOutFraction = 0.2 };
        options = options with { Ratio = options.Ratio with { Trees = options.Ratio.Trees with { EarlyStoppingRounds = 10 } } };
        return SystematicTrainer.Train(SystematicSamples.Join(basePoints, ["x"], samples), ["x"], options, seed.Child("held out"));
    }

    /// <summary>True values are drawn: ν ~ N(0, 1) at a measurement of 0, and μ = 1.</summary>
    private static (double Nu, double Mu, double WithoutRate) Fit(
        Effect effect, ParametricRatio ratio, LikelihoodModel model, LikelihoodModel without, Seed seed)
    {
        Random random = seed.CreateRandom();
        double nu = effect.Points.Length == 1 ? Math.Abs(random.NextNormal(0, 1)) : random.NextNormal(0, 1);
        EventTable events = WithColumns(
            Draw(effect, nu, (int)random.NextPoisson(Background * effect.Rate(nu)), seed.Child("background"))
                .Append(DrawSignal((int)random.NextPoisson(Signal), seed.Child("signal"))),
            ratio);
        var data = new ObservedData { Events = [events], Auxiliary = [random.NextNormal(nu, 1)] };
        FitResult fit = ProfileLikelihood.Of(new Likelihood(model, data)).Fit();
        FitResult other = ProfileLikelihood.Of(new Likelihood(without, data)).Fit();
        return (
            (fit.Parameters[1] - nu) / fit.Errors[1], (fit.Parameters[0] - 1) / fit.Errors[0],
            (other.Parameters[1] - nu) / other.Errors[1]);
    }

    private static LikelihoodModel Model(TrainedSystematic trained, EventTable reference, bool hasRate)
    {
        var variation = new LearntVariation(
            trained.Ratio.Monomials, [.. trained.Rate.Coefficients.Select(term => term.Value)], ParametricRatio.ColumnPrefix);
        return new LikelihoodModel(
            [new FitParameter { Name = "mu", Initial = 1, Lower = -5, Upper = 10 }, new NuisanceParameter("nu")],
            [
                new UnbinnedChannel("sr",
                [
                    new Process("signal", Signal) { LogRatio = "log_ratio", YieldFactors = [YieldFactor.Strength("mu")] },
                    new Process("background", Background)
                    {
                        YieldFactors = hasRate ? variation.Rate : [],
                        ShapeVariations = [variation.Shape],
                    },
                ])
                {
                    Reference = reference,
                },
            ],
            "mu");
    }

    /// <summary>Events with the columns of a fit: the exact ln r of signal over nominal background, and the learnt coefficients.</summary>
    private static EventTable WithColumns(EventTable events, ParametricRatio ratio)
    {
        float[] x = events["x"].ToArray();
        float[] logRatio = Array.ConvertAll(x, value => (float)(
            (value * value / 2.0) - (Math.Pow((value - 1.5) / 0.5, 2) / 2) - Math.Log(0.5)));
        return EventTable.FromColumns(
        [
            ("x", x), ("log_ratio", logRatio),
            .. ratio.Monomials.Zip(ratio.Columns(events), (monomial, column) => (ParametricRatio.ColumnPrefix + monomial.Name, column)),
        ]);
    }

    private static EventTable Draw(Effect effect, double nu, int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        double width = effect.Shift == 0 ? 1 : Math.Exp(0.05 * nu);
        return EventTable.FromColumns(
            ("x", [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(effect.Shift * nu, width))]));
    }

    private static EventTable DrawSignal(int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        return EventTable.FromColumns(("x", [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(1.5, 0.5))]));
    }

    private static double Deviation(ReadOnlySpan<float> values)
    {
        double[] copy = Array.ConvertAll(values.ToArray(), value => (double)value);
        double mean = copy.Average();
        return Math.Sqrt(copy.Average(value => (value - mean) * (value - mean)));
    }

    private static string Moments(IEnumerable<double> pulls)
    {
        double[] all = [.. pulls];
        double mean = all.Average();
        return Text($"{mean:F2} | {Math.Sqrt(all.Sum(pull => (pull - mean) * (pull - mean)) / (all.Length - 1)):F2}");
    }

    /// <summary>What ν does to the background.</summary>
    /// <param name="Name">What stands in the table.</param>
    /// <param name="Shift">Shift of x by ν; 0 for no change of shape.</param>
    /// <param name="Rate">Its rate over nominal.</param>
    /// <param name="Points">Values of ν that are simulated besides 0.</param>
    private sealed record Effect(string Name, double Shift, Func<double, double> Rate, double[] Points);
}
