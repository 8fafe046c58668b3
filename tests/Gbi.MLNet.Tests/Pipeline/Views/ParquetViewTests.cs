using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Gbi.Pipeline.Views;
using Gbi.Tests.Events.IO;
using Gbi.Tests.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline.Views;

/// <summary>Parquet files as views.</summary>
public sealed class ParquetViewTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [TestCase(700), TestCase(1000), TestCase(65_536)]
    public void A_scored_file_is_saved_the_same_by_columns_and_by_rows(int rowGroupSize)
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(
            folder["events.parquet"], TwoGaussians.Numerator(2500, 1), new ParquetWriteOptions { RowGroupSize = 1000 });
        var mlContext = new MLContext(seed: 1);
        byte[] net = NetworkFile.Linear("noise,x", [[1, 2], [3, 4]], [0, 0.5f]).ToBytes();
        var columns = new OnnxRatioColumns { FeatureColumn = null, SpreadColumn = "Spread" };
        IDataView view = mlContext.Gbi.LoadParquet(folder["events.parquet"]);
        IDataView scored = mlContext.Gbi.OnnxRatio(net, columns).Fit(view).Transform(view);

        // A transformer of ML.NET in between gives rows alone.
        IDataView rows = mlContext.Transforms.CopyColumns("Copy", "x").Fit(scored).Transform(scored);
        var options = new ParquetWriteOptions { RowGroupSize = rowGroupSize };
        mlContext.Gbi.SaveParquet(scored, folder["columns.parquet"], ["LogRatio", "x", "Spread"], options);
        mlContext.Gbi.SaveParquet(rows, folder["rows.parquet"], ["LogRatio", "x", "Spread"], options);

        Assert.That(File.ReadAllBytes(folder["columns.parquet"]), Is.EqualTo(File.ReadAllBytes(folder["rows.parquet"])));
        Assert.That(new ParquetEventReader(folder["columns.parquet"]).RowCounts.Max(), Is.EqualTo(Math.Min(rowGroupSize, 2500)));
        Assert.That(new ParquetEventReader(folder["columns.parquet"]).RowCount, Is.EqualTo(2500));
    }

    [Test]
    public void A_failure_while_columns_are_saved_leaves_no_file()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(
            folder["events.parquet"], TwoGaussians.Numerator(2500, 1), new ParquetWriteOptions { RowGroupSize = 1000 });
        var mlContext = new MLContext(seed: 1);
        IDataView view = mlContext.Gbi.LoadParquet(folder["events.parquet"]);
        IDataView scored = mlContext.Gbi.OnnxRatio(
            NetworkFile.Linear("x", [[float.NaN]], [0]).ToBytes(), new OnnxRatioColumns { FeatureColumn = null }).Fit(view).Transform(view);

        Assert.That(
            () => mlContext.Gbi.SaveParquet(scored, folder["scored.parquet"]),
            Throws.TypeOf<DataException>().With.Message.Contains("is no finite number for 1,000 of 1,000 events"));
        Assert.That(folder.Names, Is.EqualTo(["events.parquet"]));
    }

    [Test]
    public void What_is_saved_is_loaded()
    {
        using var folder = new ScratchFolder();
        PipelineEvent[] events = PipelineEvents.Simulate(background: 700, signal: 300);
        _mlContext.Gbi.SaveParquet(
            _mlContext.Data.LoadFromEnumerable(events), folder["events.parquet"], options: new ParquetWriteOptions { RowGroupSize = 300 });
        IDataView view = _mlContext.Gbi.LoadParquet(folder["events.parquet"], new ParquetViewOptions { BooleanColumns = ["Label"] });

        Assert.Multiple(() =>
        {
            Assert.That(view.GetRowCount(), Is.EqualTo(1000));
            Assert.That(
                view.Schema.Select(column => $"{column.Name}: {column.Type}"),
                Is.EquivalentTo(new[]
                {
                    "Label: Boolean", "Weight: Single", "Mass: Single", "Nu: Single", "Mu: Single", "Score.0: Single", "Score.1: Single",
                    "Features.0: Single", "Features.1: Single", "Features.2: Single", "Features.3: Single",
                }));
            Assert.That(view.GetColumn<bool>("Label"), Is.EqualTo(events.Select(row => row.Label)));
            Assert.That(view.GetColumn<float>("Mass"), Is.EqualTo(events.Select(row => row.Mass)));
            Assert.That(view.GetColumn<float>("Features.2"), Is.EqualTo(events.Select(row => row.Features[2])));
        });
    }

    [Test]
    public void Chosen_columns_alone_are_there()
    {
        using var folder = new ScratchFolder();
        IDataView events = _mlContext.Data.LoadFromEnumerable(PipelineEvents.Simulate(background: 10, signal: 0));
        _mlContext.Gbi.SaveParquet(events, folder["events.parquet"], ["Weight", "Mass"]);
        IDataView view = _mlContext.Gbi.LoadParquet(folder["events.parquet"], new ParquetViewOptions { Columns = ["Mass"] });

        Assert.That(view.Schema.Select(column => column.Name), Is.EqualTo(new[] { "Mass" }));
        Assert.That(
            new ParquetEventReader(folder["events.parquet"]).Columns.Select(column => column.Name), Is.EqualTo(new[] { "Weight", "Mass" }));
    }

    [Test]
    public void A_shuffled_cursor_gives_every_row_once_in_another_order()
    {
        using var folder = new ScratchFolder();
        IDataView view = Numbered(folder["numbers.parquet"]);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema, new Random(3));
        float[] found = Numbers(cursor);

        Assert.That(found, Is.EquivalentTo(Enumerable.Range(0, 1000)).And.Not.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public void Transformers_behind_a_file_keep_its_order()
    {
        // ML.NET reads through its own transformers with a set of cursors and puts the rows together by their batch numbers.
        using var folder = new ScratchFolder();
        IDataView view = Numbered(folder["numbers.parquet"]);
        IDataView behind = _mlContext.Transforms.Concatenate("vector", "n").Fit(view).Transform(view);
        using DataViewRowCursor cursor = behind.GetRowCursor(behind.Schema);

        Assert.That(Numbers(cursor), Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [TestCase(1), TestCase(3), TestCase(20)]
    public void Rows_of_a_set_of_cursors_are_ordered_by_batch(int cursors)
    {
        using var folder = new ScratchFolder();
        IDataView view = Numbered(folder["numbers.parquet"]);
        var batches = new SortedDictionary<long, List<float>>();
        foreach (DataViewRowCursor cursor in view.GetRowCursorSet(view.Schema, cursors))
        {
            var own = new Dictionary<long, List<float>>();
            long last = -1;
            using DataViewRowCursor opened = cursor;
            _ = Numbers(opened, (batch, value) =>
            {
                Assert.That(batch, Is.GreaterThanOrEqualTo(last));
                last = batch;
                own.TryAdd(batch, []);
                own[batch].Add(value);
            });
            foreach ((long batch, List<float> values) in own)
            {
                batches.Add(batch, values); // throws where two cursors share a batch
            }
        }

        Assert.That(batches.SelectMany(batch => batch.Value), Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public void Rows_are_counted_without_a_column()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(
            folder["a.parquet"], EventTable.FromColumns(("a", new float[70])), new ParquetWriteOptions { RowGroupSize = 32 });
        using DataViewRowCursor cursor = _mlContext.Gbi.LoadParquet(folder["a.parquet"]).GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext())
        {
            rows++;
        }

        Assert.That(rows, Is.EqualTo(70));
    }

    [Test]
    public void A_column_that_is_not_there_is_named()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["a.parquet"], EventTable.FromColumns(("a", new float[3])));

        Assert.That(
            () => _mlContext.Gbi.LoadParquet(folder["a.parquet"], new ParquetViewOptions { Columns = ["b"] }),
            Throws.TypeOf<DataException>().With.Message.Contains("'b' in a.parquet is not there"));
    }

    [Test]
    public void Event_numbers_doubles_and_text_keep_what_they_are()
    {
        using var folder = new ScratchFolder();
        Named[] rows =
        [
            new() { Name = "one", Number = 9_007_199_254_740_993, Energy = 0.30000000000000004, Mass = 1.5f },
            new() { Name = "Größe", Number = -1, Energy = double.NaN, Mass = float.NaN },
        ];
        _mlContext.Gbi.SaveParquet(_mlContext.Data.LoadFromEnumerable(rows), folder["a.parquet"]);
        IDataView view = _mlContext.Gbi.LoadParquet(
            folder["a.parquet"], new ParquetViewOptions { ExactColumns = ["Name", "Number", "Energy"] });
        _mlContext.Gbi.SaveParquet(view, folder["b.parquet"]);

        Assert.That(
            new ParquetEventReader(folder["b.parquet"]).Columns.Select(column => $"{column.Name} {column.TypeName}"),
            Is.EqualTo(new[] { "Name text", "Number 64-bit integer", "Energy double", "Mass float" }));
        Named[] read = [.. _mlContext.Data.CreateEnumerable<Named>(view, reuseRowObject: false)];
        Assert.That(
            read.Select(row => (row.Name, row.Number, row.Energy, row.Mass)),
            Is.EqualTo(rows.Select(row => (row.Name, row.Number, row.Energy, row.Mass))));
        Assert.That(File.ReadAllBytes(folder["b.parquet"]), Is.EqualTo(File.ReadAllBytes(folder["a.parquet"])));
    }

    [Test]
    public void An_exact_column_is_never_another_number()
    {
        using var folder = new ScratchFolder();
        AllTypesFile.Write(folder["a.parquet"], groups: 1);
        IDataView view = _mlContext.Gbi.LoadParquet(
            folder["a.parquet"], new ParquetViewOptions { Columns = [], ExactColumns = ["i", "l"] });
        Assert.That(view.GetColumn<long>("l"), Is.EqualTo(new[] { long.MinValue, 0, long.MaxValue }));
        Assert.That(() => view.GetColumn<float>("l").ToArray(), Throws.InvalidOperationException.Or.InstanceOf<ArgumentException>());
        Assert.That(
            () => view.GetColumn<int>("i").ToArray(),
            Throws.TypeOf<DataException>().With.Message.Contains("Column 'i' in a.parquet is missing in row 1 of row group 0"));
        Assert.That(
            () => _mlContext.Gbi.LoadParquet(folder["a.parquet"], new ParquetViewOptions { ExactColumns = ["price"] }),
            Throws.TypeOf<DataException>().With.Message.Contains("is decimal, expected integers, float, double or text"));
    }

    // The numbers from 0 to 999 as column n, in eight row groups.
    private IDataView Numbered(string path)
    {
        float[] numbers = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        ParquetEventWriter.Write(path, EventTable.FromColumns(("n", numbers)), new ParquetWriteOptions { RowGroupSize = 128 });
        return _mlContext.Gbi.LoadParquet(path);
    }

    private static float[] Numbers(DataViewRowCursor cursor, Action<long, float>? seen = null)
    {
        ValueGetter<float> getter = cursor.GetGetter<float>(cursor.Schema["n"]);
        var found = new List<float>();
        float value = 0;
        while (cursor.MoveNext())
        {
            getter(ref value);
            found.Add(value);
            seen?.Invoke(cursor.Batch, value);
        }

        return [.. found];
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";

        public long Number { get; set; }

        public double Energy { get; set; }

        public float Mass { get; set; }
    }
}
