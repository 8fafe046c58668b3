using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Sampling;

/// <summary>θ uniform in [0, 1] in every parameter, x ~ N(θ₀ + θ₁ + …, σ²).</summary>
[TestFixture]
internal sealed class LikelihoodPosteriorTests
{
    private static LikelihoodPosterior Of(int width, double sigma, SamplingOptions? options = null)
    {
        Prior prior = Prior.Independent([.. Enumerable.Range(0, width).Select(k => Prior.Uniform($"t{k}", 0, 1))]);
        return new LikelihoodPosterior(
            prior, ["x"],
            (theta, x, _) => [.. Enumerable.Range(0, theta.Count).Select(row => Normal.PDFLn(
                prior.Parameters.Sum(name => (double)theta[name][row]), sigma, x["x"][x.Count == 1 ? 0 : row]))],
            options);
    }

    private static EventTable X(params float[] values) => EventTable.FromColumns(("x", values));

    [TestCase(SamplingMethod.Grid), TestCase(SamplingMethod.ImportanceResampling)]
    public void Densities_are_normalised_at_every_observation(SamplingMethod method)
    {
        // In the middle of the prior Z = 1; at its end, where half of the likelihood is cut off, Z = ½.
        LikelihoodPosterior posterior = Of(1, 0.1, new SamplingOptions { Method = method });
        EventTable theta = EventTable.FromColumns(("t0", [0.45f, 0.05f, -0.1f]));
        double[] found = posterior.LogDensity(theta, X(0.5f, 0, 0));
        Assert.That(found[0], Is.EqualTo(Normal.PDFLn(0.5, 0.1, 0.45)).Within(0.06));
        Assert.That(found[1], Is.EqualTo(Normal.PDFLn(0, 0.1, 0.05) + Math.Log(2)).Within(0.06));
        Assert.That(found[2], Is.EqualTo(double.NegativeInfinity));
        PosteriorDraws draws = posterior.Draw(X(0.5f, 0), 2000, new Seed(1));
        Assert.That(draws.Of(1)["t0"].ToArray().Average(), Is.EqualTo(0.1 * Math.Sqrt(2 / Math.PI)).Within(0.006));
        Assert.That(draws.LogDensities[3000], Is.EqualTo(posterior.LogDensity(draws.Table.Slice(3000, 1), X(0))[0]).Within(1e-9));
    }

    [Test]
    public void Draws_by_differential_evolution_have_normalised_densities_too()
    {
        // The sum of three uniform numbers has the density ¾ − (s − 3/2)² near its middle, so that Z = ¾ − σ².
        LikelihoodPosterior posterior = Of(3, 0.1, new SamplingOptions { Method = SamplingMethod.DifferentialEvolution });
        PosteriorDraws draws = posterior.Given(X(1.5f)).Draw(1000, new Seed(1));
        double[] sums = [.. Enumerable.Range(0, 1000).Select(row => posterior.Parameters.Sum(name => (double)draws.Table[name][row]))];
        Assert.That(Moments.Of(sums).Mean, Is.EqualTo(1.5).Within(0.02));
        double[] exact = [.. sums.Select(sum => Normal.PDFLn(1.5, 0.1, sum) - Math.Log(0.74))];
        Assert.That(draws.LogDensities, Is.EqualTo(exact).Within(0.04));
    }

    [Test]
    public void A_density_that_is_known_up_to_a_factor_only_is_refused_and_its_draws_are_not()
    {
        // Kernels have points between integers, where the prior has none.
        Prior prior = Prior.Independent([.. "abc".Select(name => Prior.Integer($"{name}", [0, 1, 2, 3]))]);
        var posterior = new LikelihoodPosterior(
            prior, ["x"], (theta, x, _) => [.. theta["a"].ToArray().Select(a => Normal.PDFLn(a, 0.5, x["x"][0]))],
            new SamplingOptions { Method = SamplingMethod.DifferentialEvolution });
        PosteriorDraws draws = posterior.Given(X(1)).Draw(1000, new Seed(1));
        Assert.That(() => draws.LogDensities, Throws.TypeOf<DataException>().With.Message.StartsWith(
            "The density of the posterior of observation 0 is known up to a factor only"));
    }

    [Test]
    public void A_likelihood_of_another_number_of_values_is_refused()
    {
        var wrong = new LikelihoodPosterior(Prior.Uniform("t0", 0, 1), ["x"], (_, _, _) => [0]);
        Assert.That(
            () => wrong.LogDensity(EventTable.FromColumns(("t0", [0.1f, 0.2f])), X(0)),
            Throws.TypeOf<DataException>().With.Message.Contains("returned 1 values for 2 rows of parameters"));
    }
}
