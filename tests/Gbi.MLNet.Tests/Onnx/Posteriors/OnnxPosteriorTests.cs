using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Posteriors;
using Gbi.Onnx.Sessions;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Onnx.Posteriors;

/// <summary>Posteriors by networks that are normal densities, of which the prior may cut off a part.</summary>
[TestFixture]
internal sealed class OnnxPosteriorTests
{
    private const float Gain = 0.5f;
    private const float Deviation = 0.25f;

    private static readonly string Wide = GaussianPosterior.Normal(2, 1);

    [Test]
    public void Density_and_draws_are_those_of_the_closed_form()
    {
        using OnnxPosterior posterior = Open(2, Wide, noise: 3);
        EventTable x = Observation(1, -0.4f);

        PosteriorDraws draws = posterior.Draw(x, 20_000, new Seed(1));

        double[] exact = [.. Enumerable.Range(0, draws.DrawCount).Select(row =>
            Normal.PDFLn(0.5, Deviation, draws.Table["a"][row]) + Normal.PDFLn(-0.2, Deviation, draws.Table["b"][row]))];
        Assert.That(draws.LogDensities, Is.EqualTo(exact).Within(1e-4));
        Assert.That(posterior.LogDensity(draws.Table, x), Is.EqualTo(exact).Within(1e-4));
        Assert.That(posterior.Given(x).Warnings, Is.Empty);
        Assert.That(posterior.InsideShare(x), Is.EqualTo(new Estimate(1, 1.0 / 500)));
        foreach ((string name, double mean) in new[] { ("a", 0.5), ("b", -0.2) })
        {
            var found = Moments.Of([.. draws.Table[name].ToArray().Select(value => (double)value)]);
            Assert.That(found.Mean, Is.EqualTo(mean).Within(4 * found.ErrorOfMean));
            Assert.That(found.Deviation, Is.EqualTo(Deviation).Within(4 * found.ErrorOfDeviation));
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_draws_whatever_threads_blocks_and_other_observations()
    {
        string box = GaussianPosterior.Box(2, 0, 1);
        EventTable two = Observation(1, 0.4f).Append(Observation(0, 1));
        (float[] one, float[] more) = ThreadLimit.Compare(() => Draws(new OnnxOptions(), two));
        float[] ofFirst = one[..3000];
        Assert.Multiple(() =>
        {
            Assert.That(more, Is.EqualTo(one));
            Assert.That(Draws(new OnnxOptions { BlockSize = 77 }, two), Is.EqualTo(one));
            Assert.That(Draws(new OnnxOptions(), two.Slice(0, 1)), Is.EqualTo(ofFirst));
            Assert.That(one[3000..], Is.Not.EqualTo(ofFirst));
        });

        float[] Draws(OnnxOptions options, EventTable x)
        {
            using OnnxPosterior posterior = Open(2, box, new OnnxPosteriorOptions { Execution = options });
            return posterior.Draw(x, 3000, new Seed(7)).Table["a"].ToArray();
        }
    }

    [TestCase(0f, 0.5), TestCase(1f, 0.9545)]
    public void Density_outside_the_prior_is_taken_off_and_its_share_stated(float x, double held)
    {
        // θ ~ N(x/2, ¼²) in [0, 1]: half of it at x = 0, two standard deviations to both sides at x = 1.
        using OnnxPosterior posterior = Open(1, GaussianPosterior.Box(1, 0, 1));
        EventTable observation = Observation(x);

        Estimate share = posterior.InsideShare(observation);
        PosteriorDraws draws = posterior.Draw(observation, 20_000, new Seed(2));
        double[] inside = [.. draws.Table["a"].ToArray().Select(value => (double)value)];
        double[] densities = posterior.LogDensity(Parameters(-0.01f, 0.3f, 1.01f), observation);

        double mean = x == 1 ? 0.5 : Deviation * Math.Sqrt(2 / Math.PI);
        double exact = Normal.PDFLn(x / 2, Deviation, 0.3f) - Math.Log(held);
        Assert.Multiple(() =>
        {
            Assert.That(share.Value, Is.EqualTo(held).Within(4 * share.Error));
            Assert.That(share.Error, Is.EqualTo(Math.Sqrt(held * (1 - held) / 10_500)).Within(10).Percent);
            Assert.That(inside, Has.All.InRange(0, 1));
            Assert.That(inside.Average(), Is.EqualTo(mean).Within(4 * Moments.Of(inside).ErrorOfMean));
            Assert.That(densities[1], Is.EqualTo(exact).Within(4 * share.Error / held));
            Assert.That((densities[0], densities[2]), Is.EqualTo((double.NegativeInfinity, double.NegativeInfinity)));
            Assert.That(draws.LogDensities, Is.EqualTo(posterior.LogDensity(draws.Table, observation)).Within(1e-4));
            string[] warnings = [.. posterior.Given(observation).Warnings];
            Assert.That(warnings, x == 1 ? Is.Empty : Has.One.Matches("^(49|50|51)\\.. ± 0\\.5 % of the network's density at this"));
        });
    }

    [Test]
    public void Weights_are_exact_whether_or_not_draws_are_kept_to_the_prior()
    {
        // θ uniform in [0, 1], x ~ N(θ, ¼²) at 0: Z is the probability that N(0, ¼²) is in [0, 1], ½ to 6e-5.
        foreach (bool truncates in new[] { true, false })
        {
            using OnnxPosterior posterior = Open(
                1, GaussianPosterior.Box(1, 0, 1), new OnnxPosteriorOptions { TruncatesToPrior = truncates });
            CorrectedPosterior corrected = posterior.Given(Observation(0)).CorrectedBy(
                posterior.Prior, table => [.. table["a"].ToArray().Select(theta => Normal.PDFLn(theta, Deviation, 0))], new Seed(3));
            double ofShare = truncates ? posterior.InsideShare(Observation(0)).Error / 0.5 : 0;
            Assert.That(
                corrected.LogEvidence, Is.EqualTo(Math.Log(0.5)).Within(4 * double.Hypot(corrected.LogEvidenceError, ofShare)),
                $"truncates: {truncates}");
            Assert.That(corrected.OutsideCount, truncates ? Is.Zero : Is.GreaterThan(10_000));
        }
    }

    [Test]
    public void An_observation_that_leaves_almost_nothing_inside_is_refused_and_not_waited_for()
    {
        using OnnxPosterior posterior = Open(1, GaussianPosterior.Box(1, 0, 1));
        EventTable far = Observation(1).Append(Observation(-4));
        foreach (Action use in new Action[]
        {
            () => posterior.Draw(far, 100, new Seed(1)), () => posterior.LogDensity(Parameters(0.1f, 0.2f), far),
        })
        {
            Assert.That(use, Throws.TypeOf<DataException>().With.Message.Matches(
                "^Of 10,\\d00 draws of the ONNX model at observation 1 only 0 are in the prior's support, expected one in 1,000 or more"));
        }
    }

    [Test]
    public void Two_files_that_are_not_of_one_network_give_a_warning()
    {
        using var posterior = OnnxPosterior.Open(
            GaussianPosterior.Sampler(2, Gain, Deviation, Wide).ToBytes(), GaussianPosterior.Density(2, Gain, 0.3f, Wide).ToBytes());
        Assert.That(posterior.Given(Observation(1, 1)).Warnings, Has.One.StartsWith(
            "ln q of the ONNX model of the density differs from that of the draws of the ONNX model by "));
    }

    [Test]
    public void A_prior_given_in_code_serves_a_file_without_one()
    {
        byte[] sampler = GaussianPosterior.Sampler(1, Gain, Deviation, Wide).With("gbi.prior", null).ToBytes();
        byte[] density = GaussianPosterior.Density(1, Gain, Deviation, Wide).With("gbi.prior", null).ToBytes();
        var half = Prior.Normal("a", 0, 1, low: 0);
        using var posterior = OnnxPosterior.Open(sampler, density, new OnnxPosteriorOptions { Prior = half });
        Assert.That(posterior.Draw(Observation(0), 500, new Seed(1)).Table["a"].ToArray(), Has.All.GreaterThan(0));
        Assert.That(
            () => OnnxPosterior.Open(sampler, density), Throws.TypeOf<DataException>().With.Message.StartsWith(
                "the ONNX model does not hold its prior (gbi.prior in its metadata); export it again"));
    }

    [Test]
    public void Wrong_files_are_refused() => Assert.Multiple(() =>
    {
        Refused(Sampler().With("gbi.kind", "generator"), Density(), "is a generator (gbi.kind), expected a posterior");
        Refused(Sampler(), Sampler(), "is a posterior (gbi.kind), expected a posterior_density");
        Refused(Sampler().With("gbi.theta", null), Density(), "does not name its theta (gbi.theta in its metadata)");
        Refused(Sampler().With("gbi.features", null), Density(), "does not name its features (gbi.features in its metadata)");
        Refused(Sampler().With("gbi.theta", "a,x0"), Density(), "names 'x0' among theta and among the features");
        Refused(Sampler().With("gbi.theta", "b,a"), Density(), "has the theta b, a, but its prior is one of a, b");
        Refused(Sampler().With("gbi.features", "x0"), Density(), "Input 'features' of the ONNX model takes 2 numbers per event");
        Refused(Sampler().With("gbi.prior", "{}"), Density(), "gbi.prior of the ONNX model is no prior (");
        Refused(Sampler(), Density().With("gbi.features", "x1,x0"), "gbi.features is 'x1,x0' in the ONNX model of the density and 'x0,x1'");
        Refused(Sampler(), Density().With("gbi.prior", GaussianPosterior.Box(2, 0, 1)), "give the two files of one posterior");
        Refused(
            GaussianPosterior.Sampler(2, 1, 1, Wide, noise: 1), Density(), "noise of the ONNX model takes 1 numbers per event for 2 param");
        Refused(
            GaussianPosterior.Sampler(1, 1, 1, Wide).With("gbi.theta", "a,b"), Density(),
            "theta of the ONNX model has 1 columns for 2 names");
    });

    [Test]
    public void Missing_values_and_networks_without_numbers_are_refused()
    {
        using OnnxPosterior sound = Open(2, Wide);
        using var broken = OnnxPosterior.Open(
            GaussianPosterior.Sampler(2, float.NaN, Deviation, Wide).ToBytes(),
            GaussianPosterior.Density(2, float.NaN, Deviation, Wide).ToBytes());
        EventTable theta = EventTable.FromColumns(("a", [0f]), ("b", [0f]));
        Assert.Multiple(() =>
        {
            Refuses(() => sound.Draw(Observation(1, float.NaN), 10, new Seed(1)), "'x1' is missing there, which this network");
            Refuses(() => sound.LogDensity(theta, Observation(1, float.NaN)), "'x1' is missing there");
            Refuses(() => sound.Draw(Observation(1), 10, new Seed(1)), "x1");
            Refuses(() => sound.Given(Observation(1, 1).Append(Observation(2, 2))), "There are 2 rows, expected 1");
            Refuses(() => broken.Draw(Observation(1, 1), 10, new Seed(1)),
            "theta or log_density of the ONNX model is no finite number for 10 of");
            Refuses(
            () => broken.LogDensity(theta, Observation(1, 1)), "log_density of the ONNX model of the density is no finite number for");
        });

        static void Refuses(Action use, string sentence) =>
            Assert.That(use, Throws.TypeOf<DataException>().With.Message.Contains(sentence));
    }

    private static NetworkFile Sampler() => GaussianPosterior.Sampler(2, Gain, Deviation, Wide);

    private static NetworkFile Density() => GaussianPosterior.Density(2, Gain, Deviation, Wide);

    private static OnnxPosterior Open(int width, string prior, OnnxPosteriorOptions? options = null, int noise = 0) => OnnxPosterior.Open(
        GaussianPosterior.Sampler(width, Gain, Deviation, prior, noise).ToBytes(),
        GaussianPosterior.Density(width, Gain, Deviation, prior).ToBytes(), options);

    private static EventTable Observation(params float[] x) =>
        EventTable.FromColumns([.. x.Select((value, k) => ($"x{k}", (float[])[value]))]);

    private static EventTable Parameters(params float[] a) => EventTable.FromColumns(("a", a));

    private static void Refused(NetworkFile sampler, NetworkFile density, string sentence) => Assert.That(
        () => OnnxPosterior.Open(sampler.ToBytes(), density.ToBytes()),
        Throws.TypeOf<DataException>().With.Message.Contains(sentence));
}
