using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Autoregressive;

[TestFixture]
internal sealed class SimulationWeightsTests
{
    private static readonly TreePosteriorOptions Two = new() { MemberCount = 2 };

    private static TreePosterior Train(Prior prior, Simulated data) =>
        TreePosterior.Train(prior, data.Parameters, data.Observations, Two, new Seed(1));

    private static void AddNoise(Random random, ReadOnlySpan<double> parameters, Span<double> features)
    {
        for (int k = 0; k < features.Length; k++)
        {
            features[k] = Normal.Sample(random, parameters[k], 0.5);
        }
    }

    [Test]
    public void Weights_of_simulations_change_the_prior()
    {
        // θ ~ U(−3, 3) with weights exp(−θ²/2) is a normal prior: the posterior at x is N(0.8 x, 0.2).
        Prior prior = Prior.Uniform("t0", -3, 3);
        Simulated data = Simulated.Of(prior, 1, 8000, 1, AddNoise);
        EventTable weighted = data.Parameters.WithWeights(
            Array.ConvertAll(data.Parameters["t0"].ToArray(), theta => Math.Exp(-theta * (double)theta / 2)));
        TreePosterior posterior = Train(prior, data with { Parameters = weighted });
        ParameterSummary summary = posterior.Given(Simulated.Observation(1)).Summarise(20_000, new Seed(2)).Parameters[0];
        Assert.That(summary.Mean, Is.EqualTo(0.8).Within(0.04));
        Assert.That(summary.StandardDeviation, Is.EqualTo(Math.Sqrt(0.2)).Within(0.025));
    }

    [Test]
    public void Equal_weights_change_nothing_and_unequal_ones_count_as_the_events_that_they_are_worth()
    {
        Prior prior = Prior.Independent(Prior.Normal("t0", 0, 1), Prior.Normal("t1", 0, 1));
        Simulated data = Simulated.Of(prior, 2, 400, 1, AddNoise);
        EventTable sevens = data.Parameters.WithWeights(Enumerable.Repeat(7.0, 400).ToArray());
        Assert.That(
            Train(prior, data with { Parameters = sevens }).LogDensity(data.Parameters, data.Observations),
            Is.EqualTo(Train(prior, data).LogDensity(data.Parameters, data.Observations)));

        // (Σw)²/Σw² of 100 events, one with the weight 10: 109²/199 = 59.7.
        double[] uneven = [10, .. Enumerable.Repeat(1.0, 99)];
        double[] effective = TrainingSimulations.EffectiveWeights(
            EventTable.FromColumns(("t", new float[100])).WithWeights(uneven));
        Assert.That(effective.Sum(), Is.EqualTo(109.0 * 109 / 199).Within(1e-9));
        Assert.That(
            TrainingSimulations.TreesFor(Two.Trees, effective).MinLeafHessian,
            Is.EqualTo(Two.Trees.MinLeafHessian * 100 * 199 / (109 * 109)).Within(1e-9));
    }

    [TestCase(1_000, 255, 64), TestCase(10_000, 255, 64), TestCase(16_000, 255, 100), TestCase(1e6, 255, 255), TestCase(1e6, 40, 40)]
    public void Features_have_bins_by_what_the_simulations_are_worth(double worth, int most, int bins)
    {
        var options = new TreePosteriorOptions();
        Assert.That((options with { Trees = options.Trees with { MaxBins = most } }).BinsFor(worth), Is.EqualTo(bins));
    }
}
