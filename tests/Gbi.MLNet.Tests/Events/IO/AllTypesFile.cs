using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Gbi.Tests.Events.IO;

/// <summary>A file with a column of every flat type, three rows a row group, written with the package itself.</summary>
internal static class AllTypesFile
{
    private static readonly DateTime Noon = new(2024, 2, 29, 12, 0, 0, 125, DateTimeKind.Utc);

    public static void Write(string path, int groups) => WriteAsync(path, groups).GetAwaiter().GetResult();

    /// <summary>Each column as its name and type, then its values as text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">Names of the columns; null for all.</param>
    public static string[][] ReadAsText(string path, IReadOnlySet<string>? names = null) =>
        ReadAsTextAsync(path, names).GetAwaiter().GetResult();

    private static async Task WriteAsync(string path, int groups)
    {
        DataField[] fields =
        [
            new DataField<float>("f"), new DataField<bool>("b"), new DataField<sbyte>("i8"), new DataField<byte>("u8"),
            new DataField<short>("i16"), new DataField<ushort>("u16"), new DataField<int?>("i"), new DataField<uint>("u32"),
            new DataField<long>("l"), new DataField<ulong>("u64"), new DataField<double?>("d"), new DataField<string>("text"),
            new DataField<byte[]>("bytes"), new DecimalDataField("price", 20, 3), new DataField<Guid>("id"),
            new DateTimeDataField("impala", DateTimeFormat.Impala), new DateTimeDataField("day", DateTimeFormat.Date),
            new DateTimeDataField("millis", DateTimeFormat.DateAndTime),
            new DateTimeDataField("local", DateTimeFormat.Timestamp, isAdjustedToUTC: false, unit: DateTimeTimeUnit.Micros),
        ];
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), stream, new ParquetOptions { CompressionMethod = CompressionMethod.Gzip });
        writer.CustomMetadata = new Dictionary<string, string> { ["origin"] = "test" };
        for (int i = 0; i < groups; i++)
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<float>(fields[0], new float[] { i, 1.25f, -3 }.AsMemory());
            await group.WriteAsync<bool>(fields[1], new[] { true, false, true }.AsMemory());
            await group.WriteAsync<sbyte>(fields[2], new sbyte[] { -128, 0, 127 }.AsMemory());
            await group.WriteAsync<byte>(fields[3], new byte[] { 0, 1, 255 }.AsMemory());
            await group.WriteAsync<short>(fields[4], new short[] { -32768, 0, 32767 }.AsMemory());
            await group.WriteAsync<ushort>(fields[5], new ushort[] { 0, 1, 65535 }.AsMemory());
            await group.WriteAsync<int>(fields[6], (ReadOnlyMemory<int?>)new int?[] { 7, null, -7 });
            await group.WriteAsync<uint>(fields[7], new uint[] { 0, 1, uint.MaxValue }.AsMemory());
            await group.WriteAsync<long>(fields[8], new[] { long.MinValue, 0, long.MaxValue }.AsMemory());
            await group.WriteAsync<ulong>(fields[9], new ulong[] { 0, 1, ulong.MaxValue }.AsMemory());
            await group.WriteAsync<double>(fields[10], (ReadOnlyMemory<double?>)new double?[] { 1.5, null, -2.5 });
            await group.WriteAsync(fields[11], new string?[] { "", null, "Größe, \"x\"" });
            await group.WriteAsync(fields[12], new byte[]?[] { [1, 2, 255], null, [] });
            await group.WriteAsync<decimal>(fields[13], new[] { 1.234m, -99999999999.001m, 0m }.AsMemory());
            await group.WriteAsync<Guid>(
                fields[14], new[] { Guid.Empty, new Guid("00112233-4455-6677-8899-aabbccddeeff"), Guid.AllBitsSet }.AsMemory());
            for (int time = 15; time < fields.Length; time++)
            {
                await group.WriteAsync<DateTime>(fields[time], new[] { Noon, Noon.AddYears(-90), DateTime.UnixEpoch }.AsMemory());
            }

            group.CompleteValidate();
        }
    }

    private static async Task<string[][]> ReadAsTextAsync(string path, IReadOnlySet<string>? names)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        var columns = new List<string[]>();
        foreach (DataField field in reader.Schema.DataFields.Where(field => names?.Contains(field.Path.ToString()) != false))
        {
            var cells = new List<string> { $"{field.Name} {field.ClrType.Name}" };
            for (int i = 0; i < reader.RowGroupCount; i++)
            {
                using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
                cells.AddRange(await CellsAsync(group, field));
            }

            columns.Add([.. cells]);
        }

        return [.. columns];
    }

    private static async Task<IEnumerable<string>> CellsAsync(ParquetRowGroupReader group, DataField field)
    {
        int rows = (int)group.RowCount;
        if (field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            string?[] texts = new string?[rows];
            await group.ReadAsync(field, texts.AsMemory());
            return texts.Select(text => text ?? "null");
        }

        if (field.ClrType == typeof(ReadOnlyMemory<byte>))
        {
            byte[]?[] blobs = new byte[]?[rows];
            await group.ReadAsync(field, blobs.AsMemory());
            return blobs.Select(blob => blob is null ? "null" : Convert.ToHexString(blob));
        }

        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => await CellsAsync<bool>(group, field),
            TypeCode.SByte => await CellsAsync<sbyte>(group, field),
            TypeCode.Byte => await CellsAsync<byte>(group, field),
            TypeCode.Int16 => await CellsAsync<short>(group, field),
            TypeCode.UInt16 => await CellsAsync<ushort>(group, field),
            TypeCode.Int32 => await CellsAsync<int>(group, field),
            TypeCode.UInt32 => await CellsAsync<uint>(group, field),
            TypeCode.Int64 => await CellsAsync<long>(group, field),
            TypeCode.UInt64 => await CellsAsync<ulong>(group, field),
            TypeCode.Single => await CellsAsync<float>(group, field),
            TypeCode.Double => await CellsAsync<double>(group, field),
            TypeCode.Decimal => await CellsAsync<decimal>(group, field),
            TypeCode.DateTime => await CellsAsync<DateTime>(group, field),
            _ => await CellsAsync<Guid>(group, field),
        };
    }

    private static async Task<IEnumerable<string>> CellsAsync<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        if (field.IsNullable)
        {
            T?[] some = new T?[(int)group.RowCount];
            await group.ReadAsync<T>(field, some.AsMemory());
            return some.Select(value => value is { } one ? Text(one) : "null");
        }

        T[] all = new T[(int)group.RowCount];
        await group.ReadAsync<T>(field, all.AsMemory());
        return all.Select(value => Text(value));
    }

    private static string Text(object value) => value is DateTime time
        ? time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
