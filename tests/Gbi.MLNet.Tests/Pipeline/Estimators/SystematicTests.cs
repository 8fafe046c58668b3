using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Likelihoods.Factors;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Gbi.Ratios.Parametric;
using Gbi.Trees.Binning;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>What the estimators of parametric ratios and of scores give beyond the contract of all estimators.</summary>
[TestFixture]
internal sealed class SystematicTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Test]
    public void Columns_hold_the_coefficients_of_the_ratio_also_after_loading()
    {
        // x ~ N(0.3 ν, 1) with weights 1 + 0.1 ν: the same trees as on arrays.
        Sample[] samples = Simulate([-1, 0, 1]);
        IDataView data = _mlContext.Data.LoadFromEnumerable(samples);
        var options = new SystematicOptions { ParameterColumns = ["Nu"], WeightColumn = "Weight" };
        SystematicTransformer fitted = _mlContext.Gbi.Systematic(options).Fit(data);

        EventTable events = EventTable.FromColumns(("Features0", [.. samples.Select(sample => sample.Features[0])]))
            .WithWeights(samples.Select(sample => (double)sample.Weight).ToArray());
        ParametricRatio expected = ParametricTrees.Train(
            FeatureBins.Learn(events, ["Features0"]).Apply(events),
            new BasePointSample(
                new BasePoints(["Nu"], [[-1], [0], [1]]), samples.Select(sample => (int)sample.Nu + 1).ToArray(), events.Weights),
            options.Training.Ratio);
        float[] coefficients = expected.Coefficients(events);
        using var folder = new ScratchFolder();
        _mlContext.Model.Save(fitted, data.Schema, folder["model.zip"]);
        foreach (ITransformer model in new[] { fitted, _mlContext.Model.Load(folder["model.zip"], out _) })
        {
            IDataView scored = model.Transform(data);
            Assert.That(scored.GetColumn<float>("Delta_Nu"), Is.EqualTo(coefficients.Where((_, i) => i % 2 == 0)).Within(1e-6f));
            Assert.That(scored.GetColumn<float>("Delta_Nu^2"), Is.EqualTo(coefficients.Where((_, i) => i % 2 == 1)).Within(1e-6f));
        }
    }

    [Test]
    public void Parquet_carries_the_coefficients_to_a_variation()
    {
        using var folder = new ScratchFolder();
        _mlContext.Gbi.SaveParquet(View(Simulate([-1, 0, 1])), folder["events.parquet"]);
        IDataView stored = _mlContext.Gbi.LoadParquet(folder["events.parquet"]);
        IDataView data = _mlContext.Transforms.Concatenate("Features", "Features.0").Fit(stored).Transform(stored);
        SystematicTransformer fitted = _mlContext.Gbi
            .Systematic(new SystematicOptions { ParameterColumns = ["Nu"], WeightColumn = "Weight", OutputPrefix = "jes_" }).Fit(data);
        _mlContext.Gbi.SaveParquet(fitted.Transform(data), folder["scored.parquet"], ["Features.0", "jes_Nu", "jes_Nu^2"]);

        EventTable scored = new ParquetEventReader(folder["scored.parquet"]).Read(["Features.0", .. fitted.Columns]);
        EventTable direct = fitted.Ratio.AppendTo(
            EventTable.FromColumns((fitted.Ratio.Features[0], scored["Features.0"].ToArray())), "jes_");
        foreach (string column in ExponentialVariation.Of(fitted.Ratio.Monomials, "jes_").Columns)
        {
            Assert.That(scored[column].ToArray(), Is.EqualTo(direct[column].ToArray()), column);
        }
    }

    [Test]
    public void A_systematic_learnt_before_becomes_a_transformer()
    {
        IDataView data = View(Simulate([-1, 0, 1]));
        SystematicTransformer fitted = _mlContext.Gbi.Systematic(new SystematicOptions { ParameterColumns = ["Nu"] }).Fit(data);
        SystematicTransformer again = _mlContext.Gbi.Systematic(fitted.Ratio, outputPrefix: "Again_");

        IDataView scored = again.Transform(fitted.Transform(data));
        Assert.That(again.Columns, Is.EqualTo(new[] { "Again_Nu", "Again_Nu^2" }));
        Assert.That(scored.GetColumn<float>("Again_Nu^2"), Is.EqualTo(scored.GetColumn<float>("Delta_Nu^2")));
        Assert.That(
            () => _mlContext.Gbi.Systematic(fitted.Ratio, featureColumn: "Weight").Transform(data),
            Throws.TypeOf<DataException>().With.Message.Contains("'Weight' is Single, expected Vector<Single, 1>"));
    }

    [Test]
    public void Events_held_out_stop_the_training_and_test_the_closure()
    {
        IDataView data = View(Simulate([-1, 0, 1]));
        var options = new SystematicOptions
        {
            ParameterColumns = ["Nu"],
            WeightColumn = "Weight",
            Training = new() { HeldOutFraction = 0.3, Ratio = new() { Trees = new() { TreeCount = 200, EarlyStoppingRounds = 10 } } },
        };
        SystematicTransformer fitted = _mlContext.Gbi.Systematic(options).Fit(data);
        using var folder = new ScratchFolder();
        _mlContext.Model.Save(fitted, data.Schema, folder["model.zip"]);
        var restored = (SystematicTransformer)_mlContext.Gbi.Restore(_mlContext.Model.Load(folder["model.zip"], out _));

        Assert.Multiple(() =>
        {
            Assert.That(fitted.Ratio.Trees.TreeCount, Is.LessThan(100));
            Assert.That(fitted.Closure.Select(closure => closure.Point), Is.EqualTo(new double[][] { [-1], [1] }));
            Assert.That(fitted.Closure[1].MeanRatio.Value, Is.EqualTo(1.1).Within(4 * fitted.Closure[1].YieldRatioError));
            Assert.That(fitted.Closure[1].After.Distance, Is.LessThan(fitted.Closure[1].Before.Distance));
            Assert.That(restored.Closure, Is.Empty);
            Assert.That(restored.Columns, Is.EqualTo(fitted.Columns));
            Assert.That(
                () => _mlContext.Gbi.Systematic(options with { Training = options.Training with { HeldOutFraction = 0 } }),
                Throws.ArgumentException.With.Message.Contains("early stopping needs events held out"));
        });
    }

    [Test]
    public void A_score_is_learnt_from_several_columns()
    {
        Sample[] samples = Simulate([0]);
        IDataView data = _mlContext.Data.LoadFromEnumerable(samples);
        ScoreTreesTransformer fitted = _mlContext.Gbi.ScoreTrees(new ScoreTreesOptions { ScoreColumns = ["Weight", "Latent"] }).Fit(data);
        IDataView scored = fitted.Transform(data);

        // The weight is 1 everywhere; the latent number is the feature less noise of width 0.6, and E[z|x] = 0.64 x.
        float[] estimate = [.. scored.GetColumn<float>("Estimated_Latent")];
        double error = Math.Sqrt(estimate.Select((value, row) => Math.Pow(value - (0.64 * samples[row].Features[0]), 2)).Average());
        Assert.That(scored.GetColumn<float>("Estimated_Weight"), Has.All.EqualTo(1f).Within(1e-5f));
        Assert.That(error, Is.LessThan(0.2));
        Assert.That(fitted.Trees.OutputCount, Is.EqualTo(2));
    }

    [Test]
    public void Columns_that_give_no_base_points_are_refused()
    {
        var options = new SystematicOptions { ParameterColumns = ["Nu"] };
        Assert.That(
            () => _mlContext.Gbi.Systematic(options).Fit(View(Simulate([0, 1]))),
            Throws.TypeOf<DataException>().With.Message.Contains(
                "columns Nu give no base points to learn from").And.Message.Contains("nu^2").IgnoreCase);
        Assert.That(
            () => _mlContext.Gbi.Systematic(options).Fit(View(Simulate([1, 2, 3]))),
            Throws.TypeOf<DataException>().With.Message.Contains("is nominal"));
        Assert.That(
            () => _mlContext.Gbi.Systematic(options with { ParameterColumns = ["Latent"] }).Fit(View(Simulate([0]))),
            Throws.TypeOf<DataException>().With.Message.Contains("more than 256 different points"));
        Sample[] broken = Simulate([0, 1, 2]);
        broken[7].Nu = float.NaN;
        Assert.That(
            () => _mlContext.Gbi.Systematic(options).Fit(View(broken)),
            Throws.TypeOf<DataException>().With.Message.Contains("'Nu' is infinite or no number in row 7"));
    }

    [Test]
    public void Options_that_do_not_fit_are_refused()
    {
        string[] six = ["a", "b", "c", "d", "e", "f"];
        Assert.That(
            () => _mlContext.Gbi.Systematic(new SystematicOptions { ParameterColumns = [] }),
            Throws.ArgumentException.With.Message.Contains("parameters are none"));
        Assert.That(
            () => _mlContext.Gbi.Systematic(new SystematicOptions { ParameterColumns = six }),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("27 outputs").And.Message.Contains("the most is 16"));
        Assert.That(
            () => _mlContext.Gbi.Systematic(new SystematicOptions { ParameterColumns = ["a"], Monomials = [Monomial.Of("b")] }),
            Throws.ArgumentException.With.Message.Contains("'b', which is no parameter"));
        Assert.That(
            () => new ScoreTreesOptions { ScoreColumns = [] }, Throws.ArgumentException.With.Message.Contains("ScoreColumns is empty"));
        Assert.That(
            () => new ScoreTreesOptions { ScoreColumns = ["Latent"], Training = new() { EarlyStoppingRounds = 3 } },
            Throws.ArgumentException.With.Message.Contains("EarlyStoppingRounds is 3, but a pipeline holds out no events"));
        Assert.That(
            () =>
                _mlContext.Gbi.ScoreTrees(new ScoreTreesOptions { ScoreColumns = ["Latent"], OutputColumns = ["a", "b"] })
                    .Fit(View(Simulate([0]))),
            Throws.TypeOf<DataException>().With.Message.Contains("Latent hold 1 numbers and there are 2 output columns"));
    }

    private IDataView View(Sample[] samples) => _mlContext.Data.LoadFromEnumerable(samples);

    private static Sample[] Simulate(int[] points)
    {
        Random random = new Seed(1).CreateRandom();
        return [.. Enumerable.Range(0, 2000 * points.Length).Select(row =>
        {
            int nu = points[row % points.Length];
            double latent = random.NextNormal(0, 0.8);
            return new Sample
            {
                Nu = nu,
                Weight = 1 + (0.1f * nu),
                Latent = (float)latent,
                Features = [(float)((0.3 * nu) + random.NextNormal(latent, 0.6))],
            };
        })];
    }

    private sealed class Sample
    {
        public float Nu { get; set; }

        public float Weight { get; set; }

        public float Latent { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [];
    }
}
