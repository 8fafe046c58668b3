using Gbi.Events;
using Gbi.Numerics;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators.Posteriors;
using Gbi.Posteriors.Autoregressive;
using Gbi.Simulators.Priors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>θ ~ N(0, 1) and N(5, 1), x ~ N(θ, ½²) each: the posteriors are N(μ + 0.8 (x − μ), 0.2).</summary>
public sealed class PosteriorEstimatorTests
{
    private static readonly double Width = Math.Sqrt(0.2);

    private static readonly PosteriorOptions Options = new()
    {
        Prior = Prior.Independent(Prior.Normal("A", 0, 1), Prior.Normal("B", 5, 1)),
        FeatureColumns = ["X", "Y"],
        QuantileLevels = [0.1, 0.5],
        DrawColumn = "Draws",
        DrawCount = 400,
        Training = new TreePosteriorOptions { MemberCount = 1 },
    };

    private readonly MLContext _mlContext = new(seed: 1);
    private IDataView _data = null!;
    private PosteriorTransformer _fitted = null!;

    [OneTimeSetUp]
    public void Fit()
    {
        _data = _mlContext.Data.LoadFromEnumerable(Rows(1500, new Seed(1)));
        _fitted = _mlContext.Gbi.Posterior(Options).Fit(_data);
    }

    [Test]
    public void Means_widths_and_quantiles_are_those_of_the_exact_posterior()
    {
        Row[] rows = Rows(200, new Seed(2));
        Output[] found = Transformed(_fitted, rows);
        double[] offA = [.. rows.Zip(found, (row, of) => of.PosteriorMean[0] - (0.8 * row.X))];
        double[] offB = [.. rows.Zip(found, (row, of) => of.PosteriorMean[1] - (5 + (0.8 * (row.Y - 5))))];

        // What 1,500 simulations determine, and the noise of 400 draws, 0.02.
        Assert.Multiple(() =>
        {
            Assert.That(Math.Sqrt(offA.Average(off => off * off)), Is.LessThan(0.12));
            Assert.That(Math.Sqrt(offB.Average(off => off * off)), Is.LessThan(0.12));
            Assert.That(found.Average(of => of.PosteriorDeviation[0]), Is.EqualTo(Width).Within(0.04));
            Assert.That(found.Average(of => of.PosteriorQuantiles[1] - of.PosteriorMean[0]), Is.EqualTo(0).Within(0.03));
            Assert.That(found.Average(of => of.PosteriorQuantiles[2] - of.PosteriorMean[1]), Is.EqualTo(-1.2816 * Width).Within(0.06));
        });
        foreach (Output of in found)
        {
            Assert.That(of.PosteriorMean[1], Is.EqualTo(of.Draws[400..].Average(draw => (double)draw)).Within(1e-5));
        }
    }

    [Test]
    public void Columns_are_vectors_with_named_slots_also_after_loading()
    {
        using var folder = new ScratchFolder();
        _mlContext.Model.Save(_fitted, _data.Schema, folder["model.zip"]);
        ITransformer loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        DataViewSchema restored = new MLContext().Gbi.Restore(loaded).GetOutputSchema(_data.Schema);

        Assert.Multiple(() =>
        {
            Assert.That(Slots(restored["PosteriorMean"]), Is.EqualTo(new[] { "A", "B" }));
            Assert.That(Slots(restored["PosteriorQuantiles"]), Is.EqualTo(new[] { "A q0.1", "A q0.5", "B q0.1", "B q0.5" }));
            Assert.That(Slots(restored["Draws"])[399..401], Is.EqualTo(new[] { "A 399", "B 0" }));
            Assert.That(
                loaded.GetOutputSchema(_data.Schema).Skip(_data.Schema.Count).Select(column => $"{column.Name} {column.Type}"),
                Is.EqualTo(restored.Skip(_data.Schema.Count).Select(column => $"{column.Name} {column.Type}")));
            Assert.That(_fitted.Posterior.Features, Is.EqualTo(new[] { "X", "Y" }));
        });
        Output[] fromFile = Transformed(loaded, Rows(5, new Seed(3)));
        Assert.That(
            fromFile.Select(of => of.Draws), Is.EqualTo(Transformed(_fitted, Rows(5, new Seed(3))).Select(of => of.Draws)).Within(1e-5));
    }

    [Test]
    public void A_rows_draws_depend_on_its_features_alone()
    {
        Row[] rows = Rows(150, new Seed(4));
        Row[] reversed = [.. rows.Reverse()];
        (Output[] one, Output[] two) = ThreadLimit.Compare(() => Transformed(_fitted, rows));
        Output[] backwards = Transformed(_fitted, reversed);

        Assert.That(two.Select(of => of.Draws), Is.EqualTo(one.Select(of => of.Draws)));
        Assert.That(backwards.Reverse().Select(of => of.Draws), Is.EqualTo(one.Select(of => of.Draws)).Within(1e-5));
        Assert.That(one[0].Draws, Is.Not.EqualTo(one[1].Draws));
        Row same = rows[7] with { A = 3 };
        Assert.That(Transformed(_fitted, [same])[0].Draws, Is.EqualTo(one[7].Draws).Within(1e-5));
    }

