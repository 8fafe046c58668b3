using System.IO.Compression;
using Gbi.Events.IO.Outputs;
using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>A Parquet file under way: row groups go in, the file appears on <see cref="Complete"/>, and not at all otherwise.</summary>
internal sealed class ParquetOutput : IDisposable
{
    private readonly PendingFile _file;
    private readonly ParquetWriter _writer;
    private readonly OutputTerms _terms;
    private readonly IReadOnlyDictionary<string, string> _metadata;

    public ParquetOutput(string path, OutputTerms terms, IReadOnlyList<Field> fields, IReadOnlyDictionary<string, string> metadata)
    {
        // The package's default level is the smallest size, which is many times slower.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy, CompressionLevel = CompressionLevel.Fastest };
        _file = new PendingFile(path, terms);
        _terms = terms;
        try
        {
            _writer = ParquetEventReader.Wait(ParquetWriter.CreateAsync(new ParquetSchema(fields), _file.Stream, options));
            _metadata = metadata;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Writes one row group; <paramref name="writeColumns"/> writes every column, in order.</summary>
    public void WriteRowGroup(Func<ParquetRowGroupWriter, Task> writeColumns)
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        Guarded(() => writeColumns(group));
        group.CompleteValidate();
    }

    /// <summary>Writes a column of a required or, with NaN for a null, a nullable field.</summary>
    public static Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, ReadOnlyMemory<float> values, CancellationToken cancellationToken)
    {
        if (!field.IsNullable)
        {
            return group.WriteAsync(field, values, null, null, cancellationToken);
        }

        float[] present = new float[values.Length];
        int[] levels = new int[values.Length];
        int count = 0;
        ReadOnlySpan<float> all = values.Span;
        for (int row = 0; row < all.Length; row++)
        {
            present[count] = all[row];
            levels[row] = float.IsNaN(all[row]) ? 0 : 1;
            count += levels[row];
        }

        return group.WriteAllPartsAsync<float>(field, present.AsMemory(0, count), levels, null, cancellationToken);
    }

    public void Complete()
    {
        // Written with the footer, so that what the file is made with need not be known before.
        _writer.CustomMetadata = _terms.MadeWith?.Invoke() is { } mark
            ? new Dictionary<string, string>(_metadata) { [OutputMark.Key] = mark }
            : _metadata;
        Guarded(() => _writer.DisposeAsync().AsTask());
        _file.Complete();
    }

    /// <summary>Throws away a file that was not completed. The writer owns nothing but the stream, so it needs no footer here.</summary>
    public void Dispose() => _file.Dispose();

    private void Guarded(Func<Task> write)
    {
        try
        {
            ParquetEventReader.Wait(Task.Run(write));
        }
        catch (IOException cause)
        {
            throw new DataException(
                $"{_file.Path} cannot be written ({cause.Message.Trim().TrimEnd('.')}); check the space left on the disk.", cause);
        }
    }
}
