using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Tests.Trees.Model;

[TestFixture]
internal sealed class KnownFeaturesTests
{
    private const int Count = 6001;

    private static readonly string[] Names = ["t"];

    private static readonly EventTable Events = EventTable.FromColumns(
        [.. ((string[])["x", "y", "z"]).Select((name, number) => (name, Values(new Seed(1).Child(number))))]);

    [TestCase(8), TestCase(32), TestCase(33)]
    public void Several_outputs_of_a_table_are_those_of_its_events_one_by_one(int leaves)
    {
        TreeEnsemble trees = Train(leaves);
        float[] outputs = trees.Predict(Events);
        float[] one = new float[3];
        for (int row = 0; row < Count; row++)
        {
            trees.Predict([Events["x"][row], Events["y"][row], Events["z"][row]], one);
            Assert.That(outputs[(3 * row)..(3 * (row + 1))], Is.EqualTo(one), $"row {row}");
        }
    }

    [TestCase(0.3f, 8), TestCase(-1f, 32), TestCase(float.NaN, 32), TestCase(1e9f, 33)]
    public void Trees_with_a_known_feature_say_what_all_of_them_say_of_events_that_have_it(float known, int leaves)
    {
        TreeEnsemble trees = Train(leaves);
        TreeEnsemble given = trees.Given(new Dictionary<string, float> { ["y"] = known, ["none"] = 1 });
        Assert.That(given.Features, Is.EqualTo((string[])["x", "z"]));
        Assert.That(
            given.Predict(Events),
            Is.EqualTo(
                trees.Predict(
                    EventTable.FromColumns(
                        ("x", Events["x"].ToArray()), ("y", [.. Enumerable.Repeat(known, Count)]), ("z", Events["z"].ToArray())))));
    }

    [Test]
    public void With_all_features_known_trees_are_a_constant()
    {
        TreeEnsemble trees = Train(32);
        float[] expected = new float[3];
        trees.Predict([0.1f, 0.2f, 0.3f], expected);
        TreeEnsemble given = trees.Given(new Dictionary<string, float> { ["x"] = 0.1f, ["y"] = 0.2f, ["z"] = 0.3f });
        Assert.That(given.Predict(Events.Slice(0, 2)), Is.EqualTo((float[])[.. expected, .. expected]));
    }

    /// <summary>Leaves are polynomials of second order in t: three outputs.</summary>
    private static TreeEnsemble Train(int leaves)
    {
        bool[] isSignal = [.. Enumerable.Range(0, Count).Select(row => Events["x"][row] + (Events["y"][row] * Events["z"][row]) > 0)];
        BinnedEvents data = FeatureBins.Learn(Events, ["x", "y", "z"]).Apply(Events);
        var sample = new AmortisedSample(
            isSignal, [.. Values(new Seed(2)).Select(t => float.IsNaN(t) ? 0 : t)],
            new ParameterPolynomial(Names, Monomial.UpToSecondOrder(Names)));
        return AmortisedTrees.Train(
            data, sample, [.. Enumerable.Repeat(1.0, Count)],
            new TreeOptions { TreeCount = 10, LeafCount = leaves, MinLeafHessian = 0.1 }).Trees;
    }

    /// <summary>Uniform from −1 to 1, some missing.</summary>
    private static float[] Values(Seed seed) =>
        [.. Enumerable.Range(0, Count).Select(row => row % 13 == 0 ? float.NaN : (float)((2 * seed.Uniform(row)) - 1))];
}
