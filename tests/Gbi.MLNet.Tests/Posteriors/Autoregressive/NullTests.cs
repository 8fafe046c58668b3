using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Autoregressive;

/// <summary>Observations that say nothing of the parameters: the posterior is the prior.</summary>
public sealed class NullTests
{
    private static readonly Prior Box = Prior.Independent(Prior.Uniform("a", 0, 1), Prior.Uniform("b", -2, 2));

    // What is lost against the prior, in nats, is the noise of a density of few cells, of the order of (cells)/(2n) a parameter.
    [TestCase(300, 0.04, 0.08)]
    [TestCase(3000, 0.005, 0.04)]
    public void Where_observations_say_nothing_the_posterior_is_the_prior(int simulations, double most, double leastCoverage)
    {
        (EventTable parameters, EventTable observations) = Simulated(simulations, new Seed(1));
        var posterior = TreePosterior.Train(Box, parameters, observations, new TreePosteriorOptions(), new Seed(2));
        (EventTable truths, EventTable others) = Simulated(2000, new Seed(3));
        double[] densities = posterior.LogDensity(truths, others);
        Assert.That(densities.Average() - Math.Log(0.25), Is.InRange(-most, 0.002));
        Assert.That(Held(posterior, densities, others), Is.EqualTo(0.68).Within(leastCoverage));
    }

    // Cells as fine as the grid would stand for its points: between them the density would be too small by orders of magnitude.
    [Test]
    public void Parameters_simulated_on_a_grid_have_a_density_between_its_points()
    {
        (EventTable parameters, EventTable observations) = Simulated(3000, new Seed(1));
        EventTable onGrid = EventTable.FromColumns(
            [.. parameters.ColumnNames.Select(name => (name, Array.ConvertAll(parameters[name].ToArray(), Rounded)))]);
        var posterior = TreePosterior.Train(Box, onGrid, observations, new TreePosteriorOptions(), new Seed(2));
        (EventTable truths, EventTable others) = Simulated(2000, new Seed(3));
        Assert.That(posterior.LogDensity(truths, others).Average() - Math.Log(0.25), Is.InRange(-0.1, 0));

        static float Rounded(float value) => MathF.Round(value * 10) / 10;
    }

    /// <summary>The share of the truths that their 68 % regions of highest density hold.</summary>
    private static double Held(TreePosterior posterior, double[] densities, EventTable observations)
    {
        const int Draws = 99;
        double[] drawn = [.. posterior.Draw(observations, Draws, new Seed(4)).LogDensities];
        int held = 0;
        for (int row = 0; row < densities.Length; row++)
        {
            int denser = drawn.AsSpan(row * Draws, Draws).ToArray().Count(density => density > densities[row]);
            held += denser < 0.68 * (Draws + 1) ? 1 : 0;
        }

        return held / (double)densities.Length;
    }

    private static (EventTable Parameters, EventTable Observations) Simulated(int count, Seed seed)
    {
        EventTable parameters = Box.Draw(count, seed.Child("parameters"));
        Random random = seed.Child("observations").CreateRandom();
        float[] Noise() => [.. Enumerable.Range(0, count).Select(_ => (float)Normal.Sample(random, 0, 1))];
        return (parameters, EventTable.FromColumns(("x", Noise()), ("y", Noise())));
    }
}
