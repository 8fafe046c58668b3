using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Likelihoods;

/// <summary>
/// An unbinned likelihood of signal and background with ten nuisance parameters, quadratic in the exponents of both, at 1, 3 and 10
/// million events: time and memory of an evaluation, and of a fit.
/// </summary>
internal static class UnbinnedScaling
{
    private const int NuisanceCount = 10;
    private static readonly string[] Processes = ["signal", "background"];

    public static void Run()
    {
        foreach (int count in new[] { 1_000_000, 3_000_000, 10_000_000 })
        {
            Measure(count);
            GC.Collect();
        }
    }

    private static void Measure(int count)
    {
        EventTable events = Events(count);
        LikelihoodModel model = Model(count);
        double before = MegaBytes();
        var likelihood = new Likelihood(model, new ObservedData { Events = [events], Auxiliary = model.ObservedAuxiliary });
        double[] point = [1.1, .. Enumerable.Range(0, NuisanceCount).Select(k => 0.1 * (k - 4))];
        double[] gradient = new double[point.Length];
        double[] hessian = new double[point.Length * point.Length];
        double value = Best(() => likelihood.Evaluate(point, default, default));
        double slope = Best(() => likelihood.Evaluate(point, gradient, default));
        double curvature = Best(() => likelihood.Evaluate(point, gradient, hessian));
        FitResult fit = null!;
        double fitted = PeerTimings.Seconds(() => fit = ProfileLikelihood.Of(likelihood).Fit());
        Console.WriteLine(
            Text(
                $"{count:N0} events, {events.ColumnNames.Count} columns: columns {4.0 * count * events.ColumnNames.Count / 1e6:F0} MB, "
                    + $"likelihood {MegaBytes() - before:F0} MB; value {1e3 * value:F1} ms, with gradient {1e3 * slope:F1} ms, with "
                    + $"Hessian {1e3 * curvature:F1} ms, fit {fitted:F2} s in {fit.Minimum.Iterations} steps"));
        GC.KeepAlive(likelihood);
    }

    private static LikelihoodModel Model(int count) => new(
        [new FitParameter { Name = "mu", Initial = 1 }, .. Enumerable.Range(0, NuisanceCount).Select(k => new NuisanceParameter($"nu{k}"))],
        [
            new UnbinnedChannel("events", [.. Processes.Select((name, p) => new Process(name, p == 0 ? 0.05 * count : 0.95 * count)
            {
                LogRatio = p == 0 ? "log_ratio" : null,
                YieldFactors =
                [
                    .. p == 0 ? [YieldFactor.Strength("mu")] : Array.Empty<YieldFactor>(),
                    .. Enumerable.Range(0, NuisanceCount).Select(k => YieldFactor.Exponential($"nu{k}", 0.02 * (k % 3))),
                ],
                ShapeVariations =
                [
                    .. Enumerable.Range(0, NuisanceCount)
                        .Select(k => ExponentialVariation.Quadratic($"nu{k}", $"{name}_{k}_1", $"{name}_{k}_2"))
                ],
            })]),
        ],
        "mu");

    /// <summary>
    /// Background with ten normal features, of which nuisance k moves the mean of number k; the signal has the first one moved by 0.8.
    /// </summary>
    private static EventTable Events(int count)
    {
        float[][] features = [.. Enumerable.Range(0, NuisanceCount).Select(k => Normal(count, k, k == 0 ? 0.8 : 0))];
        return EventTable.FromColumns(
        [
            ("log_ratio", Of(features[0], x => (0.8 * x) - 0.32)),
            .. from p in Enumerable.Range(0, Processes.Length) from k in Enumerable.Range(0, NuisanceCount) from order in (int[])[1, 2]
               let step = 0.1 * (p + 1)
               select (
                   $"{Processes[p]}_{k}_{order}",
                   Of(features[k], x => order == 1 ? step * (x - (p == 0 && k == 0 ? 0.8 : 0)) : -step * step / 2)),
        ]);
    }

    private static float[] Normal(int count, int seed, double signalMean)
    {
        float[] values = new float[count];
        EventBlocks.ForEach(count, (start, length) =>
        {
            Random random = new Seed(1).Child(seed).Child(start).CreateRandom();
            for (int i = start; i < start + length; i++)
            {
                values[i] = (float)random.NextNormal(i % 20 == 0 ? signalMean : 0, 1);
            }
        });
        return values;
    }

    private static float[] Of(float[] feature, Func<double, double> of)
    {
        float[] values = new float[feature.Length];
        EventBlocks.ForEach(values.Length, (start, length) =>
        {
            for (int i = start; i < start + length; i++)
            {
                values[i] = (float)of(feature[i]);
            }
        });
        return values;
    }

    private static double MegaBytes() => GC.GetTotalMemory(forceFullCollection: true) / 1e6;

    private static double Best(Action work)
    {
        double best = double.PositiveInfinity;
        for (int repetition = 0; repetition < 10; repetition++)
        {
            best = Math.Min(best, PeerTimings.Seconds(work));
        }

        return best;
    }
}
