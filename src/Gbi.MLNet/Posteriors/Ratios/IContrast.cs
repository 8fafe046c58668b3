using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Ratios;

/// <summary>A density g(θ|x) that simulations are contrasted with: trees learn F(x, θ) ≈ ln p(θ|x)/g(θ|x).</summary>
internal interface IContrast
{
    /// <summary>What the parameters of the simulations were drawn from.</summary>
    Prior Prior { get; }

    /// <summary>What is learnt of x.</summary>
    Summaries Summaries { get; }

    /// <summary>The density at observations.</summary>
    IContrastDensity At(SummarisedEvents events);
}

/// <summary>g at some observations.</summary>
internal interface IContrastDensity
{
    /// <summary>Draws θ ~ g.</summary>
    /// <param name="observationOf">The observation of each draw.</param>
    /// <param name="seedOf">The seed of each draw.</param>
    /// <returns>A column a parameter.</returns>
    float[][] Draw(int[] observationOf, Func<int, Seed> seedOf);

    /// <summary>What trees see of pairs, and ln g.</summary>
    /// <param name="parameters">θ, a column a parameter, a row a pair.</param>
    /// <param name="observationOf">The observation of each pair.</param>
    PairFeatures Pairs(float[][] parameters, int[] observationOf);

    /// <summary>ln g of pairs.</summary>
    double[] LogDensity(float[][] parameters, int[] observationOf);
}

/// <summary>g at one observation as a proposal.</summary>
internal sealed class ContrastProposal(IContrastDensity contrast, IReadOnlyList<string> parameters) : IProposal
{
    private (EventTable? Table, double[] LogDensities) _known = (null, []);

    public EventTable Draw(int count, Seed seed) => EventTable.FromColumns(
        [.. parameters.Zip(contrast.Draw(new int[count], row => seed.Child(row)))]);

    /// <summary>Keeps ln g of a table that has been computed with its ratios, as it is asked for next.</summary>
    public void Keep(EventTable table, double[] logDensities) => _known = (table, logDensities);

    public double[] LogDensity(EventTable table) => ReferenceEquals(table, _known.Table)
        ? _known.LogDensities
        : contrast.LogDensity([.. parameters.Select(name => table[name].ToArray())], new int[table.Count]);
}
