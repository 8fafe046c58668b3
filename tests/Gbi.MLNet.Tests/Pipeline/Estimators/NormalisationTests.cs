using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>The mean ratio over denominator events that Fit did not see is 1 whatever the classifier, or Fit refuses.</summary>
[TestFixture]
internal sealed class NormalisationTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [TestCaseSource(typeof(ClassifierCase), nameof(ClassifierCase.Quick))]
    public void The_mean_ratio_over_an_independent_denominator_is_1_or_Fit_refuses(object of)
    {
        // benchmarks/studies/ratio-defaults.md has the same with enough events for 2 %.
        var (_, optionsNameWeight, create) = (ClassifierCase)of;
        var options = new LikelihoodRatioOptions { WeightColumn = optionsNameWeight ? "Weight" : null };
        LikelihoodRatioTransformer ratio;
        try
        {
            ratio = _mlContext.Gbi.LikelihoodRatio(create(_mlContext), options).Fit(View(6000, 3000, 1));
        }
        catch (DataException refusal)
        {
            Assert.That(refusal.Message, Does.Contain("cannot be normalised"));
            return;
        }

        float[] logRatios = [.. ratio.Transform(View(0, 20_000, 2)).GetColumn<float>("LogRatio")];
        var mean = Moments.Of([.. logRatios.Select(value => Math.Exp(value))]);
        double error = double.Hypot(mean.ErrorOfMean, mean.Mean * ratio.MeanRatio!.Value.Error / ratio.MeanRatio.Value.Value);
        Assert.That(mean.Mean, Is.EqualTo(1).Within(Math.Max(1e-6, 3 * error)), $"{ratio.MeanRatio}");
    }

    [Test]
    public void A_mean_ratio_far_from_1_is_a_warning()
    {
        var mlContext = new MLContext(seed: 1);
        var warnings = new List<string>();
        mlContext.Log += (_, line) => warnings.Add(line.Message);
        LikelihoodRatioTransformer ratio = mlContext.Gbi.LikelihoodRatio(mlContext.BinaryClassification.Trainers.LightGbm(
            new LightGbmBinaryTrainer.Options { UnbalancedSets = true, NumberOfIterations = 30 })).Fit(View(6000, 2000, 1));
        Assert.That(ratio.MeanRatio!.Value.Value, Is.Not.EqualTo(1).Within(0.5));
        Assert.That(warnings, Has.Some.Contains("class weights within the trainer"));
    }

    [Test]
    public void Too_few_denominator_events_to_normalise_are_refused() => Assert.That(
        () => _mlContext.Gbi.LikelihoodRatio(LogisticRegression).Fit(View(500, 40, 1)),
        Throws.TypeOf<DataException>().With.Message.Contains("HeldOutFraction"));

    [Test]
    public void Other_slot_names_or_another_order_are_refused_at_Transform()
    {
        LikelihoodRatioTransformer ratio = _mlContext.Gbi.LikelihoodRatio(LogisticRegression).Fit(Named("a", "b"));
        RatioTreesTransformer trees = _mlContext.Gbi.RatioTrees(new RatioTreesOptions { Training = Few }).Fit(Named("a", "b"));
        using var saved = new MemoryStream();
        _mlContext.Model.Save(ratio, Named("a", "b").Schema, saved);
        ITransformer restored = _mlContext.Gbi.Restore(_mlContext.Model.Load(saved, out _));
        foreach (ITransformer model in new ITransformer[] { ratio, trees, restored })
        {
            Assert.That(() => model.Transform(Named("a", "b")), Throws.Nothing);
            Assert.That(
                () => model.Transform(Named("b", "a")),
                Throws.TypeOf<DataException>().With.Message.Contains("Slot 0 of column 'Features' is 'b', expected 'a'"));
        }
    }

    [Test]
    public void ML_NETs_tools_take_the_ratio()
    {
        IDataView view = View(3000, 3000, 1);
        var estimator = _mlContext.Gbi.LikelihoodRatio(LogisticRegression);
        var folds = _mlContext.BinaryClassification.CrossValidate(view, estimator, numberOfFolds: 2);
        LikelihoodRatioTransformer ratio = estimator.Fit(view);
        CalibratedBinaryClassificationMetrics metrics = _mlContext.BinaryClassification.Evaluate(ratio.Transform(view));
        var importance = _mlContext.BinaryClassification.PermutationFeatureImportance(ratio, view);

        // P(x₁ > x₀) = Φ(1/√2) for unit Gaussians one apart.
        Assert.That(folds.Select(fold => fold.Metrics.AreaUnderRocCurve), Is.All.EqualTo(0.760).Within(0.03));
        Assert.That(metrics.AreaUnderRocCurve, Is.EqualTo(0.760).Within(0.03));
        Assert.That(importance.Min(one => one.AreaUnderRocCurve.Mean), Is.LessThan(-0.1));
    }

    [Test]
    public void ML_NETs_tools_take_boosted_trees_with_the_columns_of_a_classifier()
    {
        IDataView view = View(3000, 3000, 1);
        var estimator = _mlContext.Gbi.RatioTrees(new RatioTreesOptions { AppendsClassifierColumns = true, Training = Few });
        var folds = _mlContext.BinaryClassification.CrossValidate(view, estimator, numberOfFolds: 2);
        EstimatorChain<RatioTreesTransformer> pipeline = _mlContext.Transforms.CopyColumns("Copy", "Weight").Append(estimator);
        TransformerChain<RatioTreesTransformer> ratio = pipeline.Fit(view);
        using var saved = new MemoryStream();
        _mlContext.Model.Save(ratio, view.Schema, saved);
        ITransformer loaded = _mlContext.Model.Load(saved, out _);
        ITransformer[] models = [ratio, loaded, _mlContext.Gbi.Restore(loaded)];
        CalibratedBinaryClassificationMetrics[] metrics =
            [.. models.Select(model => _mlContext.BinaryClassification.Evaluate(model.Transform(view)))];
        var importance = _mlContext.BinaryClassification.PermutationFeatureImportance(ratio.LastTransformer, ratio.Transform(view));

        // P(x₁ > x₀) = Φ(1/√2) and P(x₁ > 0) = Φ(1/2) for unit Gaussians one apart.
        Assert.Multiple(() =>
        {
            Assert.That(folds.Select(fold => fold.Metrics.AreaUnderRocCurve), Is.All.EqualTo(0.760).Within(0.03));
            Assert.That(metrics.Select(one => one.AreaUnderRocCurve), Is.All.EqualTo(0.760).Within(0.03));
            Assert.That(metrics.Select(one => one.Accuracy), Is.All.EqualTo(0.691).Within(0.03));
            Assert.That(metrics.Select(one => one.LogLossReduction), Is.All.EqualTo(metrics[0].LogLossReduction).Within(1e-6));
            Assert.That(metrics[0].LogLossReduction, Is.GreaterThan(0.1));
            Assert.That(importance.Min(one => one.AreaUnderRocCurve.Mean), Is.LessThan(-0.1));
        });
    }

    [Test]
    public void The_columns_of_a_classifier_are_like_those_of_ML_NETs_own()
    {
        IDataView view = View(2000, 1000, 1);
        var estimator = _mlContext.Gbi.RatioTrees(new RatioTreesOptions
        {
            AppendsClassifierColumns = true,
            SpreadColumn = "Spread",
            Training = Few,
        });
        IDataView own = estimator.Fit(view).Transform(view);
        IDataView other = LogisticRegression.Fit(view).Transform(view);
        float[] logRatios = [.. own.GetColumn<float>("LogRatio")];

        Assert.Multiple(() =>
        {
            foreach (string name in (string[])["Score", "Probability", "PredictedLabel"])
            {
                Assert.That(own.Schema[name].Type, Is.EqualTo(other.Schema[name].Type));
                Assert.That(
                    own.Schema[name].Annotations.Schema.Select(note => note.Name),
                    Is.EquivalentTo(other.Schema[name].Annotations.Schema.Select(note => note.Name)));
            }

            Assert.That(own.GetColumn<float>("Score"), Is.EqualTo(logRatios));
            Assert.That(own.GetColumn<bool>("PredictedLabel"), Is.EqualTo(logRatios.Select(ratio => ratio > 0)));
            Assert.That(
                own.GetColumn<float>("Probability"),
                Is.EqualTo(logRatios.Select(ratio => Math.Exp(ratio) / (1 + Math.Exp(ratio)))).Within(1e-6));
        });
    }

    [Test]
    public void Samples_in_views_of_their_own_need_no_label_and_tell_progress()
    {
        IDataView One(int count, int seed, bool label) => _mlContext.Data.LoadFromEnumerable(
            Rows(label ? count : 0, label ? 0 : count, seed).Select(row => new Unlabelled { Features = row.Features }));
        var progress = new Collected();
        RatioTreesTransformer ratio = _mlContext.Gbi.RatioTrees(
            One(3000, 1, true), One(3000, 2, false), new RatioTreesOptions { Training = Few }, progress);
        float[] scores = [.. ratio.Transform(_mlContext.Data.LoadFromEnumerable(
            new[] { new Unlabelled { Features = [-1, 0] }, new Unlabelled { Features = [1, 0] } })).GetColumn<float>("LogRatio")];
        Assert.That(scores[1] - scores[0], Is.EqualTo(2).Within(0.6));
        Assert.That(progress.Last, Is.EqualTo(1));
        Assert.That(
            () => _mlContext.Gbi.RatioTrees().Fit(View(100, 100, 1), progress: null, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static Gbi.Ratios.RatioOptions Few { get; } = new() { FoldCount = 2, MemberCount = 1 };

    private LbfgsLogisticRegressionBinaryTrainer LogisticRegression => _mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression();

    private IDataView View(int numerator, int denominator, int seed) =>
        _mlContext.Data.LoadFromEnumerable(Rows(numerator, denominator, seed).ToArray());

    private IDataView Named(params string[] names)
    {
        var schema = SchemaDefinition.Create(typeof(Event));
        var slots = new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(name => name.AsMemory())]);
        schema["Features"].AddAnnotation(
            "SlotNames", slots, new VectorDataViewType(TextDataViewType.Instance, names.Length));
        return _mlContext.Data.LoadFromEnumerable(Rows(2000, 2000, 1).ToArray(), schema);
    }

    /// <summary>Gaussians at ±½ in the first feature; the weights of the numerator are 4.</summary>
    private static IEnumerable<Event> Rows(int numerator, int denominator, int seed)
    {
        Random random = new Seed((ulong)seed).CreateRandom();
        return Enumerable.Range(0, numerator + denominator).Select(i => new Event
        {
            Label = i < numerator,
            Weight = i < numerator ? 4 : 1,
            Features = [(float)random.NextNormal(i < numerator ? 0.5 : -0.5, 1), (float)random.NextDouble()],
        });
    }

    private sealed class Event
    {
        public bool Label { get; set; }

        public float Weight { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Unlabelled
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Collected : IProgress<double>
    {
        public double Last { get; private set; }

        public void Report(double value) => Last = Math.Max(Last, value);
    }
}
