using System.Text.Json;
using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Export;
using Gbi.Ratios;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Tests.Onnx.Export;

/// <summary>ONNX Runtime gives the log ratios of the models themselves, on 100,000 events unless said otherwise.</summary>
[TestFixture]
internal sealed class OnnxExportTests
{
    private const double Tolerance = 1e-5;

    private static readonly string[] Features = ["x", "noise", "flag"];

    private static readonly Lazy<RatioModel> Model = new(() => Train(Features, 3, 2));

    private static readonly Lazy<EventTable> Events = new(() =>
    {
        // Half of them like the training's, half on thresholds, where a float too high or too low takes another leaf.
        EventTable drawn = Flagged(TwoGaussians.Numerator(25_000, 3).Append(TwoGaussians.Denominator(25_000, 3)), 3);
        return drawn.Append(ThresholdEvents.Of(Model.Value, 50_000));
    });

    [Test]
    public void Log_ratios_are_those_of_the_model()
    {
        Assert.That(Model.Value.Calibration, Is.Not.Null);
        AssertAlike(Model.Value);
    }

    [Test]
    public void One_fold_with_one_member_and_no_calibration_is_the_trees_alone() => AssertAlike(Edited(document =>
    {
        document["folds"] = new JsonArray(new JsonArray(document["folds"]![0]![0]!.DeepClone()));
        document["calibration"] = null;
        document["foldCalibrations"] = new JsonArray();
    }));

    [Test]
    public void The_calibration_goes_on_with_slope_1_beyond_its_knots_and_is_exact_where_it_is_steep()
    {
        // Scores reach from about −5 to 5; the slope between the last knots is 20.
        RatioModel model = Calibrated([-0.5, 0.25, 0.3], [-2, 0, 1]);
        float[] scores = model.Score(Events.Value).LogRatio.ToArray();
        Assert.That((scores.Min(), scores.Max()), Is.EqualTo((-5f, 5f)).Within(1.5f));
        AssertAlike(model);
    }

    [Test]
    public void A_calibration_with_one_knot_is_a_shift() => AssertAlike(Calibrated([0.5], [0.75]));

    [Test]
    public void Every_calibration_is_written()
    {
        AssertAlike(Calibrated("Platt", null, null, [1.3, -0.2]));
        AssertAlike(Calibrated("Beta", null, null, [0.7, 1.6, 0.1]));
        AssertAlike(Calibrated("Histogram", [-1.1, 0.3, 2.05], [-2, 0, 0.5, 2]));
        AssertAlike(Calibrated("Histogram", [], [0.1]));
        AssertAlike(Calibrated("Mixture", null, null, [0.03]));
    }

    [Test]
    public void A_border_of_a_histogram_belongs_to_the_cell_above_it()
    {
        // The borders are scores that events have, to the last digit: those of the model without calibration.
        RatioModel plain = Edited(document =>
        {
            document["calibration"] = null;
            document["foldCalibrations"] = new JsonArray();
        });
        RatioModel trees = RatioModel.Parse(OneFold(plain));
        double[] borders =
        [
            .. trees.Score(Events.Value).LogRatio.ToArray()
                .Distinct()
                .Order()
                .Chunk(500)
                .Select(chunk => (double)chunk[0])
                .Skip(1)
                .Take(100)
        ];
        JsonNode document = JsonNode.Parse(trees.Serialize())!;
        document["calibration"] = JsonSerializer.SerializeToNode(
            new
            {
                method = "Histogram",
                scores = borders,
                logRatios = Enumerable.Range(0, borders.Length + 1).Select(cell => cell * 0.01)
            });
        document["foldCalibrations"] = new JsonArray(document["calibration"]!.DeepClone());
        var model = RatioModel.Parse(document.ToJsonString());
        using OnnxFile file = OnnxFile.Of(model);
        float[] found = file.Run(Events.Value);
        float[] expected = model.Score(Events.Value).LogRatio.ToArray();
        float[] scores = trees.Score(Events.Value).LogRatio.ToArray();

        // Another cell is allowed where the two sums of the same leaves differ in the last digit, next to a border.
        int[] elsewhere =
            [.. Enumerable.Range(0, found.Length).Where(row => Math.Abs(found[row] - expected[row]) > Tolerance)];
        Assert.That(elsewhere, Has.Length.LessThan(found.Length / 1000));
        Assert.That(elsewhere.Select(row => borders.Min(border => Math.Abs(border - scores[row]))), Is.All.LessThan(1e-6));
    }

