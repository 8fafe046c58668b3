using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Sampling;

/// <summary>
/// Metropolis chains that step by differences of others: θ' = θᵢ + γ(θₐ − θ_b) + 10⁻⁴ σ ε with γ = 2.38/√(2d) U(0.3, 1.1), and γ = 1 in
/// every tenth step, by which chains change between modes. a and b are of the other half of the chains, so that each half has steps that
/// do not depend on itself. One draw is one chain at the end: no state is handed out twice.
/// </summary>
/// <remarks>
/// ter Braak, Statistics and Computing 16 (2006) 239. Chains begin at proposals resampled by their weights, and go on, with twice as many
/// steps at a time, until over half of the last ones their mean and spread have not moved and no parameter remembers where it was.
/// </remarks>
internal static class DifferentialEvolution
{
    private const int FewestChains = 1000;
    private const int FirstSteps = 100;
    private const int ProposalCount = 20_000;

    // Above this correlation with half of the steps before, a chain still remembers.
    private const double MostMemory = 0.1;

    // Standard errors by which mean and ln of the variance may move; they are twice a parameter, and looked at a few times.
    private const double MostShift = 4.5;

    /// <summary>Draws.</summary>
    /// <exception cref="DataException">The density is 0 at all proposals.</exception>
    public static DensityDraws Draw(SampledDensity density, int count, Seed seed, SamplingOptions options)
    {
        int chains = Math.Max(FewestChains, count + (count % 2));
        (Ensemble ensemble, int[] origins) = Start(density, chains, seed.Child("start"));
        float[][] first = ensemble.Copy();
        string? problem = null;
        int step = 0;
        for (int end = FirstSteps; ; end = Math.Min(2 * end, options.MaxSteps))
        {
            int half = step + ((end - step) / 2);
            float[][] before = first;
            for (; step < end; step++)
            {
                before = step == half ? ensemble.Copy() : before;
                ensemble.Step(step, seed.Child("steps").Child(step));
            }

            problem = Problem(density.Prior, before, ensemble.Points);
            if (problem is null || end == options.MaxSteps)
            {
                break;
            }
        }

        // Chains of one origin are worth one draw as far as they remember it.
        double memory = Memory(first, ensemble.Points);
        double sharing = origins.CountBy(origin => origin).Sum(group => (double)group.Value * group.Value) / chains;
        EventTable table = EventTable.FromColumns([.. density.Prior.Parameters.Zip(ensemble.Points)]).Slice(0, count);
        return new DensityDraws
        {
            Table = table,
            LogDensities = ensemble.LogDensities[..count],
            Method = SamplingMethod.DifferentialEvolution,
            EffectiveSize = count / (1 + ((sharing - 1) * memory * memory)),
            LogIntegral = double.NaN,
            EvaluationCount = density.EvaluationCount,
            Warnings = problem is null ? [] : [problem],
        };
    }

    private static (Ensemble Ensemble, int[] Origins) Start(SampledDensity density, int chains, Seed seed)
    {
        Proposals proposals = Proposals.Of(density, ProposalCount, seed, null);
        double largest = proposals.LogWeights.Max();
        if (double.IsNegativeInfinity(largest))
        {
            throw new DataException(Text(
                $"The density of {string.Join(", ", density.Prior.Parameters)} is 0 at all {ProposalCount:N0} proposals; check it."));
        }

        double[] cumulative = new double[proposals.Count];
        double sum = 0;
        for (int row = 0; row < cumulative.Length; row++)
        {
            cumulative[row] = sum += Math.Exp(proposals.LogWeights[row] - largest);
        }

        int[] origins = new int[chains];
        for (int chain = 0; chain < chains; chain++)
        {
            int row = Array.BinarySearch(cumulative, seed.Uniform(chain) * sum);
            origins[chain] = Math.Min(row < 0 ? ~row : row + 1, cumulative.Length - 1);
        }

        EventTable start = proposals.Table.Select(origins);
        return (new Ensemble(density, start, Array.ConvertAll(origins, row => proposals.LogDensities[row])), origins);
    }

    /// <summary>What speaks against the end of the chains; null for nothing.</summary>
    private static string? Problem(Prior prior, float[][] before, float[][] after)
    {
        int chains = after[0].Length;
        double memory = Memory(before, after);
        double shift = 0;
        for (int k = 0; k < after.Length; k++)
        {
            (double mean, double variance) = Moments(before[k]);
            (double meanAfter, double varianceAfter) = Moments(after[k]);
            shift = Math.Max(shift, Math.Abs(meanAfter - mean) / Math.Sqrt((variance + varianceAfter) / chains));
            shift = Math.Max(shift, Math.Abs(Math.Log(varianceAfter / variance)) / Math.Sqrt(4.0 / chains));
        }

        string name = string.Join(", ", prior.Parameters);
        return !(memory < MostMemory)
            ? Text($"The chains of {name} still remember where they were: a correlation of {memory:F2} over half of the steps, expected ")
                + Text($"less than {MostMemory}; raise MaxSteps. If the density has several modes, their shares may be wrong.")
            : !(shift < MostShift)
                ? Text($"The chains of {name} have not settled: mean or spread moved by {shift:F1} standard errors; raise MaxSteps.")
                : null;
    }

    /// <summary>The largest correlation of a parameter with its value before, over the chains.</summary>
    private static double Memory(float[][] before, float[][] after)
    {
        double largest = 0;
        for (int k = 0; k < after.Length; k++)
        {
            (double mean, double variance) = Moments(before[k]);
            (double meanAfter, double varianceAfter) = Moments(after[k]);
            double sum = 0;
            for (int chain = 0; chain < before[k].Length; chain++)
            {
                sum += (before[k][chain] - mean) * (after[k][chain] - meanAfter);
            }

            largest = Math.Max(largest, Math.Abs(sum / before[k].Length / Math.Sqrt(variance * varianceAfter)));
        }

        return largest;
    }

    private static (double Mean, double Variance) Moments(float[] values)
    {
        double mean = values.Average(value => (double)value);
        double variance = values.Sum(value => (value - mean) * (value - mean)) / values.Length;
        return (mean, Math.Max(variance, double.Epsilon));
    }
}
