using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;

namespace Gbi.Tests.Onnx.Models;

/// <summary>Events of a network whose density is a Gaussian that moves with the mass.</summary>
[TestFixture]
internal sealed class OnnxGeneratorTests
{
    private static readonly float[] Slopes = [0.5f, -1];
    private static readonly float[] Offsets = [1, 4];
    private static readonly float[] Widths = [0.25f, 2];

    [TestCase(2.8f), TestCase(3.5f)]
    public void Events_follow_the_density_at_their_mass(float mass)
    {
        using var generator = Open();
        EventTable events = generator.Generate([.. Enumerable.Repeat(mass, 50_000)], new Seed(1));

        Assert.That((events.Count, events.HasWeights), Is.EqualTo((50_000, false)));
        for (int feature = 0; feature < 2; feature++)
        {
            var found = Moments.Of([.. events[generator.Features[feature]].ToArray().Select(value => (double)value)]);
            Assert.That(found.Mean, Is.EqualTo((Slopes[feature] * mass) + Offsets[feature]).Within(4 * found.ErrorOfMean));
            Assert.That(found.Deviation, Is.EqualTo(Widths[feature]).Within(4 * found.ErrorOfDeviation));
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_events_whatever_the_threads_and_the_blocks()
    {
        float[] masses = [.. Enumerable.Range(0, 30_000).Select(i => 3 + (i * 1e-5f))];
        (float[] one, float[] two) = ThreadLimit.Compare(() => First(masses, new OnnxOptions(), 1));

        Assert.Multiple(() =>
        {
            Assert.That(two, Is.EqualTo(one));
            Assert.That(First(masses, new OnnxOptions { BlockSize = 777 }, 1), Is.EqualTo(one).Within(1e-6));
            Assert.That(First(masses, new OnnxOptions(), 2), Is.Not.EqualTo(one));
        });
    }

    [Test]
    public void The_log_density_comes_with_the_events_and_from_a_graph_of_its_own()
    {
        using var generator = OnnxGenerator.Open(GaussianFlow.GeneratorWithDensity("x", 0.5f, 1, 0.25f).ToBytes());
        using var density = OnnxDensity.Open(GaussianFlow.Density("x", 0.5f, 1, 0.25f).ToBytes());
        float[] masses = [.. Enumerable.Range(0, 5000).Select(i => 3 + (i * 1e-4f))];

        EventTable events = generator.Generate(masses, new Seed(3), out float[] logDensity);

        double[] expected = [.. events["x"].ToArray().Zip(masses, (x, m) =>
            (-0.5 * Math.Pow((x - (0.5 * m) - 1) / 0.25, 2)) - Math.Log(0.25) - (0.5 * Math.Log(2 * Math.PI)))];
        Assert.That(logDensity, Is.EqualTo(expected).Within(1e-4));
        Assert.That(density.LogDensity(events.WithColumn("mjj", masses)), Is.EqualTo(expected).Within(1e-4));
        Assert.That((density.Mass, generator.Mass), Is.EqualTo(("mjj", "mjj")));
    }

    [Test]
    public void A_generator_without_log_density_gives_none()
    {
        using var generator = Open();
        generator.Generate([3.5f], new Seed(1), out float[] logDensity);
        Assert.That(logDensity, Is.Empty);
    }

    [Test]
    public void Wrong_files_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(
            () => OnnxGenerator.Open(NetworkFile.Linear("x", [[1]], [0]).ToBytes()),
            Throws.TypeOf<DataException>().With.Message.Contains("is a ratio (gbi.kind), expected a generator"));
        Assert.That(
            () => OnnxGenerator.Open(GaussianFlow.Generator("x", Slopes, Offsets, Widths).ToBytes()),
            Throws.TypeOf<DataException>().With.Message.Contains("takes 2 numbers per event, but its metadata name 1"));
        Assert.That(
            () =>
                OnnxGenerator.Open(GaussianFlow.Generator("x,y", Slopes, Offsets, [float.NaN, 1]).ToBytes()).Generate([3, 4], new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains(
                "features of the ONNX model is no finite number for 2 of 2 events, the first of them number 0"));
    });

    private static OnnxGenerator Open(OnnxOptions? options = null) =>
        OnnxGenerator.Open(GaussianFlow.Generator("x,y", Slopes, Offsets, Widths).ToBytes(), options);

    private static float[] First(float[] masses, OnnxOptions options, ulong seed)
    {
        using OnnxGenerator generator = Open(options);
        return generator.Generate(masses, new Seed(seed))["x"].ToArray();
    }
}
