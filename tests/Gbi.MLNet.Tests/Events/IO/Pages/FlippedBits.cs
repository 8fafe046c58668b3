using System.IO.Compression;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.RowGroups;
using Parquet;
using Parquet.Schema;

namespace Gbi.Tests.Events.IO.Pages;

/// <summary>Files of numbers in a compression and an encoding, and what comes of them with one bit of a page flipped.</summary>
internal static class FlippedBits
{
    public static readonly string[] Columns = ["d", "f", "i", "l", "gaps"];

    private const int Rows = 400;

    /// <summary>Writes a file.</summary>
    public static void Write(string path, CompressionMethod compression, EncodingHint encoding)
    {
        DataField[] fields =
        [
            new DataField<double>("d"), new DataField<float>("f"), new DataField<int>("i"), new DataField<long>("l"),
            new DataField<double?>("gaps"),
        ];
        var options = new ParquetOptions { CompressionMethod = compression, CompressionLevel = CompressionLevel.Fastest };
        foreach (DataField field in fields)
        {
            options.ColumnEncodingHints[field.Name] = encoding;
        }

        int[] levels = [.. Enumerable.Range(0, Rows).Select(row => row % 7 == 3 ? 0 : 1)];
        WriteAsync().GetAwaiter().GetResult();

        async Task WriteAsync()
        {
            await using FileStream stream = File.Create(path);
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, options);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<double>(fields[0], Each(row => 2.6 + (row * 7919 % 997 * 0.0041)));
            await group.WriteAsync<float>(fields[1], Each(row => row % 40 / 16f));
            await group.WriteAsync<int>(fields[2], Each(row => row * 13 % 101));
            await group.WriteAsync<long>(fields[3], Each(row => row * 1_000_003L));
            await group.WriteAllPartsAsync<double>(
                fields[4], Each(row => row / 8.0)[..levels.Sum()], levels, null, CancellationToken.None);
            group.CompleteValidate();
        }
    }

    /// <summary>Where the pages of a column lie in a file: headers, levels and values.</summary>
    public static (int Start, int Length) Pages(string path, string column)
    {
        var file = ParquetSource.Read(path, Path.GetFileName(path));
        StoredColumn stored = file.Find(column, numeric: true);
        ColumnChunk chunk = file.Footer.RowGroups[0].Chunks[stored.Leaf];
        return ((int)chunk.Offset, (int)chunk.CompressedSize);
    }

    private static ReadOnlyMemory<T> Each<T>(Func<int, T> value) => Enumerable.Range(0, Rows).Select(value).ToArray();
}
