using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Posteriors.Autoregressive;

/// <summary>Pairs (θ, x) of a prior and a simulator that is a function.</summary>
internal sealed record Simulated(EventTable Parameters, EventTable Observations)
{
    public delegate void Simulator(Random random, ReadOnlySpan<double> parameters, Span<double> features);

    public static Simulated Of(Prior prior, int featureCount, int count, ulong seed, Simulator simulate)
    {
        EventTable parameters = prior.Draw(count, new Seed(seed).Child("parameters"));
        float[][] columns = [.. Enumerable.Range(0, featureCount).Select(_ => new float[count])];
        double[] point = new double[prior.Parameters.Count];
        double[] features = new double[featureCount];
        for (int row = 0; row < count; row++)
        {
            for (int k = 0; k < point.Length; k++)
            {
                point[k] = parameters[prior.Parameters[k]][row];
            }

            simulate(new Seed(seed).Child("features").Child(row).CreateRandom(), point, features);
            for (int k = 0; k < featureCount; k++)
            {
                columns[k][row] = (float)features[k];
            }
        }

        return new Simulated(parameters, EventTable.FromColumns([.. columns.Select((values, k) => ($"x{k}", values))]));
    }

    public static EventTable Observation(params float[] values) =>
        EventTable.FromColumns([.. values.Select((value, k) => ($"x{k}", (float[])[value]))]);
}
