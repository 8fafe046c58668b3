using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Pages;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO;

/// <summary>One open Parquet file. Several threads may read it at once. Whatever is wrong becomes a sentence.</summary>
internal sealed class ParquetFile : IDisposable
{
    private readonly RandomReader _file;
    private readonly ColumnReader _reader;

    private ParquetFile(string path, RandomReader file, FileFooter footer)
    {
        _file = file;
        _reader = new ColumnReader(file, footer);
        Name = Path.GetFileName(path);
        Footer = footer;
        RowCounts = [.. footer.RowGroups.Select(group => group.RowCount)];
    }

    public string Name { get; }

    /// <summary>What the file says about itself.</summary>
    public FileFooter Footer { get; }

    /// <summary>Number of rows of each row group.</summary>
    public IReadOnlyList<long> RowCounts { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">Its footer, where it was read before; the file must not have changed since.</param>
    /// <exception cref="DataException">The file is missing, no Parquet file, encrypted, damaged, or another than before.</exception>
    public static ParquetFile Open(string path, FileFooter? known = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RandomReader file = OpenReader(path);
        try
        {
            return new ParquetFile(path, file, known is null ? FileFooter.Read(file) : Again(path, file, known));
        }
        catch (Exception cause)
        {
            file.Dispose();
            throw cause switch
            {
                DataException => cause,
                EncryptedFileException => new DataException(
                    $"{Path.GetFileName(path)} is encrypted; decrypt it and write it as a plain Parquet file.", cause),
                _ => new DataException(
                    $"{Path.GetFileName(path)} cannot be read as a Parquet file ({Reason(cause)}); it is damaged, incomplete or of another "
                        + "format: write it again.",
                    cause),
            };
        }
    }

    /// <summary>A flat column that can be read, numeric where asked.</summary>
    /// <exception cref="DataException">There is no such column, or it is of another kind.</exception>
    public StoredColumn Find(string name, bool numeric)
    {
        StoredColumn column = Footer.Columns.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw LoadingChecks.NoSuchColumn(name, Name, [.. Footer.Columns.Select(candidate => candidate.Name)]);
        return column.IsFlat && (!numeric || column.IsNumeric) ? column : throw new DataException(
            $"Column '{name}' in {Name} holds {column.TypeName} values where numbers are expected; choose another column.");
    }

    /// <summary>Reads a column of numbers of a row group as float or double.</summary>
    /// <exception cref="DataException">The column is damaged, or in an encoding that is not known.</exception>
    public void ReadNumbers<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken)
        where T : unmanaged, System.Numerics.INumberBase<T> =>
        Guarded(rowGroup, column, () => _reader.ReadNumbers(rowGroup, column, sink, cancellationToken));

    /// <summary>Reads a column of a row group as it is.</summary>
    /// <exception cref="DataException">The column is damaged, or in an encoding that is not known.</exception>
    public void ReadExactly<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken) =>
        Guarded(rowGroup, column, () => _reader.ReadExactly(rowGroup, column, sink, cancellationToken));

    /// <summary>Checks that the pages of columns declare the rows of a row group, before memory is taken for these.</summary>
    /// <exception cref="DataException">They declare others.</exception>
    public void RequireRows(int rowGroup, IEnumerable<StoredColumn> columns, CancellationToken cancellationToken)
    {
        foreach (StoredColumn column in columns)
        {
            Guarded(rowGroup, column, () => _reader.RequireRows(rowGroup, column, cancellationToken));
        }
    }

    public void Dispose() => _file.Dispose();

    private void Guarded(int rowGroup, StoredColumn column, Action read)
    {
        try
        {
            read();
        }
        catch (NotSupportedException cause)
        {
            throw new DataException(
                Text($"Column '{column.Name}' in {Name} cannot be read (row group {rowGroup}, {Reason(cause)}); rewrite the file with ")
                    + "Snappy compression and PLAIN or dictionary encoding.",
                cause);
        }
        catch (OverflowException cause)
        {
            throw new DataException(
                Text($"Column '{column.Name}' in {Name} cannot be read (row group {rowGroup}, {Reason(cause)}); leave it out ")
                    + "with --columns.",
                cause);
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException)
        {
            throw new DataException(
                Text($"Column '{column.Name}' in {Name} cannot be read (row group {rowGroup}, {Reason(cause)}); the file is damaged or ")
                    + "incomplete: write it again.",
                cause);
        }
    }

    private static FileFooter Again(string path, RandomReader file, FileFooter known) =>
        FileFooter.ReadBytes(file) is var (bytes, end) && end == known.DataEnd && bytes.AsSpan().SequenceEqual(known.Bytes)
            ? known
            : throw new DataException($"{Path.GetFileName(path)} was replaced while it was read; run again.");

    private static RandomReader OpenReader(string path)
    {
        try
        {
            return new RandomReader(path);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"There is no file {path}; check the path.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be opened ({Reason(cause)}); check that it is a file and that you may read it.", cause);
        }
    }

    private static string Reason(Exception cause) => cause.Message.Trim().TrimEnd('.');
}

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type in words, such as "double", "text" or "nested list".</param>
/// <param name="IsNullable">Whether it can hold nulls.</param>
/// <param name="IsNumeric">Whether it can be read as a feature or a weight.</param>
public sealed record ParquetColumn(string Name, string TypeName, bool IsNullable, bool IsNumeric)
{
    internal static ParquetColumn Of(StoredColumn column) => new(column.Name, column.TypeName, column.IsNullable, column.IsNumeric);
}
