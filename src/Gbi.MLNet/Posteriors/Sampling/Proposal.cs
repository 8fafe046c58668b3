using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Sampling;

/// <summary>A normalised density that is easy to draw from, wide enough for the one that is sampled.</summary>
internal interface IProposal
{
    /// <summary>Draws; row i depends on the seed and on i alone.</summary>
    EventTable Draw(int count, Seed seed);

    /// <summary>ln g(θ) of each row.</summary>
    double[] LogDensity(EventTable parameters);
}

/// <summary>The prior as a proposal.</summary>
internal sealed class PriorProposal(Prior prior) : IProposal
{
    public EventTable Draw(int count, Seed seed) => prior.Draw(count, seed);

    public double[] LogDensity(EventTable parameters) => prior.LogDensities(parameters);
}

/// <summary>Two proposals, of which the second one makes a share of the draws.</summary>
internal sealed class MixtureProposal(IProposal first, IProposal second, double share) : IProposal
{
    public EventTable Draw(int count, Seed seed)
    {
        EventTable both = first.Draw(count, seed.Child("first")).Append(second.Draw(count, seed.Child("second")));
        Seed ofChoice = seed.Child("choice");
        return both.Select([.. Enumerable.Range(0, count).Select(row => ofChoice.Uniform(row) < share ? count + row : row)]);
    }

    public double[] LogDensity(EventTable parameters)
    {
        double[] ofFirst = first.LogDensity(parameters);
        double[] ofSecond = second.LogDensity(parameters);
        // ln((1−s) e^a + s e^b) = a + ln(1−s) + softplus(b − a + ln(s/(1−s))).
        double logOdds = Math.Log(share / (1 - share));
        return [.. ofFirst.Zip(ofSecond, (one, other) => double.IsNegativeInfinity(one)
            ? other + Math.Log(share)
            : one + Math.Log(1 - share) + LogMath.Softplus(other - one + logOdds))];
    }
}
