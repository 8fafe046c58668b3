using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Outputs;
using Gbi.Events.IO.Pages;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.RowGroups;

/// <summary>What a Parquet file says about itself.</summary>
internal sealed class ParquetSource : RowGroupSource
{
    private readonly string _path;
    private readonly FileStatus _status;

    private ParquetSource(string path, string name, FileStatus status, FileFooter footer)
        : base(name, footer.Columns, [.. footer.RowGroups.Select(group => group.RowCount)])
    {
        (_path, _status) = (path, status);
        Footer = footer;
    }

    /// <summary>The footer.</summary>
    public FileFooter Footer { get; }

    public override IReadOnlyDictionary<string, string> Metadata => Footer.Metadata;

    /// <summary>Reads the footer of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="DataException">The file is missing, no Parquet file, encrypted, or damaged.</exception>
    public static ParquetSource Read(string path, string name)
    {
        var status = FileStatus.Of(path);
        using RandomReader file = OpenReader(path);
        return new ParquetSource(path, name, status, Guarded(name, () => FileFooter.Read(file)));
    }

    public override RowGroupReader Open()
    {
        RandomReader file = OpenReader(_path);
        try
        {
            (byte[] bytes, long end) = Guarded(Name, () => FileFooter.ReadBytes(file));
            return FileStatus.Of(_path) == _status && end == Footer.DataEnd && bytes.AsSpan().SequenceEqual(Footer.Bytes)
                ? new ParquetFile(this, file)
                : throw new DataException($"{Name} was replaced while it was read; run again.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static T Guarded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EncryptedFileException cause)
        {
            throw new DataException($"{name} is encrypted; decrypt it and write it as a plain Parquet file.", cause);
        }
        catch (Exception cause) when (cause is not DataException)
        {
            throw new DataException(
                $"{name} cannot be read as a Parquet file ({Reason(cause)}); it is damaged, incomplete or of another "
                    + "format: write it again.",
                cause);
        }
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">It is missing or cannot be opened.</exception>
    public static RandomReader OpenReader(string path)
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

/// <summary>One open Parquet file. Whatever is wrong becomes a sentence.</summary>
internal sealed class ParquetFile(ParquetSource source, RandomReader file) : RowGroupReader(source)
{
    private readonly ColumnReader _reader = new(file, source.Footer);

    public override void ReadNumbers<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken) =>
        Guarded(rowGroup, column, () => _reader.ReadNumbers(rowGroup, column, sink, cancellationToken));

    public override void ReadExactly<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken) =>
        Guarded(rowGroup, column, () => _reader.ReadExactly(rowGroup, column, sink, cancellationToken));

    public override void RequireRows(int rowGroup, StoredColumn column, CancellationToken cancellationToken) =>
        Guarded(rowGroup, column, () => _reader.RequireRows(rowGroup, column, cancellationToken));

    protected override void Dispose(bool disposing) => file.Dispose();

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

    private static string Reason(Exception cause) => cause.Message.Trim().TrimEnd('.');
}
