using Gbi.Events;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>The likelihood-ratio trick over trainers of ML.NET.</summary>
public sealed class LikelihoodRatioTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [TestCase(4000, 4000), TestCase(1000, 8000), TestCase(9000, 1500)]
    public void Log_ratio_is_free_of_the_class_balance(int numerator, int denominator)
    {
        // Two unit Gaussians at +1 and −1: ln p₁/p₀ = 2x exactly, whatever the sample sizes; a logistic regression can say that.
        LikelihoodRatioTransformer ratio = _mlContext.Gbi.LikelihoodRatio(Logistic()).Fit(Gaussians(numerator, denominator, weight: 1));

        AssertTwiceX(ratio);
        Assert.That(ratio.LogPriorOdds, Is.EqualTo(Math.Log((double)numerator / denominator)).Within(1e-12));
    }

    [Test]
    public void Log_ratio_is_free_of_the_weights_of_a_class()
    {
        var options = new LikelihoodRatioOptions { WeightColumn = "Weight" };
        LikelihoodRatioTransformer ratio = _mlContext.Gbi
            .LikelihoodRatio(Logistic("Weight"), options)
            .Fit(Gaussians(4000, 4000, weight: 7));

        AssertTwiceX(ratio);
        Assert.That(ratio.LogPriorOdds, Is.EqualTo(Math.Log(7)).Within(1e-6));
    }

    [Test]
    public void Log_ratios_are_clipped()
    {
        var options = new LikelihoodRatioOptions { MaxAbsLogRatio = 1.5 };
        LikelihoodRatioTransformer ratio = _mlContext.Gbi.LikelihoodRatio(Logistic(), options).Fit(Gaussians(2000, 2000, weight: 1));
        float[] scores = Scores(ratio, [-300, -3, 3, 300]);

        Assert.That(scores, Is.EqualTo(new[] { -1.5f, -1.5f, 1.5f, 1.5f }));
    }

    [TestCase(0f), TestCase(-1f), TestCase(float.NaN)]
    public void A_weight_that_trainers_would_drop_is_refused(float weight)
    {
        Gaussian[] rows = [new() { Label = true }, new() { Label = false }, new() { Label = true, Weight = weight }];

        Assert.That(
            () => _mlContext.Gbi
                .LikelihoodRatio(Logistic("Weight"), new LikelihoodRatioOptions { WeightColumn = "Weight" })
                .Fit(_mlContext.Data.LoadFromEnumerable(rows)),
            Throws.TypeOf<DataException>().With.Message.Contains("'Weight'").And.Message.Contains("in row 2")
                .And.Message.Contains("silently drop").And.Message.Contains("RatioTrees"));
    }

    [Test]
    public void Signed_weights_are_taken_by_RatioTrees()
    {
        Gaussian[] rows = [.. Rows(1500, 1500, weight: 1).Select((row, i) => new Gaussian
        {
            Label = row.Label, Features = row.Features, Weight = i % 10 == 0 ? -1 : 1,
        })];
        RatioTreesTransformer ratio = _mlContext.Gbi
            .RatioTrees(new RatioTreesOptions { WeightColumn = "Weight" })
            .Fit(_mlContext.Data.LoadFromEnumerable(rows));
        float[] scores = Scores(ratio, [-1, 1]);

        Assert.That(scores[1] - scores[0], Is.EqualTo(4).Within(1.5));
    }

    [Test]
    public void A_sample_without_events_is_named() => Assert.That(
        () => _mlContext.Gbi.LikelihoodRatio(Logistic()).Fit(Gaussians(10, 0, weight: 1)),
        Throws.TypeOf<DataException>().With.Message.Contains("'Label' is true in every row"));

    [Test]
    public void A_classifier_without_probability_is_refused_with_what_it_writes()
    {
        IEstimator<ITransformer> classifier = new EstimatorChain<ITransformer>()
            .Append<ITransformer>(Logistic())
            .Append<ITransformer>(_mlContext.Transforms.DropColumns("Probability"));

        Assert.That(
            () => _mlContext.Gbi.LikelihoodRatio(classifier).Fit(Gaussians(100, 100, weight: 1)),
            Throws.TypeOf<DataException>().With.Message.Contains("no column 'Probability'").And.Message.Contains("PredictedLabel")
                .And.Message.Contains("calibrator"));
    }

    [Test]
    public void FastTree_is_a_classifier()
    {
        LikelihoodRatioTransformer ratio = _mlContext.Gbi
            .LikelihoodRatio(_mlContext.BinaryClassification.Trainers.FastTree(numberOfTrees: 50, numberOfLeaves: 8))
            .Fit(Gaussians(3000, 3000, weight: 1));

        float[] scores = Scores(ratio, [-1, 1]);
        Assert.That(scores[1] - scores[0], Is.EqualTo(4).Within(1.5));
    }

    [Test]
    public void The_log_ratio_is_a_score_for_evaluators_of_binary_classification()
    {
        IDataView scored = _mlContext.Gbi.LikelihoodRatio(Logistic()).Fit(Gaussians(2000, 2000, 1)).Transform(Gaussians(2000, 2000, 1));
        CalibratedBinaryClassificationMetrics metrics = _mlContext.BinaryClassification.Evaluate(scored, scoreColumnName: "LogRatio");

        // P(x₁ > x₀) = Φ(2/√2) for unit Gaussians two apart.
        Assert.That(metrics.AreaUnderRocCurve, Is.EqualTo(0.9214).Within(0.015));
    }

    private void AssertTwiceX(ITransformer ratio)
    {
        float[] points = [-2, -1, 0, 1, 2];
        float[] scores = Scores(ratio, points);
        for (int i = 0; i < points.Length; i++)
        {
            // The slope of a regression on some thousands of events is known to some percent.
            Assert.That(scores[i], Is.EqualTo(2 * points[i]).Within(0.15 + (0.1 * Math.Abs(points[i]))), $"x = {points[i]}");
        }
    }

    private float[] Scores(ITransformer ratio, float[] points)
    {
        IEnumerable<Gaussian> rows = points.Select(x => new Gaussian { Features = [x] });
        return [.. ratio.Transform(_mlContext.Data.LoadFromEnumerable(rows)).GetColumn<float>("LogRatio")];
    }

    private LbfgsLogisticRegressionBinaryTrainer Logistic(string? weight = null) => _mlContext.BinaryClassification.Trainers
        .LbfgsLogisticRegression(exampleWeightColumnName: weight, l1Regularization: 0, l2Regularization: 0.01f);

    private IDataView Gaussians(int numerator, int denominator, float weight) =>
        _mlContext.Data.LoadFromEnumerable(Rows(numerator, denominator, weight));

    // Quantiles in place of random draws: the sample has no statistical error of its own.
    private static Gaussian[] Rows(int numerator, int denominator, float weight) =>
    [
        .. Enumerable.Range(0, numerator).Select(i => new Gaussian
        {
            Label = true, Weight = weight, Features = [(float)(1 + Quantile((i + 0.5) / numerator))],
        }),
        .. Enumerable.Range(0, denominator).Select(i => new Gaussian
        {
            Label = false, Weight = 1, Features = [(float)(-1 + Quantile((i + 0.5) / denominator))],
        }),
    ];

    private static double Quantile(double probability) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);

    private sealed class Gaussian
    {
        public bool Label { get; set; }

        public float Weight { get; set; } = 1;

        [VectorType(1)]
        public float[] Features { get; set; } = [0];
    }
}
