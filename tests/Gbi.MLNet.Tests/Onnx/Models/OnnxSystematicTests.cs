using Gbi.Events;
using Gbi.Likelihoods.Factors;
using Gbi.Numerics;
using Gbi.Onnx.Export;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Ratios.Parametric;
using Gbi.Systematics;
using Gbi.Tests.Systematics;
using Gbi.Trees;

namespace Gbi.Tests.Onnx.Models;

/// <summary>Coefficients by a network that is a matrix: Δ_a = x, Δ_a² = noise − x, Δ_ab = 2 noise.</summary>
[TestFixture]
internal sealed class OnnxSystematicTests
{
    [Test]
    public void Coefficients_are_those_of_the_network_and_its_monomials_bind_them_to_a_variation()
    {
        using var systematic = OnnxSystematic.Open(Net().ToBytes(), new OnnxOptions { BlockSize = 64 });
        EventTable events = TwoGaussians.Numerator(1000, 1);

        EventTable appended = systematic.AppendTo(events);
        var variation = ExponentialVariation.Of(systematic.Monomials);

        float[] x = events["x"].ToArray();
        float[] noise = events["noise"].ToArray();
        Assert.Multiple(() =>
        {
            Assert.That((systematic.Features, systematic.Parameters), Is.EqualTo((new[] { "x", "noise" }, new[] { "a", "b" })));
            Assert.That(variation.Columns, Is.EqualTo(["Delta_a", "Delta_a^2", "Delta_a*b"]));
            Assert.That(appended["Delta_a"].ToArray(), Is.EqualTo(x).Within(1e-6));
            Assert.That(appended["Delta_a^2"].ToArray(), Is.EqualTo(noise.Zip(x, (n, value) => n - value)).Within(1e-6));
            Assert.That(appended["Delta_a*b"].ToArray(), Is.EqualTo(noise.Select(n => 2 * n)).Within(1e-6));

            // a = 2, b = −1: 2 x + 4 (noise − x) − 2 · 2 noise = −2 x.
            Assert.That(systematic.LogRatios(events, [2, -1]), Is.EqualTo(x.Select(value => -2 * value)).Within(1e-5));
        });
    }

    [Test]
    public void A_systematic_by_trees_that_was_exported_opens_and_gives_the_same()
    {
        var samples = SystematicSamples.Join(
            new BasePoints(["nu"], [[0], [1], [-1]]), MovedGaussian.Features,
            [.. new[] { 0, 1, -1 }.Select(nu => MovedGaussian.Sample(nu, 4000, 3))]);
        ParametricRatio trees = SystematicTrainer.Train(
            samples, MovedGaussian.Features, new() { Ratio = new() { Trees = new TreeOptions { TreeCount = 15, LeafCount = 6 } } },
            new Seed(1)).Ratio;
        using var file = new MemoryStream();
        OnnxExport.Write(trees, file);

        using var systematic = OnnxSystematic.Open(file.ToArray());

        EventTable events = MovedGaussian.Sample(0, 5000, 4);
        Assert.That(systematic.Monomials, Is.EqualTo(trees.Monomials));
        Assert.That(systematic.Coefficients(events), Is.EqualTo(trees.Coefficients(events)).Within(1e-6));
    }

    [TestCase("gbi.parameters", null, "does not name its parameters (gbi.parameters")]
    [TestCase("gbi.monomials", null, "does not name its monomials (gbi.monomials")]
    [TestCase("gbi.monomials", "a,a^2", "has 3 columns, but its metadata name 2 monomials")]
    [TestCase("gbi.monomials", "a,a^2,a*b*a", "more than two factors")]
    [TestCase("gbi.monomials", "a,a^2,c", "'c', which is no parameter")]
    [TestCase("gbi.kind", "ratio", "is a ratio (gbi.kind), expected a systematic")]
    public void Wrong_metadata_are_refused(string key, string? value, string sentence) => Assert.That(
        () => OnnxSystematic.Open(Net().With(key, value).ToBytes()), Throws.TypeOf<DataException>().With.Message.Contains(sentence));

    [Test]
    public void A_coefficient_that_is_no_number_is_told_with_its_event()
    {
        using var systematic = OnnxSystematic.Open(Net(float.PositiveInfinity).ToBytes());
        float[] x = new float[100];
        (x[42], x[50]) = (1, 1);
        Assert.That(
            () => systematic.Coefficients(EventTable.FromColumns(("x", x), ("noise", new float[100]))),
            Throws.TypeOf<DataException>().With.Message.StartsWith(
                "coefficients of the ONNX model is no finite number for 100 of 100 events, the first of them number 0;"));
    }

    private static NetworkFile Net(float weight = 1) => new NetworkFile
    {
        Metadata =
        {
            ["gbi.kind"] = "systematic", ["gbi.features"] = "x,noise", ["gbi.parameters"] = "a,b", ["gbi.monomials"] = "a,a^2,a*b"
        },
    }
        .Input("features", -1, 2)
        .Constant("w", [weight, -1, 0, 0, 1, 2], 2, 3)
        .Node("MatMul", "coefficients", "features", "w")
        .Output("coefficients", -1, 3);
}
