using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Gbi.Tests.Pipeline.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Ratios;

/// <summary>
/// The mean ratio over denominator events that Fit did not see, for ML.NET's trainers with probabilities, their calibrators and class
/// weights, and weights told to the trainer, to the ratio, to both or to neither: N(½, 1) over N(−½, 1) and a feature that is the same in
/// both, weights of 2 to 6 in the numerator and 0.5 to 1.5 in the denominator.
/// </summary>
internal static class NormalisationTask
{
    private const int Numerator = 60_000;
    private const int Denominator = 100_000;
    private const int Independent = 500_000;

    public static void Run(string of)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView training = View(mlContext, Numerator, Denominator, new Seed(1));
        IDataView independent = View(mlContext, 0, Independent, new Seed(2));
        Console.WriteLine(
            "| trainer | mean before normalisation | its error | mean over other events | its error | from 1, σ | within 2 % |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (ClassifierCase one in ClassifierCase.All.Where(one => one.Name.StartsWith(of, StringComparison.Ordinal)))
        {
            Console.WriteLine(Row(mlContext, one, training, independent));
        }
    }

    private static string Row(MLContext mlContext, ClassifierCase one, IDataView training, IDataView independent)
    {
        var options = new LikelihoodRatioOptions { WeightColumn = one.OptionsNameWeight ? "Weight" : null, HeldOutFraction = 0.5 };
        LikelihoodRatioTransformer ratio;
        try
        {
            ratio = mlContext.Gbi.LikelihoodRatio(one.Create(mlContext), options).Fit(training);
        }
        catch (DataException refusal)
        {
            return Text($"| {one.Name} | refused: {refusal.Message} | | | | | |");
        }

        Estimate before = ratio.MeanRatio!.Value;
        double[] ratios = [.. ratio.Transform(independent).GetColumn<float>("LogRatio").Select(value => Math.Exp(value))];
        Estimate mean = Estimate.OfMean(ratios, new EventTable([], ratios.Length, null));
        double error = double.Hypot(mean.Error, mean.Value * before.Error / before.Value);
        return Text(
            $"| {one.Name} | {before.Value:F4} | {before.Error:F4} | {mean.Value:F4} | {error:F4} | "
                + $"{(Math.Abs(mean.Value - 1) > 1e-6 ? (mean.Value - 1) / error : 0):+0.0;−0.0;0.0} | "
                + $"{(Math.Abs(mean.Value - 1) <= 0.02 ? "yes" : "**no**")} |");
    }

    private static IDataView View(MLContext mlContext, int numerator, int denominator, Seed seed)
    {
        // In random order: trainers that read the rows as they come do not expect them sorted by label.
        Random random = seed.CreateRandom();
        return mlContext.Data.LoadFromEnumerable(seed.Child("order").Permutation(numerator + denominator).Select(i => new Event
        {
            Label = i < numerator,
            Weight = (i < numerator ? 4 : 1) * (0.5f + (float)random.NextDouble()),
            Features = [(float)random.NextNormal(i < numerator ? 0.5 : -0.5, 1), (float)random.NextDouble()],
        }).ToArray());
    }

    private sealed class Event
    {
        public bool Label { get; set; }

        public float Weight { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
