using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Onnx.Export;
using Gbi.Onnx.Export.Posteriors;
using Gbi.Onnx.Posteriors;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using Gbi.Simulators.Priors.Constraints;
using Gbi.Tests.Cli;
using Gbi.Tests.Posteriors.Autoregressive;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Onnx.Export;

/// <summary>ONNX Runtime gives the densities and, from the same noise, the draws of the models themselves.</summary>
[TestFixture]
internal sealed class PosteriorExportTests
{
    private const int Count = 10_000;

    private static readonly Dictionary<string, Lazy<(TreePosterior Posterior, Simulated Fresh)>> Models = new()
    {
        ["normal parameters, a feature that is missing at times"] = Trained(
            Prior.Independent(Prior.Normal("t0", 0, 1), Prior.Normal("t1", 0, 1)), 2, 2, (random, point, x) =>
            {
                AddNoise(random, point, x);
                x[0] = random.NextDouble() < 0.3 ? double.NaN : x[0];
            }),
        ["a crescent in a box"] = Trained(
            Prior.Independent(Prior.Uniform("a", -1, 1), Prior.Uniform("b", -1, 1)), 2, 2, (random, point, x) =>
            {
                (double sine, double cosine) = Math.SinCos(Math.PI * (random.NextDouble() - 0.5));
                double radius = Normal.Sample(random, 0.1, 0.03);
                x[0] = (radius * cosine) + 0.25 - (Math.Abs(point[0] + point[1]) / Math.Sqrt(2));
                x[1] = (radius * sine) + ((point[1] - point[0]) / Math.Sqrt(2));
            }),
        ["ordered masses at the bounds of a box, and a positive one"] = Trained(
            Prior.Independent(Prior.Uniform("m1", 0, 1), Prior.Uniform("m2", 0, 1), Prior.HalfNormal("h", 1)).Where(
                new LinearConstraint { Sum = new Dictionary<string, double> { ["m1"] = 1, ["m2"] = -1 }, Above = 0 }),
            3, 2, AddNoise),
        ["a peak in a histogram, whose means are learnt in rounds"] = Trained(
            Prior.Independent(Prior.Uniform("t0", -1, 1), Prior.Uniform("t1", 2, 4)), 17, 1, (random, point, x) =>
            {
                for (int bin = 0; bin < x.Length; bin++)
                {
                    double away = (0.5 * (bin - 8)) - point[0];
                    x[bin] = Normal.Sample(random, point[1] * Math.Exp(-0.5 * away * away), 0.5);
                }
            }),
        ["a number, a category, an angle and shares"] = Trained(
            Prior.Independent(
                Prior.Integer("n", [0, 1, 2, 3]), Prior.Category("kind", [2, 5, 7], [0.5, 0.3, 0.2]),
                Prior.Uniform("phi", -1, 1, isPeriodic: true), Prior.Dirichlet(["f0", "f1"], [1, 2, 1.5])),
            5, 1, (random, point, x) =>
            {
                AddNoise(random, point, x);
                x[2] = Math.Sin((point[2] * Math.PI) + Normal.Sample(random, 0, 0.3));
            }),
    };

    private static IEnumerable<string> Names => Models.Keys;