    [Test]
    public void A_ratio_that_is_lowered_by_its_error_is_refused() => Assert.That(
        () => OnnxFile.Bytes(Edited(document => document["confidenceShift"] = 1.5)),
        Throws.TypeOf<DataException>().With.Message.Contains("lowered by 1.5 standard errors"));

    [Test]
    public void Log_ratios_are_clipped_like_the_models()
    {
        RatioModel model = Edited(document => document["maxAbsLogRatio"] = 0.5);
        Assert.That(model.Score(Events.Value).ClippedCount, Is.GreaterThan(10_000));
        AssertAlike(model);
    }

    [Test]
    public void Trees_with_one_leaf_are_constants()
    {
        // No leaf can hold that much curvature, so that no tree is split.
        RatioModel model = Train(Features, 2, 1, new TreeOptions { TreeCount = 3, MinLeafHessian = 1e9 });
        using OnnxFile file = OnnxFile.Of(model);
        float[] found = file.Run(Events.Value.Slice(0, 100));
        Assert.That(found, Is.EqualTo(model.Score(Events.Value.Slice(0, 100)).LogRatio.ToArray()).Within(Tolerance));
        Assert.That(found.Distinct().Count(), Is.EqualTo(1));
    }

    [TestCase(0), TestCase(1), TestCase(7), TestCase(1000)]
    public void Any_number_of_events_goes_in_one_call(int count)
    {
        using OnnxFile file = OnnxFile.Of(Model.Value);
        EventTable events = Events.Value.Slice(40_000, count);
        Assert.That(file.Run(events), Is.EqualTo(Model.Value.Score(events).LogRatio.ToArray()).Within(Tolerance));
    }

    [Test]
    public void Parametric_trees_give_their_coefficients()
    {
        EventTable events = Flagged(TwoGaussians.Numerator(5000, 5), 5);
        BinnedEvents data = FeatureBins.Learn(events, Features).Apply(events);
        TreeEnsemble trees = ParametricTrees.TrainJointOverMarginal(
            data, events["x"].ToArray(), [.. Enumerable.Repeat(1.0, events.Count)], new TreeOptions { TreeCount = 10 }, new Seed(5)).Trees;
        using OnnxFile file = OnnxFile.Of(trees, "constant", "t", "t2");

        float[] found = file.Run(Events.Value);

        Assert.That(found, Has.Length.EqualTo(3 * Events.Value.Count));
        Assert.That(LargestDifference(found, trees.Predict(Events.Value)), Is.LessThanOrEqualTo(Tolerance));
        Assert.That(file.Metadata.CustomMetadataMap[OnnxExport.CoefficientsKey], Is.EqualTo("constant,t,t2"));
    }