    [Test]
    public void A_trainer_behind_it_is_saved_and_loaded_with_it()
    {
        using var folder = new ScratchFolder();
        TransformerChain<ITransformer> chain = new EstimatorChain<ITransformer>()
            .Append<ITransformer>(_mlContext.Gbi.Posterior(Options with { DrawColumn = null, DrawCount = 20 }))
            .Append<ITransformer>(_mlContext.Regression.Trainers.Sdca("A", "PosteriorMean"))
            .Fit(_mlContext.Data.LoadFromEnumerable(Rows(300, new Seed(1))));
        _mlContext.Model.Save(chain, _data.Schema, folder["chain.zip"]);
        IDataView rows = _mlContext.Data.LoadFromEnumerable(Rows(20, new Seed(5)));
        float[] loaded = [.. new MLContext().Model.Load(folder["chain.zip"], out _).Transform(rows).GetColumn<float>("Score")];

        Assert.That(loaded, Is.EqualTo(chain.Transform(rows).GetColumn<float>("Score")).Within(1e-5));
    }

    [Test]
    public void A_missing_value_is_taken_and_an_infinite_one_is_named()
    {
        Assert.That(
            Transformed(_fitted, [new Row(0, 0, float.NaN, 5)])[0].PosteriorMean, Has.All.Matches<float>(float.IsFinite));
        Assert.That(
            () => Transformed(_fitted, [new Row(0, 0, 0, float.PositiveInfinity)]),
            Throws.TypeOf<DataException>().With.Message.StartsWith("Feature 'Y' of a posterior is infinite"));
    }

    [Test]
    public void What_cannot_be_a_posterior_is_refused_in_a_sentence() => Assert.Multiple(() =>
    {
        Assert.That(
            () => _mlContext.Gbi.Posterior(Options with { FeatureColumns = ["X", "A"] }).Fit(_data),
            Throws.TypeOf<DataException>().With.Message.StartsWith("'A' is a parameter of the prior and a feature"));
        Assert.That(
            () => _mlContext.Gbi.Posterior(Options with { FeatureColumns = ["X", "Z"] }).Fit(_data),
            Throws.TypeOf<DataException>().With.Message.StartsWith("There is no column 'Z'"));
        Assert.That(
            () => _mlContext.Gbi.Posterior(Options with { Prior = Prior.Uniform("A", 0, 1) }).Fit(_data),
            Throws.TypeOf<DataException>().With.Message.Contains("outside the prior's range"));
        Assert.That(
            () => _mlContext.Gbi.Posterior(Options with { DrawCount = 600_000 }),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("append fewer draws"));
        Assert.That(
            () => _mlContext.Gbi.Posterior(Options with { DrawColumn = "PosteriorMean" }),
            Throws.ArgumentException.With.Message.Contains("the same name"));
        Assert.That(
            () => _mlContext.Gbi.Posterior(Options with
            {
                MeanColumn = null,
                DeviationColumn = null,
                QuantileColumn = null,
                DrawColumn = null,
            }),
            Throws.ArgumentException.With.Message.StartsWith("No column would be appended"));
        Assert.That(() => Options with { FeatureColumns = ["X", "X"] }, Throws.ArgumentException);
        Assert.That(() => Options with { QuantileLevels = [1] }, Throws.ArgumentException);
        Assert.That(() => Options with { DrawCount = 1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    });

    [Test]
    public void A_posterior_that_was_learnt_before_is_taken_as_it_is()
    {
        PosteriorTransformer again = _mlContext.Gbi.Posterior(_fitted.Posterior, Options);
        Row[] rows = Rows(3, new Seed(6));
        Assert.That(
            Transformed(again, rows).Select(of => of.Draws), Is.EqualTo(Transformed(_fitted, rows).Select(of => of.Draws)));
    }

    private Output[] Transformed(ITransformer model, Row[] rows) =>
        [.. _mlContext.Data.CreateEnumerable<Output>(model.Transform(_mlContext.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];

    private static string[] Slots(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static Row[] Rows(int count, Seed seed) => [.. Enumerable.Range(0, count).Select(row =>
    {
        (double a, double b) = seed.Child("theta").NormalPair(row);
        (double x, double y) = seed.Child("x").NormalPair(row);
        return new Row((float)a, (float)(5 + b), (float)(a + (0.5 * x)), (float)(5 + b + (0.5 * y)));
    })];

    private sealed record Row(float A, float B, float X, float Y);

    private sealed class Output
    {
        public float[] PosteriorMean { get; set; } = [];

        public float[] PosteriorDeviation { get; set; } = [];

        public float[] PosteriorQuantiles { get; set; } = [];

        public float[] Draws { get; set; } = [];
    }
}
