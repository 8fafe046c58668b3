using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>A task of the sbibm benchmark whose posterior is known: its simulator, and exact draws and densities.</summary>
internal abstract class ExactTask(string name, Prior prior, string[] features) : IPosteriorModel
{
    private const int BlockSize = 16;

    public static ExactTask[] All => [new GaussianLinear(), new GaussianMixture(), new TwoMoons()];

    public string Name => name;

    public Prior Prior => prior;

    public IReadOnlyList<string> Parameters => prior.Parameters;

    public IReadOnlyList<string> Features => features;

    /// <summary>Parameters of the prior and their observations.</summary>
    public (EventTable Parameters, EventTable Observations) Pairs(int count, Seed seed)
    {
        EventTable parameters = prior.Draw(count, seed.Child("prior"));
        float[][] columns = [.. features.Select(_ => new float[count])];
        ReadOnlyMemory<float>[] theta = [.. Parameters.Select(parameters.Memory)];
        Seed simulations = seed.Child("simulations");
        EventBlocks.ForEach(count, (start, length) =>
        {
            double[] point = new double[theta.Length];
            double[] x = new double[columns.Length];
            for (int row = start; row < start + length; row++)
            {
                Fill(theta, row, point);
                Simulate(simulations.Child(row).CreateRandom(), point, x);
                for (int k = 0; k < x.Length; k++)
                {
                    columns[k][row] = (float)x[k];
                }
            }
        }, BlockSize);
        return (parameters, EventTable.FromColumns([.. features.Zip(columns)]));
    }

    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        ReadOnlyMemory<float>[] theta = [.. Parameters.Select(parameters.Memory)];
        ReadOnlyMemory<float>[] features = [.. Features.Select(observations.Memory)];
        double[] densities = new double[parameters.Count];
        double[] point = new double[theta.Length];
        double[] x = new double[features.Length];
        double logNorm = 0;
        for (int row = 0; row < densities.Length; row++)
        {
            if (row == 0 || observations.Count > 1)
            {
                Fill(features, row, x);
                logNorm = LogNorm(x);
            }

            Fill(theta, row, point);
            densities[row] = LogUnnormalised(point, x) - logNorm;
        }

