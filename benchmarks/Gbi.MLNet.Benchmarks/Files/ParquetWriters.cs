using Parquet;
using Parquet.Schema;
using ParquetSharp;

namespace Gbi.Benchmarks.Files;

/// <summary>Writes the table of studies/parquet-writers by the writers of Parquet that NuGet serves, in their compressions.</summary>
internal static class ParquetWriters
{
    private const int Rows = 3000;

    /// <summary>Writes WRITER-KIND.parquet to a folder.</summary>
    public static void Run(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (Compression compression in (Compression[])
            [Compression.Uncompressed, Compression.Snappy, Compression.Gzip, Compression.Brotli, Compression.Lz4, Compression.Zstd])
        {
            using var properties = new WriterPropertiesBuilder().Compression(compression);
            WriteArrow(Path.Combine(folder, $"ParquetSharp-{compression}.parquet"), properties);
        }

        using WriterPropertiesBuilder encodings = new WriterPropertiesBuilder().DisableDictionary()
            .Encoding("i32", ParquetSharp.Encoding.DeltaBinaryPacked).Encoding("i64", ParquetSharp.Encoding.DeltaBinaryPacked)
            .Encoding("f32", ParquetSharp.Encoding.ByteStreamSplit).Encoding("f64", ParquetSharp.Encoding.ByteStreamSplit)
            .Encoding("t", ParquetSharp.Encoding.DeltaByteArray);
        WriteArrow(Path.Combine(folder, "ParquetSharp-encodings.parquet"), encodings);
        foreach (CompressionMethod compression in (CompressionMethod[])
            [
                CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Brotli,
                CompressionMethod.Lz4Raw, CompressionMethod.Zstd,
            ])
        {
            WritePlainAsync(Path.Combine(folder, $"Parquet.Net-{compression}.parquet"), compression).GetAwaiter().GetResult();
        }
    }

    private static void WriteArrow(string path, WriterPropertiesBuilder builder)
    {
        ParquetSharp.Column[] columns =
        [
            new ParquetSharp.Column<int>("i32"), new ParquetSharp.Column<long>("i64"), new ParquetSharp.Column<float>("f32"),
            new ParquetSharp.Column<double>("f64"), new ParquetSharp.Column<bool>("b"), new ParquetSharp.Column<string>("t"),
            new ParquetSharp.Column<double?>("fn"),
        ];
        using WriterProperties properties = builder.Build();
        using var writer = new ParquetFileWriter(path, columns, properties);
        using ParquetSharp.RowGroupWriter group = writer.AppendRowGroup();
        Write(group, I32);
        Write(group, I64);
        Write(group, F32);
        Write(group, F64);
        Write(group, B);
        Write(group, T);
        Write(group, Fn);
        writer.Close();
    }

    private static void Write<T>(ParquetSharp.RowGroupWriter group, Func<int, T> value)
    {
        using LogicalColumnWriter<T> column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch(Each(value));
    }

    private static async Task WritePlainAsync(string path, CompressionMethod compression)
    {
        DataField[] fields =
        [
            new DataField<int>("i32"), new DataField<long>("i64"), new DataField<float>("f32"), new DataField<double>("f64"),
            new DataField<bool>("b"), new DataField<string>("t"), new DataField<double?>("fn"),
        ];
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), stream, new ParquetOptions { CompressionMethod = compression });
        using Parquet.ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync<int>(fields[0], Each(I32).AsMemory());
        await group.WriteAsync<long>(fields[1], Each(I64).AsMemory());
        await group.WriteAsync<float>(fields[2], Each(F32).AsMemory());
        await group.WriteAsync<double>(fields[3], Each(F64).AsMemory());
        await group.WriteAsync<bool>(fields[4], Each(B).AsMemory());
        await group.WriteAsync(fields[5], Each(T));
        await group.WriteAsync<double>(fields[6], (ReadOnlyMemory<double?>)Each(Fn));
        group.CompleteValidate();
    }

    private static int I32(int row) => (row * 13 % 101) - 50;

    private static long I64(int row) => 9_007_199_254_740_993 + (row * 1_000_003L);

    private static float F32(int row) => (float)(row / 7.0);

    private static double F64(int row) => row / 7.0;

    private static bool B(int row) => row % 3 == 0;

    private static string T(int row) => $"w{row % 17}é";

    private static double? Fn(int row) => row % 5 == 0 ? null : row / 8.0;

    private static T[] Each<T>(Func<int, T> value) => [.. Enumerable.Range(0, Rows).Select(value)];
}
