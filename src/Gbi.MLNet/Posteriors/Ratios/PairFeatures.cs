using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Ratios;

/// <summary>What trees see of pairs (x, θ).</summary>
/// <param name="Table">A row a pair.</param>
/// <param name="LogReference">ln g(θ|x) of each pair.</param>
internal sealed record PairFeatures(EventTable Table, double[] LogReference)
{
    /// <summary>x and its summaries, θ, its distances θ − m(x), those in predicted standard deviations, and ln q₀(θ|x).</summary>
    /// <param name="reference">g at the observations.</param>
    /// <param name="prior">Kinds and bounds of the parameters.</param>
    /// <param name="events">The observations.</param>
    /// <param name="parameters">θ, a column a parameter, a row a pair.</param>
    /// <param name="observationOf">The observation of each pair.</param>
    public static PairFeatures Of(
        ReferenceAtObservations reference, Prior prior, SummarisedEvents events, float[][] parameters, int[] observationOf)
    {
        int count = observationOf.Length;
        EventTable table = events.Features.Select(observationOf);
        float[] near = new float[count];
        double[] logReference = new double[count];
        EventBlocks.ForEach(count, (start, length) =>
        {
            Span<double> point = stackalloc double[parameters.Length];
            for (int row = start; row < start + length; row++)
            {
                for (int k = 0; k < point.Length; k++)
                {
                    point[k] = parameters[k][row];
                }

                double logNear = reference.LogNear(observationOf[row], point);
                near[row] = (float)Math.Max(logNear, -1e30);
                logReference[row] = reference.LogDensity(point, logNear);
            }
        }, blockSize: 1024);
        int coordinate = 0;
        for (int k = 0; k < parameters.Length; k++)
        {
            table = table.WithColumn($"#theta{k}", parameters[k]);
            foreach (float[] values in ParameterScale.Of(prior, k).Coordinates(parameters[k]))
            {
                float[] means = events.Means[coordinate];
                float[] distances = [.. values.Select((value, row) => value - means[observationOf[row]])];
                table = table.WithColumn($"#distance{coordinate++}", distances);
            }

            if (reference.Deviations(k) is { } deviations)
            {
                float[] distances = table[$"#distance{coordinate - 1}"].ToArray();
                table = table.WithColumn(
                    $"#residual{k}", distances.Select((value, row) => (float)(value / deviations[observationOf[row]])).ToArray());
            }
        }

        return new PairFeatures(reference.IsPrior ? table : table.WithColumn("#near", near), logReference);
    }
}
