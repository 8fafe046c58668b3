using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>
/// A posterior made wrong: θ = m + c (θ₀ − m) + b s, with θ₀ of the exact one and m, s the mean and standard deviation of each parameter at
/// x, from draws of their own.
/// </summary>
internal sealed class WrongPosterior(ExactTask exact, double widthFactor, double shift) : IPosteriorModel
{
    private const int MomentDraws = 400;

    public IReadOnlyList<string> Parameters => exact.Parameters;

    public IReadOnlyList<string> Features => exact.Features;

    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        float[][] moved = Move(parameters, observations, parameters.Count / observations.Count, isBack: true);
        double[] densities = exact.LogDensity(EventTable.FromColumns([.. Parameters.Zip(moved)]), observations, cancellation);
        return Array.ConvertAll(densities, density => density - (Parameters.Count * Math.Log(widthFactor)));
    }

    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        PosteriorDraws draws = exact.Draw(observations, count, seed, cancellation);
        float[][] moved = Move(draws.Table, observations, count, isBack: false);
        return new PosteriorDraws(
            EventTable.FromColumns([.. Parameters.Zip(moved)]),
            [.. draws.LogDensities.Select(density => density - (Parameters.Count * Math.Log(widthFactor)))],
            count);
    }

    private float[][] Move(EventTable points, EventTable observations, int count, bool isBack)
    {
        float[][] columns = [.. Parameters.Select(name => points[name].ToArray())];
        for (int row = 0; row < observations.Count; row++)
        {
            EventTable one = observations.Slice(row, 1);
            Seed ofObservation = Features.Aggregate(
                new Seed(1), (seed, name) => seed.Child(BitConverter.SingleToInt32Bits(one[name][0])));
            EventTable moments = exact.Draw(one, MomentDraws, ofObservation).Table;
            for (int j = 0; j < columns.Length; j++)
            {
                double[] values = Array.ConvertAll(moments[Parameters[j]].ToArray(), value => (double)value);
                double mean = values.Average();
                double offset = shift * Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
                foreach (ref float value in columns[j].AsSpan(row * count, count))
                {
                    value = (float)(isBack
                        ? mean + ((value - mean - offset) / widthFactor)
                        : mean + (widthFactor * (value - mean)) + offset);
                }
            }
        }

        return columns;
    }
}

/// <summary>The prior, given as a posterior.</summary>
internal sealed class PriorAsPosterior(ExactTask exact) : IPosteriorModel
{
    public IReadOnlyList<string> Parameters => exact.Parameters;

    public IReadOnlyList<string> Features => exact.Features;

    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        Prior prior = exact.Prior;
        double[] point = new double[Parameters.Count];
        double[] densities = new double[parameters.Count];
        for (int row = 0; row < densities.Length; row++)
        {
            for (int j = 0; j < point.Length; j++)
            {
                point[j] = parameters[Parameters[j]][row];
            }

            densities[row] = prior.LogDensity(point);
        }

        return densities;
    }

    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        EventTable draws = exact.Prior.Draw(observations.Count * count, seed);
        return new PosteriorDraws(draws, LogDensity(draws, observations, cancellation), count);
    }
}
