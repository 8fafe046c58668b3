using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Ratios;

/// <summary>A posterior of trees q(θ|x) as the contrast: F(x, θ) ≈ ln p(θ|x)/q(θ|x) is what is wrong with it.</summary>
internal sealed class TreeContrast(TreePosterior posterior) : IContrast
{
    public TreePosterior Posterior => posterior;

    public Prior Prior => posterior.Prior;

    public Summaries Summaries => posterior.Summaries;

    public IContrastDensity At(SummarisedEvents events) => new TreeContrastDensity(posterior, events);
}

/// <summary>q at some observations.</summary>
internal sealed class TreeContrastDensity(TreePosterior posterior, SummarisedEvents events) : IContrastDensity
{
    // Lower logarithms are as this one to trees.
    private const double LeastLog = -50;

    public float[][] Draw(int[] observationOf, Func<int, Seed> seedOf)
    {
        EventTable table = posterior.At(events, observationOf, (row, number) => seedOf(row).Uniform(number));
        return [.. posterior.Parameters.Select(name => table[name].ToArray())];
    }

    /// <summary>
    /// x, the means m(x) of the parameters, θ, its distances θ − m(x), ln q and the mean of ln q over the members, and its distance from
    /// ln q: where the members disagree, their mean is wider than each, and the posterior is nearer to their product.
    /// </summary>
    public PairFeatures Pairs(float[][] parameters, int[] observationOf)
    {
        int count = observationOf.Length;
        double[] logs = new double[count];
        float[] near = new float[count];
        float[] product = new float[count];
        float[] difference = new float[count];
        posterior.ForEachBlock(parameters, events, observationOf, (start, ofMembers) =>
        {
            int length = ofMembers[0].Length;
            LogMath.MeanExp(ofMembers, logs.AsSpan(start, length));
            for (int row = 0; row < length; row++)
            {
                double sum = 0;
                foreach (double[] ofMember in ofMembers)
                {
                    sum += Math.Max(ofMember[row], LeastLog);
                }

                near[start + row] = (float)Math.Max(logs[start + row], LeastLog);
                product[start + row] = (float)(sum / ofMembers.Length);
                difference[start + row] = product[start + row] - near[start + row];
            }
        });
        EventTable table = events.Features.WithColumns(posterior.Features).Select(observationOf);
        int coordinate = 0;
        for (int k = 0; k < parameters.Length; k++)
        {
            table = table.WithColumn($"#theta{k}", parameters[k]);
            foreach (float[] values in ParameterScale.Of(posterior.Prior, k).Coordinates(parameters[k]))
            {
                float[] means = Array.ConvertAll(observationOf, row => events.Means[coordinate][row]);
                table = table.WithColumn(Summaries.MeanName(coordinate), means)
                    .WithColumn($"#distance{coordinate++}", (float[])[.. values.Zip(means, (value, mean) => value - mean)]);
            }
        }

        table = table.WithColumn("#near", near).WithColumn("#product", product).WithColumn("#difference", difference);
        return new PairFeatures(table, logs);
    }

    public double[] LogDensity(float[][] parameters, int[] observationOf) => posterior.LogDensity(parameters, events, observationOf);
}
