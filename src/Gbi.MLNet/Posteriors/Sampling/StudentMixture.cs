using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;
using MathNet.Numerics;

namespace Gbi.Posteriors.Sampling;

/// <summary>
/// A mixture of t distributions of five degrees of freedom, g(θ) = Σₖ wₖ t₅(θ; μₖ, Σₖ), fitted to draws of a density: a proposal with its
/// modes and correlations and with wider tails.
/// </summary>
/// <remarks>
/// EM: Peel and McLachlan, Stat. Comput. 10 (2000) 339. As proposals: Cappé, Douc, Guillin, Marin and Robert, Stat. Comput. 18 (2008) 447.
/// </remarks>
internal sealed class StudentMixture : IProposal
{
    private const int BlockSize = 1024;
    private const int MostSteps = 60;
    private const double LeastGain = 1e-4;
    private static readonly int[] Counts = [1, 2, 4, 8, 16, 24, 32];

    private readonly string[] _parameters;
    private readonly double[] _means;
    private readonly double[] _factor;
    private readonly StudentComponent[] _components;
    private readonly double _logNorm;

    private StudentMixture(string[] parameters, double[] means, double[] factor, StudentComponent[] components)
    {
        (_parameters, _means, _factor, _components) = (parameters, means, factor, components);
        _logNorm = -CholeskyFactor.LogDeterminant(factor, means.Length);
    }

    /// <summary>The number of components, for tests and reports.</summary>
    public int ComponentCount => _components.Length;

    /// <summary>
    /// Fits as many components as describe a third of the draws best that they are not fitted to; null where the draws have no spread
    /// in some direction.
    /// </summary>
    public static StudentMixture? TryFit(EventTable draws, Seed seed)
    {
        string[] parameters = [.. draws.ColumnNames];
        int width = parameters.Length;
        (double[] means, double[] covariance) = MomentsOf(draws);
        if (!CholeskyFactor.TryFactorise(covariance, width))
        {
            return null;
        }

        var all = new StudentMixture(parameters, means, covariance, []);
        double[][] points = [.. Enumerable.Range(0, draws.Count).Select(row => all.Whitened(draws, row))];
        double[][] learnt = points[..(2 * points.Length / 3)];
        double[][] tested = points[learnt.Length..];
        (int count, double best) = (1, double.NegativeInfinity);
        foreach (int tried in Counts.TakeWhile(tried => tried * (width + 1) <= learnt.Length / 4))
        {
            StudentComponent[] components = Fit(learnt, tried, seed.Child(tried));
            double found = tested.Average(point => LogDensity(components, point));
            if (found <= best)
            {
                break;
            }

            (count, best) = (tried, found);
        }

        return new StudentMixture(parameters, means, covariance, Fit(points, count, seed.Child(count)));
    }

    /// <inheritdoc/>
    public EventTable Draw(int count, Seed seed)
    {
        int width = _parameters.Length;
        float[][] columns = [.. _parameters.Select(_ => new float[count])];
        EventBlocks.ForEach(count, (start, length) =>
        {
            double[] point = new double[width];
            for (int row = start; row < start + length; row++)
            {
                Draw(point, seed.Child(row));
                for (int k = 0; k < width; k++)
                {
                    double value = _means[k];
                    for (int j = 0; j <= k; j++)
                    {
                        value += _factor[(k * width) + j] * point[j];
                    }

                    columns[k][row] = (float)value;
                }
            }
        }, BlockSize);
        return EventTable.FromColumns([.. _parameters.Select((name, k) => (name, columns[k]))]);
    }

