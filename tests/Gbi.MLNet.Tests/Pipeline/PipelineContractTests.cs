using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Pipeline;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline;

/// <summary>What every estimator of the package keeps, whatever it computes.</summary>
[TestFixtureSource(typeof(EstimatorCase), nameof(EstimatorCase.All))]
public sealed class PipelineContractTests
{
    private static readonly PipelineEvent[] Events = PipelineEvents.Simulate(background: 2400, signal: 600);

    private static readonly string[] Ours =
    [
        "LogRatio", "Spread", "Uncertainty", "BackgroundWeight", "Delta_Nu", "Delta_Nu^2", "Delta_Mu^2", "First", "Second",
        "PosteriorMean", "PosteriorDeviation", "PosteriorQuantiles", "PosteriorDraws",
    ];

    private readonly EstimatorCase _case;
    private readonly MLContext _mlContext = new(seed: 1);
    private IDataView _data = null!;
    private IEstimator<ITransformer> _estimator = null!;
    private ITransformer _fitted = null!;

    public PipelineContractTests(EstimatorCase estimatorCase) => _case = estimatorCase;

    [OneTimeSetUp]
    public void Fit()
    {
        _data = _mlContext.Data.LoadFromEnumerable(Events);
        _estimator = _case.Create(_mlContext);
        _fitted = _estimator.Fit(_data);
    }

    [Test]
    public void The_promised_schema_is_the_real_one()
    {
        string[] promised = Describe(_estimator.GetOutputSchema(SchemaShapes.Of(_data.Schema)));
        string[] real = Describe(SchemaShapes.Of(_fitted.Transform(_data).Schema));
        string[] foreseen = Describe(SchemaShapes.Of(_fitted.GetOutputSchema(_data.Schema)));

        Assert.Multiple(() =>
        {
            Assert.That(promised, Is.EquivalentTo(real));
            Assert.That(foreseen, Is.EqualTo(real));
            Assert.That(real, Has.Some.Match($"^{_case.Output} (Scalar|Vector) Single"));
        });
    }

    [Test]
    public void Scores_are_finite_and_not_all_the_same() => Assert.Multiple(() =>
    {
        Assert.That(Scores(_fitted), Has.All.Matches<float>(float.IsFinite));
        Assert.That(Scores(_fitted).Distinct().Count(), Is.GreaterThan(100));
    });

    [Test]
    public void ML_NETs_conversion_to_ONNX_is_refused()
    {
        using var network = new MemoryStream();
        Assert.That(
            () => _mlContext.Model.ConvertToOnnx(_fitted, _data, network),
            Throws.TypeOf<DataException>().With.Message.Contains("ConvertToOnnx cannot write"));
        Assert.That(() => _fitted.Transform(_data), Throws.Nothing);
    }

    [Test]
    public void A_prediction_engine_and_a_view_give_the_same()
    {
        using PredictionEngine<PipelineEvent, PipelineScore> engine =
            _mlContext.Model.CreatePredictionEngine<PipelineEvent, PipelineScore>(_fitted);
        PipelineScore[] predicted = [.. Events.Take(300).Select(engine.Predict)];

        AssertEqual(
            [.. predicted.Select(score => score[_case.Output])], Scores(_fitted)[..300]);
    }

    [Test]
    public void Two_cursors_agree_whatever_columns_they_ask_for()
    {
        IDataView scored = _fitted.Transform(_data);
        DataViewSchema.Column output = scored.Schema[_case.Output];
        using DataViewRowCursor narrow = scored.GetRowCursor([output]);
        using DataViewRowCursor wide = scored.GetRowCursor(scored.Schema);
        ValueGetter<float> narrowScore = FirstNumber.Of(narrow, output);
        ValueGetter<float> wideScore = FirstNumber.Of(wide, output);
        ValueGetter<VBuffer<float>> features = wide.GetGetter<VBuffer<float>>(scored.Schema["Features"]);
        VBuffer<float> vector = default;
        (float first, float second) = (0, 0);
        int rows = 0;
        while (narrow.MoveNext() && wide.MoveNext())
        {
            narrowScore(ref first);
            wideScore(ref second);
            features(ref vector);
            if (first != second || !vector.DenseValues().SequenceEqual(Events[rows].Features) || wide.Position != rows)
            {
                Assert.Fail($"Row {rows}: {first} and {second}, position {wide.Position}.");
            }

            rows++;
        }

        Assert.That(rows, Is.EqualTo(Events.Length));
        Assert.That(() => narrow.GetGetter<VBuffer<float>>(scored.Schema["Features"]), Throws.InstanceOf<Exception>());
    }

