using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>
/// Writes arrays as the columns of a new Parquet file, each in its own type: numbers of all types, text as ReadOnlyMemory&lt;char&gt;. NaN
/// in columns of float and double is a null. The file appears under its name on <see cref="Complete"/>, and not at all otherwise.
/// </summary>
internal sealed class ParquetArrayWriter : IDisposable
{
    private static readonly Dictionary<Type, Func<ParquetRowGroupWriter, DataField, Array, Task>> Writers = new()
    {
        [typeof(float)] = (group, field, values) => ParquetOutput.WriteAsync(group, field, (float[])values, CancellationToken.None),
        [typeof(double)] = (group, field, values) => WriteDoublesAsync(group, field, (double[])values),
        [typeof(sbyte)] = WriteAsync<sbyte>,
        [typeof(byte)] = WriteAsync<byte>,
        [typeof(short)] = WriteAsync<short>,
        [typeof(ushort)] = WriteAsync<ushort>,
        [typeof(int)] = WriteAsync<int>,
        [typeof(uint)] = WriteAsync<uint>,
        [typeof(long)] = WriteAsync<long>,
        [typeof(ulong)] = WriteAsync<ulong>,
        [typeof(ReadOnlyMemory<char>)] = WriteAsync<ReadOnlyMemory<char>>,
    };

    private readonly DataField[] _fields;
    private readonly ParquetOutput _output;

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names and types of the columns.</param>
    /// <param name="options">How it is written; the size of a row group is that of the arrays.</param>
    /// <exception cref="DataException">The file exists and may not be replaced, or cannot be written.</exception>
    public ParquetArrayWriter(string path, IEnumerable<(string Name, Type Type)> columns, ParquetWriteOptions options)
    {
        _fields = [.. columns.Select(column => new DataField(
            column.Name, column.Type, isNullable: column.Type == typeof(float) || column.Type == typeof(double)))];
        LoadingChecks.RequireOnce([.. _fields.Select(field => field.Name)]);
        _output = new ParquetOutput(path, options.Overwrite, _fields, options.Metadata);
    }

    /// <summary>Writes the next row group: an array for each column, in order, of equal length.</summary>
    public void Append(IReadOnlyList<Array> columns)
    {
        if (columns[0].Length == 0)
        {
            return;
        }

        _output.WriteRowGroup(async group =>
        {
            for (int column = 0; column < _fields.Length; column++)
            {
                await Writers[_fields[column].ClrType](group, _fields[column], columns[column]).ConfigureAwait(false);
            }
        });
    }

    /// <summary>Completes the file and gives it its name.</summary>
    public void Complete() => _output.Complete();

    /// <summary>Deletes a file that was not completed.</summary>
    public void Dispose() => _output.Dispose();

    private static Task WriteAsync<T>(ParquetRowGroupWriter group, DataField field, Array values)
        where T : struct => group.WriteAsync<T>(field, ((T[])values).AsMemory(), null, null, CancellationToken.None);

    private static Task WriteDoublesAsync(ParquetRowGroupWriter group, DataField field, double[] values) =>
        group.WriteAllPartsAsync<double>(
            field, values.Where(value => !double.IsNaN(value)).ToArray(),
            values.Select(value => double.IsNaN(value) ? 0 : 1).ToArray(), null,
            CancellationToken.None);
}
