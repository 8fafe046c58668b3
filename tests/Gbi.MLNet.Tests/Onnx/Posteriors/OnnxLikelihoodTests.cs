using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Posteriors;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Onnx.Posteriors;

/// <summary>θ ~ N(0, 1), x ~ N(θ, ½²) by a network: θ given x is N(0.8 x, 0.2), Z = N(x; 0, 1.25).</summary>
[TestFixture]
internal sealed class OnnxLikelihoodTests
{
    private const float Deviation = 0.5f;

    private static readonly EventTable Observation = EventTable.FromColumns(("x0", [1f]), ("x1", [-0.5f]));

    private static double Exact(EventTable theta, int row) =>
        Normal.PDFLn(0.8, Math.Sqrt(0.2), theta["a"][row]) + Normal.PDFLn(-0.4, Math.Sqrt(0.2), theta["b"][row]);

    [Test]
    public void Densities_are_those_of_the_closed_form_and_several_observations_add_up()
    {
        using OnnxLikelihood likelihood = Open();
        EventTable theta = EventTable.FromColumns(("b", [0.3f, -0.2f]), ("a", [0.1f, 1.2f]));
        EventTable x = EventTable.FromColumns(("x1", [0.5f, 0.6f]), ("x0", [0f, 1f]));
        double Of(int row, int of) =>
            Normal.PDFLn(theta["a"][row], Deviation, x["x0"][of]) + Normal.PDFLn(theta["b"][row], Deviation, x["x1"][of]);

        Assert.That(likelihood.LogDensity(theta, x), Is.EqualTo([Of(0, 0), Of(1, 1)]).Within(1e-5));
        Assert.That(likelihood.LogDensity(theta, x.Slice(1, 1)), Is.EqualTo([Of(0, 1), Of(1, 1)]).Within(1e-5));
        Assert.That(likelihood.At(x)(theta), Is.EqualTo([Of(0, 0) + Of(0, 1), Of(1, 0) + Of(1, 1)]).Within(1e-5));
    }

    [Test]
    public void It_has_a_posterior_by_the_sampler()
    {
        using OnnxLikelihood likelihood = Open();
        LikelihoodPosterior posterior = likelihood.Posterior();
        PosteriorDraws draws = posterior.Given(Observation).Draw(5000, new Seed(1));
        double[] exact = [.. Enumerable.Range(0, draws.DrawCount).Select(row => Exact(draws.Table, row))];
        var a = Moments.Of([.. draws.Table["a"].ToArray().Select(value => (double)value)]);
        Assert.That((posterior.Parameters, posterior.Features), Is.EqualTo((likelihood.Parameters, likelihood.Features)));
        Assert.That(a.Mean, Is.EqualTo(0.8).Within(4 * a.ErrorOfMean));
        Assert.That(a.Deviation, Is.EqualTo(Math.Sqrt(0.2)).Within(4 * a.ErrorOfDeviation));
        Assert.That(draws.LogDensities, Is.EqualTo(exact).Within(0.05));
        Assert.That(posterior.LogDensity(draws.Table, Observation), Is.EqualTo(draws.LogDensities).Within(1e-5));
    }

    [Test]
    public void A_posterior_that_is_too_narrow_for_points_of_the_prior_is_normalised_too()
    {
        // Three parameters of N(0, 1), x ~ N(θ, 0.03²): N(x/1.0009, 0.0009/1.0009), a volume of 3e-5 of the prior's.
        using var likelihood = OnnxLikelihood.Open(GaussianPosterior.Likelihood(3, 0.03f, GaussianPosterior.Normal(3, 1)).ToBytes());
        float[] x = [1, -0.5f, 0.3f];
        EventTable observation = EventTable.FromColumns([.. x.Select((value, k) => ($"x{k}", (float[])[value]))]);
        PosteriorDraws draws = likelihood.Posterior().Given(observation).Draw(1000, new Seed(1));
        double[] exact = [.. Enumerable.Range(0, draws.DrawCount).Select(row => draws.Table.ColumnNames.Select((name, k) =>
            Normal.PDFLn(x[k] / 1.0009, 0.03 / Math.Sqrt(1.0009), draws.Table[name][row])).Sum())];
        Assert.That(draws.LogDensities, Is.EqualTo(exact).Within(0.04));
        Assert.That(exact.Average(), Is.EqualTo(-1.5 * Math.Log(2 * Math.PI * Math.E * 0.0009 / 1.0009)).Within(0.15));
    }

    [Test]
    public void It_corrects_a_posterior_that_is_too_wide()
    {
        using OnnxLikelihood likelihood = Open();
        using var wide = OnnxPosterior.Open(
            GaussianPosterior.Sampler(2, 0.7f, 0.6f, GaussianPosterior.Normal(2, 1)).ToBytes(),
            GaussianPosterior.Density(2, 0.7f, 0.6f, GaussianPosterior.Normal(2, 1)).ToBytes());
        CorrectedPosterior corrected = wide.Given(Observation).CorrectedBy(
            wide.Prior, likelihood.At(Observation), new Seed(2), new CorrectionOptions { EffectiveSize = 10_000 });
        double evidence = Normal.PDFLn(0, Math.Sqrt(1.25), 1) + Normal.PDFLn(0, Math.Sqrt(1.25), -0.5);
        ParameterSummary a = corrected.Summarise().Parameters[0];
        Assert.That(corrected.LogEvidence, Is.EqualTo(evidence).Within(4 * corrected.LogEvidenceError));
        Assert.That(a.Mean, Is.EqualTo(0.8).Within(4 * Math.Sqrt(0.2 / corrected.EffectiveSize)));
    }

    [Test]
    public void A_posterior_needs_the_prior_of_these_parameters_with_a_density()
    {
        using OnnxLikelihood likelihood = Open();
        using var without = OnnxLikelihood.Open(File().With("gbi.prior", null).ToBytes());
        Assert.That(without.Prior, Is.Null);
        Refused(() => without.Posterior(), "the ONNX model does not hold its prior (gbi.prior in its metadata)");
        Refused(() => likelihood.Posterior(Prior.Normal("a", 0, 1)), "The prior is one of a, and the ONNX model has the theta a, b");
        Refused(() => likelihood.Posterior(Prior.Rows(EventTable.FromColumns(("a", [0f]), ("b", [0f])))), "rows of a file alone");
        Refused(() => likelihood.At(Observation.Slice(0, 0)), "There are no rows, expected one observation or more");
        Refused(
            () => OnnxLikelihood.Open(File().With("gbi.kind", "density").ToBytes()),
            "is a density (gbi.kind), expected a likelihood_density");

        static void Refused(Action use, string sentence) =>
            Assert.That(use, Throws.TypeOf<DataException>().With.Message.Contains(sentence));
    }

    private static NetworkFile File() => GaussianPosterior.Likelihood(2, Deviation, GaussianPosterior.Normal(2, 1));

    private static OnnxLikelihood Open() => OnnxLikelihood.Open(File().ToBytes());
}