    [Test]
    public void A_set_of_cursors_covers_every_row_once()
    {
        using var folder = new ScratchFolder();
        _mlContext.Gbi.SaveParquet(_data, folder["events.parquet"], options: new ParquetWriteOptions { RowGroupSize = 500 });
        IDataView stored = _mlContext.Gbi.LoadParquet(folder["events.parquet"], new ParquetViewOptions { BooleanColumns = ["Label"] });
        string[] slots = [.. Enumerable.Range(0, 4).Select(slot => $"Features.{slot}")];
        IDataView input = _mlContext.Transforms.Concatenate("Features", slots).Fit(stored).Transform(stored);
        IDataView scored = _fitted.Transform(input);
        DataViewSchema.Column output = scored.Schema[_case.Output];

        var found = new Dictionary<DataViewRowId, float>();
        foreach (DataViewRowCursor cursor in scored.GetRowCursorSet([output], 3))
        {
            Collect(cursor, output, found);
        }

        Assert.That(found, Has.Count.EqualTo(Events.Length));
        var single = new Dictionary<DataViewRowId, float>();
        Collect(scored.GetRowCursor([output], new Random(4)), output, single);
        KeyValuePair<DataViewRowId, float>[] inOrder = [.. found.OrderBy(pair => pair.Key)];
        Assert.That(single.OrderBy(pair => pair.Key), Is.EqualTo(inOrder));
        AssertEqual([.. inOrder.Select(pair => pair.Value)], Scores(_fitted));
    }

    [Test]
    public void Fit_tells_progress_and_can_be_cancelled()
    {
        MethodInfo? fit = _estimator.GetType()
            .GetMethod("Fit", [typeof(IDataView), typeof(IProgress<double>), typeof(CancellationToken)]);
        Assert.That(fit, Is.Not.Null);
        var progress = new Collected();
        object? fitted = fit.Invoke(_estimator, [_data, progress, CancellationToken.None]);

        Assert.Multiple(() =>
        {
            Assert.That(fitted, Is.TypeOf(_case.Transformer));
            Assert.That(progress.Values, Has.All.InRange(0.0, 1.0));
            Assert.That(progress.Values, Has.Member(1.0));
            Assert.That(
                () => fit.Invoke(_estimator, [_data, null, new CancellationToken(canceled: true)]),
                Throws.InnerException.InstanceOf<OperationCanceledException>());
        });
    }

    [Test]
    public void A_missing_column_is_named()
    {
        IDataView without = _mlContext.Transforms.DropColumns(_case.Needed).Fit(_data).Transform(_data);

        Assert.Multiple(() =>
        {
            Assert.That(() => _estimator.Fit(without), Throws.TypeOf<DataException>().With.Message.Contains($"no column '{_case.Needed}'"));
            Assert.That(
                () => _estimator.GetOutputSchema(SchemaShapes.Of(without.Schema)),
                Throws.TypeOf<DataException>().With.Message.Contains($"no column '{_case.Needed}'"));
        });
    }

    [Test]
    public void A_column_of_another_type_is_named_with_both_types()
    {
        IDataView other = _mlContext.Transforms.CopyColumns(_case.Needed, _case.Needed == "Label" ? "Mass" : "Label")
            .Fit(_data)
            .Transform(_data);

        Assert.Multiple(() =>
        {
            Assert.That(
                () => _estimator.Fit(other), Throws.TypeOf<DataException>().With.Message.Match($"'{_case.Needed}' is .*, expected"));
            Assert.That(
                () => _estimator.GetOutputSchema(SchemaShapes.Of(other.Schema)),
                Throws.TypeOf<DataException>().With.Message.Match($"'{_case.Needed}' is .*, expected"));
        });
    }