    /// <inheritdoc/>
    public double[] LogDensity(EventTable parameters)
    {
        double[] densities = new double[parameters.Count];
        EventTable ordered = parameters.WithColumns(_parameters);
        EventBlocks.ForEach(densities.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                densities[row] = LogDensity(_components, Whitened(ordered, row)) + _logNorm;
            }
        }, BlockSize);
        return densities;
    }

    private void Draw(double[] point, Seed seed)
    {
        int width = point.Length;
        double left = seed.Uniform(2 * (width + StudentComponent.Freedom));
        int chosen = 0;
        while (chosen + 1 < _components.Length && left >= Math.Exp(_components[chosen].LogWeight))
        {
            left -= Math.Exp(_components[chosen++].LogWeight);
        }

        double square = 0;
        for (int j = 0; j < StudentComponent.Freedom; j++)
        {
            double normal = seed.NormalPair(width + j).First;
            square += normal * normal;
        }

        StudentComponent component = _components[chosen];
        double stretch = Math.Sqrt(StudentComponent.Freedom / square);
        for (int k = 0; k < width; k++)
        {
            double value = 0;
            for (int j = 0; j <= k; j++)
            {
                value += component.Factor[(k * width) + j] * seed.NormalPair(j).First;
            }

            point[k] = component.Mean[k] + (stretch * value);
        }
    }

    /// <summary>EM from centres that are far from each other.</summary>
    private static StudentComponent[] Fit(double[][] points, int count, Seed seed)
    {
        int width = points[0].Length;

        // The draws have unit covariance: an even share of it, worth as much as a point for each direction, keeps components wide.
        double even = Math.Pow(count, -2.0 / width);
        StudentComponent[] components = [.. Centres(points, count, seed).Select(centre => StudentComponent.Round(centre, even, count))];
        double[][] shares = [.. components.Select(_ => new double[points.Length])];
        double before = double.NegativeInfinity;
        for (int step = 0; step < MostSteps; step++)
        {
            double sum = Share(points, components, shares);
            if (sum - before < LeastGain * points.Length)
            {
                break;
            }

            before = sum;
            EventBlocks.ForEachIndex(count, k => components[k] = components[k].Refitted(points, shares[k], even));
        }

        return components;
    }

    /// <summary>Fills the probability of each component at each point; returns Σ ln g.</summary>
    private static double Share(double[][] points, StudentComponent[] components, double[][] shares)
    {
        double[] logs = new double[points.Length];
        EventBlocks.ForEach(points.Length, (start, length) =>
        {
            double[] ofPoint = new double[components.Length];
            for (int i = start; i < start + length; i++)
            {
                for (int k = 0; k < components.Length; k++)
                {
                    ofPoint[k] = components[k].LogDensity(points[i]);
                }

                logs[i] = LogMath.MeanExp(ofPoint) + Math.Log(components.Length);
                for (int k = 0; k < components.Length; k++)
                {
                    shares[k][i] = Math.Exp(ofPoint[k] - logs[i]);
                }
            }
        }, BlockSize / 4);
        return logs.Sum();
    }

    /// <summary>Points, each chosen by its squared distance from those before.</summary>
    private static double[][] Centres(double[][] points, int count, Seed seed)
    {
        double[][] centres = new double[count][];
        double[] nearest = new double[points.Length];
        Array.Fill(nearest, 1);
        for (int k = 0; k < count; k++)
        {
            double left = seed.Uniform(k) * nearest.Sum();
            int chosen = 0;
            while (chosen + 1 < points.Length && left >= nearest[chosen])
            {
                left -= nearest[chosen++];
            }

            centres[k] = points[chosen];
            for (int i = 0; i < points.Length; i++)
            {
                double square = Distance.SSD(points[i], centres[k]);
                nearest[i] = k == 0 ? square : Math.Min(nearest[i], square);
            }
        }

        return centres;
    }

    private static double LogDensity(StudentComponent[] components, double[] point)
    {
        Span<double> logs = stackalloc double[components.Length];
        for (int k = 0; k < logs.Length; k++)
        {
            logs[k] = components[k].LogDensity(point);
        }

        return LogMath.MeanExp(logs) + Math.Log(logs.Length);
    }

    private static (double[] Means, double[] Covariance) MomentsOf(EventTable draws)
    {
        double[][] columns = [.. draws.ColumnNames.Select(name => Array.ConvertAll(draws[name].ToArray(), value => (double)value))];
        double[] means = [.. columns.Select(column => column.Average())];
        double[] covariance =
        [
            .. columns.SelectMany((one, j) => columns.Select((other, k) =>
                one.Zip(other, (a, b) => (a - means[j]) * (b - means[k])).Sum() / (draws.Count - 1))),
        ];
        return (means, covariance);
    }

    /// <summary>L⁻¹ (θ − mean), L Lᵀ the covariance of the draws.</summary>
    private double[] Whitened(EventTable draws, int row)
    {
        double[] point = new double[_means.Length];
        for (int k = 0; k < point.Length; k++)
        {
            point[k] = draws.Memory(_parameters[k]).Span[row] - _means[k];
        }

        CholeskyFactor.SolveLower(_factor, point.Length, point);
        return point;
    }

    private static double LogDeterminant(double[] factor, int width) =>
        Enumerable.Range(0, width).Sum(k => Math.Log(factor[(k * width) + k]));
}