        return densities;
    }

    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        ReadOnlyMemory<float>[] features = [.. Features.Select(observations.Memory)];
        float[][] columns = [.. Parameters.Select(_ => new float[observations.Count * count])];
        double[] densities = new double[observations.Count * count];
        double[] point = new double[columns.Length];
        double[] x = new double[features.Length];
        for (int row = 0; row < observations.Count; row++)
        {
            Fill(features, row, x);
            double logNorm = LogNorm(x);
            Random random = seed.Child(row).CreateRandom();
            for (int i = row * count; i < (row + 1) * count; i++)
            {
                Draw(random, x, point);
                for (int j = 0; j < point.Length; j++)
                {
                    columns[j][i] = (float)point[j];
                }

                densities[i] = LogUnnormalised(point, x) - logNorm;
            }
        }

        return new PosteriorDraws(EventTable.FromColumns([.. Parameters.Zip(columns)]), densities, count);
    }

    protected abstract void Simulate(Random random, ReadOnlySpan<double> point, Span<double> x);

    /// <summary>Draws from the posterior.</summary>
    protected abstract void Draw(Random random, ReadOnlySpan<double> x, Span<double> point);

    /// <summary>ln of the posterior up to <see cref="LogNorm"/>; −∞ outside the prior.</summary>
    protected abstract double LogUnnormalised(ReadOnlySpan<double> point, ReadOnlySpan<double> x);

    protected virtual double LogNorm(ReadOnlySpan<double> x) => 0;

    protected static double LogNormal(double distance, double variance) =>
        (-distance * distance / (2 * variance)) - (0.5 * Math.Log(Math.Tau * variance));

    private static void Fill(ReadOnlyMemory<float>[] columns, int row, double[] into)
    {
        for (int k = 0; k < into.Length; k++)
        {
            into[k] = columns[k].Span[row];
        }
    }

    /// <summary>θ ~ N(0, 0.1 I₁₀), x ~ N(θ, 0.1 I): N(x/2, 0.05 I).</summary>
    private sealed class GaussianLinear() : ExactTask(
        "gaussian_linear",
        Prior.Independent([.. Enumerable.Range(0, Width).Select(j => Prior.Normal($"theta{j}", 0, Math.Sqrt(0.1)))]),
        [.. Enumerable.Range(0, Width).Select(j => $"x{j}")])
    {
        private const int Width = 10;

        protected override void Simulate(Random random, ReadOnlySpan<double> point, Span<double> x)
        {
            for (int j = 0; j < x.Length; j++)
            {
                x[j] = random.NextNormal(point[j], Math.Sqrt(0.1));
            }
        }

        protected override void Draw(Random random, ReadOnlySpan<double> x, Span<double> point)
        {
            for (int j = 0; j < x.Length; j++)
            {
                point[j] = random.NextNormal(x[j] / 2, Math.Sqrt(0.05));
            }
        }

        protected override double LogUnnormalised(ReadOnlySpan<double> point, ReadOnlySpan<double> x)
        {
            double sum = 0;
            for (int j = 0; j < x.Length; j++)
            {
                sum += LogNormal(point[j] - (x[j] / 2), 0.05);
            }

            return sum;
        }
    }

    /// <summary>θ ~ U(−10, 10)², x ~ ½ N(θ, I) + ½ N(θ, 0.01 I): the same about x, inside the box.</summary>
    private sealed class GaussianMixture() : ExactTask(
        "gaussian_mixture", Prior.Independent(Prior.Uniform("theta0", -Edge, Edge), Prior.Uniform("theta1", -Edge, Edge)), ["x0", "x1"])
    {
        private const double Edge = 10;
        private const double Narrow = 0.1;

        protected override void Simulate(Random random, ReadOnlySpan<double> point, Span<double> x)
        {
            double deviation = random.NextDouble() < 0.5 ? 1 : Narrow;
            x[0] = random.NextNormal(point[0], deviation);
            x[1] = random.NextNormal(point[1], deviation);
        }

        protected override void Draw(Random random, ReadOnlySpan<double> x, Span<double> point)
        {
            double wide = Inside(x, 1);
            double deviation = random.NextDouble() * (wide + Inside(x, Narrow)) < wide ? 1 : Narrow;
            for (int j = 0; j < 2; j++)
            {
                do
                {
                    point[j] = random.NextNormal(x[j], deviation);
                }
                while (!(Math.Abs(point[j]) <= Edge));
            }
        }

        protected override double LogUnnormalised(ReadOnlySpan<double> point, ReadOnlySpan<double> x)
        {
            if (Math.Abs(point[0]) > Edge || Math.Abs(point[1]) > Edge)
            {
                return double.NegativeInfinity;
            }

            double wide = LogNormal(point[0] - x[0], 1) + LogNormal(point[1] - x[1], 1);
            double narrow = LogNormal(point[0] - x[0], Narrow * Narrow) + LogNormal(point[1] - x[1], Narrow * Narrow);
            return wide + LogMath.Softplus(narrow - wide);
        }

        protected override double LogNorm(ReadOnlySpan<double> x) => Math.Log(Inside(x, 1) + Inside(x, Narrow));

        private static double Inside(ReadOnlySpan<double> x, double deviation) => Inside(x[0], deviation) * Inside(x[1], deviation);

        private static double Inside(double x, double deviation) =>
            TailProbability.OfNormal((-Edge - x) / deviation) - TailProbability.OfNormal((Edge - x) / deviation);
    }

    /// <summary>
    /// θ ~ U(−1, 1)², (u, v) = (r cos a + ¼, r sin a), x = (u − |θ₁ + θ₂|/√2, v + (θ₂ − θ₁)/√2). |s| = u − x₁ and t = x₂ − v are θ turned
    /// by 45°: draws of (u, v) are draws of the posterior where |s| ≥ 0 and θ is in the box, with either sign of s.
    /// </summary>
    private sealed class TwoMoons() : ExactTask(
        "two_moons", Prior.Independent(Prior.Uniform("theta0", -1, 1), Prior.Uniform("theta1", -1, 1)), ["x0", "x1"])
    {
        private const int AngleCells = 300;
        private const int RadiusCells = 15;

        protected override void Simulate(Random random, ReadOnlySpan<double> point, Span<double> x)
        {
            (double u, double v) = Moon(random.NextNormal(0.1, 0.01), Math.PI * (random.NextDouble() - 0.5));
            x[0] = u - (Math.Abs(point[0] + point[1]) / Math.Sqrt(2));
            x[1] = v + ((point[1] - point[0]) / Math.Sqrt(2));
        }

        protected override void Draw(Random random, ReadOnlySpan<double> x, Span<double> point)
        {
            do
            {
                (double u, double v) = Moon(random.NextNormal(0.1, 0.01), Math.PI * (random.NextDouble() - 0.5));
                (double s, double t) = (u - x[0], x[1] - v);
                s = s < 0 ? double.NaN : random.NextDouble() < 0.5 ? s : -s;

                // v + t = x₂ with t = (θ₂ − θ₁)/√2 of the simulator.
                (point[0], point[1]) = ((s - t) / Math.Sqrt(2), (s + t) / Math.Sqrt(2));
            }
            while (!(Math.Abs(point[0]) <= 1 && Math.Abs(point[1]) <= 1));
        }

        protected override double LogUnnormalised(ReadOnlySpan<double> point, ReadOnlySpan<double> x)
        {
            double u = x[0] + (Math.Abs(point[0] + point[1]) / Math.Sqrt(2)) - 0.25;
            double v = x[1] - ((point[1] - point[0]) / Math.Sqrt(2));
            double radius = Math.Sqrt((u * u) + (v * v));
            return u < 0 || Math.Abs(point[0]) > 1 || Math.Abs(point[1]) > 1
                ? double.NegativeInfinity
                : LogNormal(radius - 0.1, 1e-4) - Math.Log(Math.PI * radius);
        }

        /// <summary>ln of twice the probability that (u, v) gives parameters in the box: each sign of s has half of it.</summary>
        protected override double LogNorm(ReadOnlySpan<double> x)
        {
            int inside = 0;
            for (int i = 0; i < RadiusCells; i++)
            {
                double radius = 0.1 + (0.01 * TailProbability.NormalQuantile((i + 0.5) / RadiusCells));
                for (int k = 0; k < AngleCells; k++)
                {
                    (double u, double v) = Moon(radius, Math.PI * (((k + 0.5) / AngleCells) - 0.5));
                    (double s, double t) = (u - x[0], x[1] - v);
                    inside += s >= 0 && Math.Abs(s - t) <= Math.Sqrt(2) && Math.Abs(s + t) <= Math.Sqrt(2) ? 1 : 0;
                }
            }

            return Math.Log(2.0 * Math.Max(1, inside) / (RadiusCells * AngleCells));
        }

        private static (double U, double V) Moon(double radius, double angle) =>
            ((radius * Math.Cos(angle)) + 0.25, radius * Math.Sin(angle));
    }
}