    [Test]
    public void A_loaded_model_scores_the_same_and_can_be_restored()
    {
        using var folder = new ScratchFolder();
        _mlContext.Model.Save(_fitted, _data.Schema, folder["model.zip"]);
        var fresh = new MLContext();
        ITransformer loaded = fresh.Model.Load(folder["model.zip"], out DataViewSchema schema);
        ITransformer restored = fresh.Gbi.Restore(loaded);

        Assert.That(schema.Select(column => column.Name), Is.EqualTo(_data.Schema.Select(column => column.Name)));
        AssertEqual(Scores(loaded), Scores(_fitted));
        AssertEqual(Scores(restored), Scores(_fitted));
        Assert.That(restored, Is.TypeOf(_case.Transformer));
        Assert.That(
            Describe(SchemaShapes.Of(restored.GetOutputSchema(_data.Schema))),
            Is.EqualTo(Describe(SchemaShapes.Of(_fitted.GetOutputSchema(_data.Schema)))));
    }

    [Test]
    public void A_chain_is_restored_with_its_other_members_and_saved_again()
    {
        using var folder = new ScratchFolder();
        EstimatorChain<ITransformer> chain = new EstimatorChain<ITransformer>()
            .Append<ITransformer>(_mlContext.Transforms.CopyColumns("Copy", "Mass"))
            .Append(_estimator);
        ITransformer fitted = chain.Fit(_data);
        _mlContext.Model.Save(fitted, _data.Schema, folder["chain.zip"]);
        ITransformer restored = _mlContext.Gbi.Restore(_mlContext.Model.Load(folder["chain.zip"], out _));
        _mlContext.Model.Save(restored, _data.Schema, folder["again.zip"]);

        Assert.That(((IEnumerable<ITransformer>)restored).Last(), Is.TypeOf(_case.Transformer));
        AssertEqual(Scores(restored), Scores(fitted));
        AssertEqual(Scores(_mlContext.Model.Load(folder["again.zip"], out _)), Scores(fitted));
    }

    [Test]
    public void A_fresh_process_loads_the_model_with_plain_Load()
    {
        using var folder = new ScratchFolder();
        _mlContext.Model.Save(_fitted, _data.Schema, folder["model.zip"]);
        File.WriteAllLines(folder["events.txt"], Events.Take(50).Select(row => row.ToString()));
        string program = Path.Combine(AppContext.BaseDirectory, "Gbi.MLNet.PlainLoad.dll");
        using Process process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
            ["exec", program, folder["model.zip"], folder["events.txt"], _case.Output])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        AssertEqual([.. lines.Select(line => float.Parse(line, CultureInfo.InvariantCulture))], Scores(_fitted)[..50]);
    }

    private float[] Scores(ITransformer model) => FirstNumber.Column(model.Transform(_data), _case.Output);

    // One row at a time and block by block, sums run in another order.
    private static void AssertEqual(float[] actual, float[] expected) =>
        Assert.That(actual, Is.EqualTo(expected).Within(1e-5f));

    private static void Collect(DataViewRowCursor cursor, DataViewSchema.Column column, Dictionary<DataViewRowId, float> into)
    {
        using (cursor)
        {
            ValueGetter<float> score = FirstNumber.Of(cursor, column);
            ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
            DataViewRowId key = default;
            float value = 0;
            while (cursor.MoveNext())
            {
                score(ref value);
                id(ref key);
                into.Add(key, value);
            }
        }
    }

    // Annotations are compared on our own columns; a trainer of ML.NET may write more of them than it promised.
    private static string[] Describe(SchemaShape shape) =>
        [.. shape.Select(column => $"{column.Name} {column.Kind} {column.ItemType} {(Ours.Contains(column.Name) ? Notes(column) : "")}")];

    private static string Notes(SchemaShape.Column column) => string.Join(',', column.Annotations.Select(note => note.Name).Order());

    // Trees that are grown side by side report side by side.
    private sealed class Collected : IProgress<double>
    {
        public ConcurrentBag<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