    [TestCaseSource(nameof(Names))]
    public void Densities_are_those_of_the_model(string name)
    {
        (TreePosterior posterior, Simulated fresh) = Models[name].Value;
        using var graph = ExportedGraph.Open(OnnxFile.DensityBytes(posterior), 0);
        float[] found = graph.Run(
            Count, [("theta", Rows(fresh.Parameters)), ("features", Rows(fresh.Observations))], "log_density");
        double[] expected = posterior.LogDensity(fresh.Parameters, fresh.Observations);
        Assert.That(expected.Count(density => density > -20), Is.GreaterThan(0.95 * Count));
        double largest = found.Zip(expected, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(b))).Max();
        Assert.That(largest, Is.LessThan(1e-6));
    }

    [TestCaseSource(nameof(Names))]
    public void Draws_from_the_same_noise_are_those_of_the_model_at_thresholds_of_trees_too(string name)
    {
        (TreePosterior posterior, Simulated fresh) = Models[name].Value;
        EventTable observations = fresh.Observations.Append(ThresholdEvents.Of(posterior, 2000));
        var parity = PosteriorParity.OfDraws(posterior, OnnxFile.Bytes(posterior), observations);
        Assert.That((parity.EventCount, parity.MovedCount), Is.EqualTo((Count + 2000, 0)));
        Assert.That(parity.MaxDifference, Is.LessThan(1e-6));
    }

    [Test]
    public void Draws_of_normal_numbers_follow_the_posterior()
    {
        // Both are draws of one posterior. Kolmogorov and Smirnov: 1.95 √(2/n) is exceeded once in a thousand.
        (TreePosterior posterior, Simulated fresh) = Models["a crescent in a box"].Value;
        EventTable observation = fresh.Observations.Slice(0, 1);
        var random = new Random(1);
        float[] noise = [.. Enumerable.Range(0, Count * posterior.NoiseCount).Select(_ => (float)Normal.Sample(random, 0, 1))];
        float[] mapped = [.. posterior.DrawFrom(observation.Select(new int[Count]), noise)["a"].ToArray().Order()];
        float[] drawn = [.. posterior.Draw(observation, Count, new Seed(1)).Table["a"].ToArray().Order()];
        double distance = mapped.Select((value, k) =>
        {
            int found = Array.BinarySearch(drawn, value);
            return Math.Abs(((k + 1.0) / Count) - ((found < 0 ? ~found : found) / (double)Count));
        }).Max();
        Assert.That(distance, Is.LessThan(1.95 * Math.Sqrt(2.0 / Count)));
    }

    [Test]
    public void A_point_without_density_has_none_in_the_file()
    {
        TreePosterior posterior = Models["ordered masses at the bounds of a box, and a positive one"].Value.Posterior;
        float[] theta = [0.2f, 0.4f, 1, 0.4f, 0.2f, -1, 1.5f, 0.2f, 1, float.NaN, 0.2f, 1, 0.4f, 0.2f, 1];
        using var graph = ExportedGraph.Open(OnnxFile.DensityBytes(posterior), 0);
        float[] found = graph.Run(5, [("theta", theta), ("features", [.. Enumerable.Repeat(0.3f, 15)])], "log_density");
        Assert.That(found[..4], Is.All.EqualTo(float.NegativeInfinity));
        Assert.That(found[4], Is.InRange(-5, 5));
    }

    [Test]
    public void Any_number_of_events_goes_in_one_call()
    {
        (TreePosterior posterior, Simulated fresh) = Models["normal parameters, a feature that is missing at times"].Value;
        using var graph = ExportedGraph.Open(OnnxFile.Bytes(posterior), 0);
        float[] Draws(int count) => graph.Run(
            count,
            [
                ("noise", [.. Enumerable.Range(0, count * 3).Select(k => 0.1f * ((k % 31) - 15))]),
                ("features", Rows(fresh.Observations.Slice(0, count))),
            ],
            "theta");
        float[] all = Draws(100);
        Assert.That(((int[])[0, 1, 7]).Select(Draws), Is.EqualTo(((int[])[0, 1, 7]).Select(count => all[..(2 * count)])));
    }

    [Test]
    public void Equal_models_have_files_with_equal_bytes_that_say_what_they_are()
    {
        using var folder = new ScratchFolder();
        TreePosterior posterior = Models["normal parameters, a feature that is missing at times"].Value.Posterior;
        posterior.Save(folder["posterior.zip"]);
        Assert.That(OnnxFile.Bytes(TreePosterior.Load(folder["posterior.zip"])), Is.EqualTo(OnnxFile.Bytes(posterior)));
        using OnnxFile file = OnnxFile.Of(OnnxFile.Bytes(posterior));
        Dictionary<string, string> metadata = file.Metadata.CustomMetadataMap;
        Assert.That(
            (metadata["gbi.kind"], metadata["gbi.features"], metadata["gbi.theta"]), Is.EqualTo(("posterior", "x0,x1", "t0,t1")));
        Assert.That(Prior.FromJson(metadata["gbi.prior"]).ToJson(), Is.EqualTo(posterior.Prior.ToJson()));
    }

    [Test]
    public void The_files_are_read_as_a_posterior_with_the_same_density()
    {
        (TreePosterior posterior, Simulated fresh) = Models["ordered masses at the bounds of a box, and a positive one"].Value;
        using var read = OnnxPosterior.Open(OnnxFile.Bytes(posterior), OnnxFile.DensityBytes(posterior));
        EventTable observations = fresh.Observations.Slice(0, 5);
        EventTable theta = fresh.Parameters.Slice(0, 5);
        Assert.That((read.Parameters, read.Features), Is.EqualTo((posterior.Parameters, posterior.Features)));
        Assert.That(read.LogDensity(theta, observations), Is.EqualTo(posterior.LogDensity(theta, observations)).Within(1e-4));
        PosteriorDraws draws = read.Draw(observations, 100, new Seed(1));
        EventTable repeated = observations.Select([.. Enumerable.Range(0, 500).Select(draw => draw / 100)]);
        Assert.That(draws.LogDensities, Is.EqualTo(posterior.LogDensity(draws.Table, repeated)).Within(1e-4));
    }

    [Test]
    public void A_prior_that_no_document_holds_is_refused()
    {
        Prior prior = Prior.Uniform("t", 0, 1).Where(point => point[0] < 0.5);
        Simulated data = Simulated.Of(prior, 1, 100, 1, AddNoise);
        TreePosterior posterior = TreePosterior.Train(
            prior, data.Parameters, data.Observations, new TreePosteriorOptions { MemberCount = 1 }, new Seed(1));
        Assert.That(() => OnnxFile.Bytes(posterior), Throws.TypeOf<DataException>().With.Message.Contains("condition"));
    }

    [Test]
    public void The_command_writes_and_checks_draws_and_density()
    {
        using var folder = new ScratchFolder();
        TreePosterior posterior = Models["normal parameters, a feature that is missing at times"].Value.Posterior;
        posterior.Save(folder["posterior.zip"]);
        CliRun draws = CliRun.Done("export", folder["posterior.zip"], "--out", folder["draws.onnx"], "--json");
        CliRun.Done("export", folder["posterior.zip"], "--density", "--out", folder["density.onnx"], "--no-check");
        Assert.That(Unmarked("draws.onnx"), Is.EqualTo(OnnxFile.Bytes(posterior)));
        Assert.That(Unmarked("density.onnx"), Is.EqualTo(OnnxFile.DensityBytes(posterior)));
        using JsonDocument printed = JsonDocument.Parse(draws.Output);
        Assert.That(printed.RootElement.GetProperty("network").GetString(), Is.EqualTo("posterior"));
        Assert.That(printed.RootElement.GetProperty("maxDifference").GetDouble(), Is.LessThan(1e-4));

        byte[] Unmarked(string name) => OutputMark.WithoutMark(File.ReadAllBytes(folder[name])).ToArray();
    }

    private static Lazy<(TreePosterior, Simulated)> Trained(
        Prior prior, int featureCount, int members, Simulated.Simulator simulate) => new(() =>
        {
            Simulated data = Simulated.Of(prior, featureCount, 1000, 1, simulate);
            TreePosterior posterior = TreePosterior.Train(
                prior, data.Parameters, data.Observations, new TreePosteriorOptions { MemberCount = members }, new Seed(1));
            return (posterior, Simulated.Of(prior, featureCount, Count, 2, simulate));
        });

    private static void AddNoise(Random random, ReadOnlySpan<double> parameters, Span<double> features)
    {
        for (int k = 0; k < features.Length; k++)
        {
            features[k] = Normal.Sample(random, parameters[k], 0.3);
        }
    }

    private static float[] Rows(EventTable events) => ExportedGraph.Rows(events, events.ColumnNames);
}