    [Test]
    public void Names_of_features_and_samples_stand_in_the_metadata()
    {
        using OnnxFile file = OnnxFile.Of(Model.Value.Named("signal", "background, all"));

        Assert.That(file.Metadata.CustomMetadataMap, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["gbi.kind"] = "ratio",
            ["gbi.features"] = "x,noise,flag",
            ["gbi.numerator"] = "signal",
            ["gbi.denominator"] = "background, all",
        }));
        Assert.That(file.Metadata.ProducerName, Is.EqualTo("Gbi.MLNet"));
    }

    [Test]
    public void A_name_with_a_comma_is_refused()
    {
        EventTable events = TwoGaussians.Numerator(500, 1);
        EventTable renamed = events.WithColumn("a,b", events.Memory("x"));
        RatioModel model = RatioTrainer.CrossFit(
            renamed, renamed, ["a,b"], new RatioOptions { FoldCount = 2, MemberCount = 1, Trees = new TreeOptions { TreeCount = 1 } },
            new Seed(1)).Model;

        Assert.That(() => OnnxFile.Bytes(model), Throws.TypeOf<DataException>().With.Message.StartsWith("Feature 'a,b' has a comma"));
    }

    [Test]
    public void Each_output_of_trees_needs_a_name()
    {
        EventTable events = TwoGaussians.Numerator(500, 1);
        BinnedEvents data = FeatureBins.Learn(events, ["x"]).Apply(events);
        TreeEnsemble trees = ParametricTrees.TrainJointOverMarginal(
            data, events["x"].ToArray(), [.. Enumerable.Repeat(1.0, 500)], new TreeOptions { TreeCount = 1 }, new Seed(1)).Trees;

        Assert.That(() => OnnxFile.Bytes(trees, "one"), Throws.ArgumentException.With.Message.Contains("1 names for trees with 3 outputs"));
    }

    [Test]
    public void The_same_model_is_written_with_the_same_bytes() =>
        Assert.That(OnnxFile.Bytes(RatioModel.Parse(Model.Value.Serialize())), Is.EqualTo(OnnxFile.Bytes(Model.Value)));

    [Test]
    public void Parity_is_measured_and_another_model_fails_it()
    {
        RatioModel shifted = Edited(document => document["logNormalisation"] = Model.Value.LogNormalisation + 2e-5);
        EventTable events = Events.Value.Slice(0, 70_000);

        OnnxParity own = OnnxParity.Measure(Model.Value, OnnxFile.Bytes(Model.Value), events, threads: 1);
        OnnxParity other = OnnxParity.Measure(Model.Value, OnnxFile.Bytes(shifted), events);

        Assert.Multiple(() =>
        {
            Assert.That((own.EventCount, own.IsAccepted), Is.EqualTo((70_000, true)));
            Assert.That(other.MaxDifference, Is.EqualTo(2e-5).Within(5e-6));
            Assert.That(other.IsAccepted, Is.False);
            Assert.That(
                () => OnnxParity.Measure(Model.Value, [1, 2, 3], events),
                Throws.TypeOf<DataException>().With.Message.StartsWith("ONNX Runtime refuses"));
        });
    }

    [Test]
    public void Threshold_events_miss_values_of_every_feature_and_are_the_same_at_every_call()
    {
        EventTable events = ThresholdEvents.Of(Model.Value, 1000);
        EventTable again = ThresholdEvents.Of(Model.Value, 1000);
        Assert.Multiple(() =>
        {
            foreach (string feature in Features)
            {
                float[] values = events[feature].ToArray();
                bool isSometimesMissing = Model.Value.SometimesMissing!.Contains(feature);
                Assert.That(values.Count(float.IsNaN), isSometimesMissing ? Is.InRange(20, 600) : Is.Zero, feature);
                Assert.That(again[feature].ToArray(), Is.EqualTo(values), feature);
            }
        });
    }

    private static void AssertAlike(RatioModel model)
    {
        EventTable events = Events.Value;
        Assert.That(events.Count, Is.EqualTo(100_000));
        using OnnxFile file = OnnxFile.Of(model);
        Assert.That(LargestDifference(file.Run(events), model.Score(events).LogRatio), Is.LessThanOrEqualTo(Tolerance));
    }

    private static double LargestDifference(float[] found, ReadOnlySpan<float> expected) =>
        found.Zip(expected.ToArray(), (a, b) => Math.Abs((double)a - b)).Max();

    private static RatioModel Calibrated(double[] scores, double[] logRatios) => Calibrated("Isotonic", scores, logRatios);

    private static RatioModel Calibrated(string method, double[]? scores, double[]? logRatios, double[]? coefficients = null) =>
        Edited(document => document["calibration"] = JsonSerializer.SerializeToNode(new { method, scores, logRatios, coefficients }));

    private static string OneFold(RatioModel model)
    {
        JsonNode document = JsonNode.Parse(model.Serialize())!;
        document["folds"] = new JsonArray(new JsonArray(document["folds"]![0]![0]!.DeepClone()));
        document["logNormalisation"] = 0;
        return document.ToJsonString();
    }

    private static RatioModel Edited(Action<JsonNode> edit)
    {
        JsonNode document = JsonNode.Parse(Model.Value.Serialize())!;
        edit(document);
        return RatioModel.Parse(document.ToJsonString());
    }

    private static RatioModel Train(string[] features, int folds, int members, TreeOptions? trees = null) => RatioTrainer.CrossFit(
        Flagged(TwoGaussians.Numerator(6000, 1), 1),
        Flagged(TwoGaussians.Denominator(4000, 1), 2),
        features,
        new RatioOptions
        {
            FoldCount = folds,
            MemberCount = members,
            ChoosesLeafCount = false,
            Trees = trees ?? new TreeOptions { TreeCount = 30, LeafCount = 8 },
        },
        new Seed(1)).Model;

    /// <summary>
    /// One more column that is 0 or missing, more often missing at small x: a tree can only send all values to one side, by a threshold
    /// of +∞. The noise is missing here and there.
    /// </summary>
    private static EventTable Flagged(EventTable events, ulong seed)
    {
        Random random = new Seed(seed).CreateRandom();
        float[] x = events["x"].ToArray();
        float[] noise = [.. events["noise"].ToArray().Select(value => random.NextDouble() < 0.05 ? float.NaN : value)];
        float[] flag = [.. x.Select(value => random.NextDouble() < 1 / (1 + Math.Exp(value)) ? float.NaN : 0)];
        return EventTable.FromColumns(("x", x), ("noise", noise), ("flag", flag));
    }
}
