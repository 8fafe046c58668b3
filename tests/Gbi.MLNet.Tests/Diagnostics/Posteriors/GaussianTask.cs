using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Diagnostics.Posteriors;

/// <summary>θ ~ N(0, 0.1 I), x ~ N(θ, 0.1 I): the posterior is N(x/2, 0.05 I), the information gain d/2 ln 2.</summary>
internal static class GaussianTask
{
    public const double PriorVariance = 0.1;
    public const double PosteriorVariance = 0.05;

    public static string[] Parameters(int width) => [.. Enumerable.Range(0, width).Select(j => $"theta{j}")];

    public static string[] Features(int width) => [.. Enumerable.Range(0, width).Select(j => $"x{j}")];

    public static Prior Prior(int width) => Gbi.Simulators.Priors.Prior.Independent(
        [.. Parameters(width).Select(name => Gbi.Simulators.Priors.Prior.Normal(name, 0, Math.Sqrt(PriorVariance)))]);

    /// <summary>One observation a row.</summary>
    public static FunctionSimulator Simulator(int width) => new(Parameters(width), Features(width), (theta, random, x) =>
    {
        for (int j = 0; j < x.Length; j++)
        {
            x[j] = MathNet.Numerics.Distributions.Normal.Sample(random, theta[j], Math.Sqrt(PriorVariance));
        }
    });

    public static TestPairs Pairs(int count, int width, ulong seed)
    {
        (EventTable parameters, EventTable observations) = Draw(count, width, new Seed(seed));
        return new TestPairs(parameters, observations, Prior(width));
    }

    public static (EventTable Parameters, EventTable Observations) Draw(int count, int width, Seed seed)
    {
        float[][] theta = [.. Enumerable.Range(0, width).Select(j => Normal(count, seed.Child("theta").Child(j)))];
        float[][] x = [.. Enumerable.Range(0, width).Select(j =>
            Normal(count, seed.Child("x").Child(j)).Zip(theta[j], (noise, mean) => noise + mean).ToArray())];
        return (
            EventTable.FromColumns([.. Parameters(width).Zip(theta)]),
            EventTable.FromColumns([.. Features(width).Zip(x)]));
    }

    private static float[] Normal(int count, Seed seed) =>
        [.. Enumerable.Range(0, count).Select(row => (float)(Math.Sqrt(PriorVariance) * seed.NormalPair(row).First))];
}

/// <summary>The exact posterior, or one made wrong: N(x/2 + shift, (factor)² 0.05 I), or the prior.</summary>
internal sealed class GaussianPosterior(int width) : IPosteriorModel
{
    public double WidthFactor { get; init; } = 1;

    /// <summary>In standard deviations of the posterior.</summary>
    public double Shift { get; init; }

    public bool IsPrior { get; init; }

    /// <summary>Observations for which the posterior is wrong; exact elsewhere.</summary>
    public Func<float, bool> IsWrongAt { get; init; } = _ => true;

    /// <summary>Added to ln q of draws alone: a mistake.</summary>
    public double DensityOfDrawsIsOffBy { get; init; }

    public IReadOnlyList<string> Parameters => GaussianTask.Parameters(width);

    public IReadOnlyList<string> Features => GaussianTask.Features(width);

    public static double LogNormal(double distance, double variance) =>
        (-distance * distance / (2 * variance)) - (0.5 * Math.Log(Math.Tau * variance));

    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        double[] sums = new double[parameters.Count];
        for (int j = 0; j < width; j++)
        {
            ReadOnlySpan<float> theta = parameters[Parameters[j]];
            ReadOnlySpan<float> x = observations[Features[j]];
            for (int row = 0; row < sums.Length; row++)
            {
                int at = x.Length == 1 ? 0 : row;
                (double mean, double deviation) = Law(x[at], observations[Features[0]][at]);
                sums[row] += LogNormal(theta[row] - mean, deviation * deviation);
            }
        }

        return sums;
    }

    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        float[][] columns = [.. Enumerable.Range(0, width).Select(_ => new float[observations.Count * count])];
        double[] densities = new double[observations.Count * count];
        for (int row = 0; row < observations.Count; row++)
        {
            for (int j = 0; j < width; j++)
            {
                Seed ofRow = seed.Child(row).Child(j);
                (double mean, double deviation) = Law(observations[Features[j]][row], observations[Features[0]][row]);
                for (int i = 0; i < count; i += 2)
                {
                    (double first, double second) = ofRow.NormalPair(i);
                    Set(first, i);
                    if (i + 1 < count)
                    {
                        Set(second, i + 1);
                    }
                }

                void Set(double normal, int i)
                {
                    columns[j][(row * count) + i] = (float)(mean + (deviation * normal));
                    densities[(row * count) + i] += LogNormal(deviation * normal, deviation * deviation) + (DensityOfDrawsIsOffBy / width);
                }
            }
        }

        return new PosteriorDraws(EventTable.FromColumns([.. Parameters.Zip(columns)]), densities, count);
    }

    private (double Mean, double Deviation) Law(float x, float first)
    {
        double exact = Math.Sqrt(GaussianTask.PosteriorVariance);
        return !IsWrongAt(first) ? (x / 2, exact)
            : IsPrior ? (0, Math.Sqrt(GaussianTask.PriorVariance))
            : ((x / 2) + (Shift * exact), WidthFactor * exact);
    }
}
