using Gbi.Events;
using Gbi.Numerics;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Gbi.Ratios;
using Gbi.Trees;
using Microsoft.ML;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>The density ratio by ML.NET's own boosted trees.</summary>
[TestFixture]
internal sealed class FastTreeRatioTests
{
    private static readonly RatioOptions Few = new()
    {
        FoldCount = 2,
        MemberCount = 1,
        Trees = new TreeOptions { TreeCount = 60, LeafCount = 8 },
    };

    [Test]
    public void The_ratio_of_two_Gaussians_is_twice_x()
    {
        CrossFittedRatio fastTree = FastTreeRatio.CrossFit(
            TwoGaussians.Numerator(8000, 1), TwoGaussians.Denominator(4000, 1), TwoGaussians.Features, Few, new Seed(3));
        CrossFittedRatio own = RatioTrainer.CrossFit(
            TwoGaussians.Numerator(8000, 1), TwoGaussians.Denominator(4000, 1), TwoGaussians.Features, Few, new Seed(3));
        EventTable others = TwoGaussians.Denominator(4000, 2);

        // Whatever the sizes of the samples; and about as well as this package's own trees.
        double error = TwoGaussians.RootMeanSquareError(others, fastTree.Model.Score(others).LogRatio, limit: 2);
        double errorOfOwn = TwoGaussians.RootMeanSquareError(others, own.Model.Score(others).LogRatio, limit: 2);
        Assert.Multiple(() =>
        {
            Assert.That(error, Is.LessThan(0.5));
            Assert.That(error, Is.LessThan(1.5 * errorOfOwn));
            Assert.That(fastTree.Model.Importance()[0], Is.GreaterThan(0.8));
        });
    }

    [Test]
    public void A_missing_value_is_a_value_of_its_own()
    {
        float[] Sample(int missing) => [.. Enumerable.Range(0, 4000).Select(i => i % 4 < missing ? float.NaN : i / 4 % 10)];
        CrossFittedRatio ratio = FastTreeRatio.CrossFit(
            EventTable.FromColumns(("x", Sample(3))), EventTable.FromColumns(("x", Sample(1))), ["x"], Few with { Calibration = null },
            new Seed(3));
        ReadOnlySpan<float> scores = ratio.Model.Score(EventTable.FromColumns(("x", [float.NaN, 3f]))).LogRatio;

        // 3/4 of the numerator and 1/4 of the denominator are missing, whatever the value of the others.
        Assert.That(scores[0], Is.EqualTo(Math.Log(3)).Within(0.1));
        Assert.That(scores[1], Is.EqualTo(-Math.Log(3)).Within(0.1));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_weight_that_is_not_above_0_is_refused(double weight)
    {
        double[] weights = [.. Enumerable.Range(0, 100).Select(i => i == 41 ? weight : 1.0)];
        EventTable numerator = TwoGaussians.Numerator(100, 1).WithWeights(weights);
        Assert.That(
            () => FastTreeRatio.CrossFit(numerator, TwoGaussians.Denominator(100, 1), TwoGaussians.Features, Few, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.StartsWith($"Event 42 of the numerator has the weight {weight}, and FastTree"));
    }

    [Test]
    public void An_option_that_FastTree_does_not_have_is_refused()
    {
        RatioOptions random = Few with { Trees = Few.Trees with { RandomCuts = 1 } };
        Assert.That(
            () => FastTreeRatio.CrossFit(
                TwoGaussians.Numerator(100, 1), TwoGaussians.Denominator(100, 1), TwoGaussians.Features, random, new Seed(1)),
            Throws.ArgumentException.With.Message.Contains("random cuts"));
    }

    [Test]
    public void Without_a_classifier_the_likelihood_ratio_is_FastTrees()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView Rows(int count) => mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row
        {
            Label = i % 3 == 0,
            Features = [i % 3 == 0 ? i % 5 : i % 7, 0],
        }));
        IDataView scored = mlContext.Gbi.LikelihoodRatio().Fit(Rows(21_000)).Transform(Rows(21));

        // Values 5 and 6 are of the denominator alone; the others have the ratio (1/5)/(1/7), whatever the class balance.
        float[] ratios = [.. mlContext.Data.CreateEnumerable<Scored>(scored, reuseRowObject: false).Select(row => row.LogRatio)];
        Assert.That(ratios[0], Is.EqualTo(Math.Log(7.0 / 5)).Within(0.15));
        Assert.That(ratios[5], Is.LessThan(-3));
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        [Microsoft.ML.Data.VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored
    {
        public float LogRatio { get; set; }
    }
}
