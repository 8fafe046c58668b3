using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Gbi.Events;
using Gbi.Events.IO;
using Parquet;
using Parquet.Schema;

namespace Gbi.Benchmarks.Files;

/// <summary>
/// Reading a million events of ten float columns with the page walk, next to plain Parquet.Net and ParquetSharp (Arrow C++), in turn in one
/// process.
/// </summary>
internal static class ParquetTimings
{
    private const int Rows = 1_000_000, Width = 10, GroupSize = 65_536;

    /// <summary>Prints a table.</summary>
    /// <param name="repetitions">Times each reader reads each file.</param>
    public static void Run(int repetitions)
    {
        string folder = Directory.CreateTempSubdirectory("parquet-timings").FullName;
        float[][] columns = Columns();
        Console.WriteLine(
            "| compression | nulls allowed | ours, ms: median | best | Parquet.Net, ms: median | best | ours to it "
            + "| ParquetSharp, ms: median | best | ours to it |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (CompressionMethod compression in new[] { CompressionMethod.Snappy, CompressionMethod.Zstd, CompressionMethod.None })
        {
            foreach (bool isNullable in new[] { false, true })
            {
                string path = Path.Combine(folder, $"{compression}-{isNullable}.parquet");
                DataField[] fields = [.. Enumerable.Range(0, Width).Select(i => new DataField<float>($"x{i}", isNullable))];
                WriteAsync(path, compression, fields, columns).GetAwaiter().GetResult();
                Compare($"{compression} | {(isNullable ? "yes" : "no")}", path, fields, repetitions);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Compare(string name, string path, DataField[] fields, int repetitions)
    {
        string[] names = [.. fields.Select(field => field.Name)];
        double[] ours = new double[repetitions], plain = new double[repetitions], arrow = new double[repetitions];
        for (int i = -1; i < repetitions; i++)
        {
            EventTable table = null!;
            float[][] peer = null!, other = null!;
            double mine = Milliseconds(() => table = new ParquetEventReader(path).Read(names, new EventReadOptions { Threads = 1 }));
            double its = Milliseconds(() => peer = PlainAsync(path, fields).GetAwaiter().GetResult());
            double arrows = Milliseconds(() => other = Arrow(path, fields[0].IsNullable));
            if (i >= 0)
            {
                (ours[i], plain[i], arrow[i]) = (mine, its, arrows);
            }
            else if (names.Where((column, c) => !table[column].SequenceEqual(peer[c]) || !table[column].SequenceEqual(other[c])).Any())
            {
                throw new InvalidOperationException("The readers disagree.");
            }
        }

        Array.Sort(ours);
        Array.Sort(plain);
        Array.Sort(arrow);
        double median = ours[repetitions / 2], theirs = plain[repetitions / 2], itsMedian = arrow[repetitions / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {median:F1} | {ours[0]:F1} | {theirs:F1} | {plain[0]:F1} | {median / theirs:F2} "
                + $"| {itsMedian:F1} | {arrow[0]:F1} | {median / itsMedian:F2} |"));
    }

    /// <summary>Columns as ParquetSharp reads them, a null as NaN.</summary>
    private static float[][] Arrow(string path, bool isNullable)
    {
        float[][] columns = [.. Enumerable.Range(0, Width).Select(_ => new float[Rows])];
        using var file = new ParquetSharp.ParquetFileReader(path);
        int start = 0;
        for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using ParquetSharp.RowGroupReader rowGroup = file.RowGroup(group);
            int rows = (int)rowGroup.MetaData.NumRows;
            for (int column = 0; column < Width; column++)
            {
                using ParquetSharp.ColumnReader reader = rowGroup.Column(column);
                Span<float> target = columns[column].AsSpan(start, rows);
                if (!isNullable)
                {
                    using ParquetSharp.LogicalColumnReader<float> values = reader.LogicalReader<float>();
                    values.ReadBatch(target);
                    continue;
                }

                using ParquetSharp.LogicalColumnReader<float?> some = reader.LogicalReader<float?>();
                float?[] read = some.ReadAll(rows);
                for (int row = 0; row < rows; row++)
                {
                    target[row] = read[row] ?? float.NaN;
                }
            }

            start += rows;
        }

        return columns;
    }

    private static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static float[][] Columns()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Width).Select(column => Enumerable.Range(0, Rows).Select(_ => column % 2 == 0
            ? random.NextSingle() * 100
            : MathF.Round(random.NextSingle() * 1000) / 8).ToArray())];
    }

    private static async Task WriteAsync(string path, CompressionMethod compression, DataField[] fields, float[][] columns)
    {
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), stream,
            new ParquetOptions { CompressionMethod = compression, CompressionLevel = CompressionLevel.Fastest });
        for (int start = 0; start < Rows; start += GroupSize)
        {
            int count = Math.Min(GroupSize, Rows - start);
            int[] levels = [.. Enumerable.Repeat(1, count)];
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            for (int column = 0; column < Width; column++)
            {
                ReadOnlyMemory<int>? present = fields[column].IsNullable ? levels : default(ReadOnlyMemory<int>?);
                await group.WriteAllPartsAsync<float>(
                    fields[column], columns[column].AsMemory(start, count), present, null, CancellationToken.None);
            }
        }
    }

    private static async Task<float[][]> PlainAsync(string path, DataField[] fields)
    {
        float[][] columns = [.. fields.Select(_ => GC.AllocateUninitializedArray<float>(Rows))];
        int[] levels = new int[GroupSize];
        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        int start = 0;
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
            int count = (int)group.RowCount;
            for (int column = 0; column < Width; column++)
            {
                await group.ReadRawAsync<float>(
                    reader.Schema.DataFields[column], columns[column].AsMemory(start, count),
                    fields[column].IsNullable ? levels.AsMemory(0, count) : default(Memory<int>?), null);
            }

            start += count;
        }

        return columns;
    }
}
