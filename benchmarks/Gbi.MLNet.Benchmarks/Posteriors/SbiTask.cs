using System.Globalization;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Simulators.Priors;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>A task of the benchmark of simulation-based inference: prior and simulator.</summary>
/// <remarks>Lueckmann et al., AISTATS 2021, arXiv:2101.04653.</remarks>
internal sealed record SbiTask(string Name, Prior Prior, int FeatureCount, SbiTask.Simulator Simulate)
{
    public delegate void Simulator(Random random, ReadOnlySpan<double> parameters, Span<double> features);

    public static readonly SbiTask[] All =
    [
        new("gaussian_linear", Same(10, name => Prior.Normal(name, 0, Math.Sqrt(0.1))), 10, Linear),
        new("gaussian_linear_uniform", Same(10, name => Prior.Uniform(name, -1, 1)), 10, Linear),
        new("gaussian_mixture", Same(2, name => Prior.Uniform(name, -10, 10)), 2, Mixture),
        new("two_moons", Same(2, name => Prior.Uniform(name, -1, 1)), 2, TwoMoons),
        new("slcp", Same(5, name => Prior.Uniform(name, -3, 3)), 8, SimpleLikelihood),
    ];

    /// <summary>Parameters of the prior and their observations.</summary>
    public (EventTable Parameters, EventTable Observations) Pairs(int count, Seed seed)
    {
        EventTable parameters = Prior.Draw(count, seed.Child("parameters"));
        ReadOnlyMemory<float>[] theta = [.. Prior.Parameters.Select(parameters.Memory)];
        float[][] columns = [.. Enumerable.Range(0, FeatureCount).Select(_ => new float[count])];
        Seed ofFeatures = seed.Child("features");
        EventBlocks.ForEach(count, (start, length) =>
        {
            double[] point = new double[theta.Length];
            double[] features = new double[FeatureCount];
            for (int row = start; row < start + length; row++)
            {
                for (int k = 0; k < point.Length; k++)
                {
                    point[k] = theta[k].Span[row];
                }

                Simulate(ofFeatures.Child(row).CreateRandom(), point, features);
                for (int k = 0; k < features.Length; k++)
                {
                    columns[k][row] = (float)features[k];
                }
            }
        });
        return (parameters, EventTable.FromColumns([.. columns.Select((values, k) => ($"data_{k + 1}", values))]));
    }

    /// <summary>One of the benchmark's observations.</summary>
    /// <param name="data">Folder with a folder for each task.</param>
    /// <param name="number">1, 2, 3, …</param>
    public EventTable Observation(string data, int number)
    {
        string[] lines = File.ReadAllLines(Path.Combine(data, Name, $"{number}", "observation.csv"));
        float[] values = [.. lines[1].Split(',').Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
        return EventTable.FromColumns([.. values.Select((value, k) => ($"data_{k + 1}", (float[])[value]))]);
    }

    /// <summary>Writes draws as the benchmark's test reads them.</summary>
    public static void Write(EventTable draws, string path)
    {
        using var writer = new StreamWriter(path);
        writer.WriteLine(string.Join(',', draws.ColumnNames));
        float[][] columns = [.. draws.ColumnNames.Select(name => draws[name].ToArray())];
        for (int row = 0; row < draws.Count; row++)
        {
            writer.WriteLine(string.Join(',', columns.Select(column => column[row].ToString(CultureInfo.InvariantCulture))));
        }
    }

    private static Prior Same(int count, Func<string, Prior> prior) =>
        Prior.Independent([.. Enumerable.Range(1, count).Select(k => prior($"parameter_{k}"))]);

    private static void Linear(Random random, ReadOnlySpan<double> theta, Span<double> x)
    {
        for (int k = 0; k < x.Length; k++)
        {
            x[k] = theta[k] + random.NextNormal(0, Math.Sqrt(0.1));
        }
    }

    private static void Mixture(Random random, ReadOnlySpan<double> theta, Span<double> x)
    {
        double scale = random.NextDouble() < 0.5 ? 1 : 0.1;
        x[0] = theta[0] + random.NextNormal(0, scale);
        x[1] = theta[1] + random.NextNormal(0, scale);
    }

    private static void TwoMoons(Random random, ReadOnlySpan<double> theta, Span<double> x)
    {
        (double sine, double cosine) = Math.SinCos(Math.PI * (random.NextDouble() - 0.5));
        double radius = random.NextNormal(0.1, 0.01);
        x[0] = (radius * cosine) + 0.25 - (Math.Abs(theta[0] + theta[1]) / Math.Sqrt(2));
        x[1] = (radius * sine) + ((theta[1] - theta[0]) / Math.Sqrt(2));
    }

    private static void SimpleLikelihood(Random random, ReadOnlySpan<double> theta, Span<double> x)
    {
        double correlation = Math.Tanh(theta[4]);
        for (int point = 0; point < 4; point++)
        {
            double first = random.NextNormal(0, 1);
            double second = (correlation * first) + (Math.Sqrt(1 - (correlation * correlation)) * random.NextNormal(0, 1));
            x[2 * point] = theta[0] + (theta[2] * theta[2] * first);
            x[(2 * point) + 1] = theta[1] + (theta[3] * theta[3] * second);
        }
    }
}
