using System.Numerics;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Hdf5;
using Gbi.Events.IO.Pages;
using Gbi.Events.IO.Parts;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.RowGroups;

/// <summary>
/// A file of rows in row groups, or the parts of a folder or a glob as one such file: what it says about itself. Holds nothing open.
/// </summary>
internal abstract class RowGroupSource
{
    /// <summary>What the file says about itself.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rowCounts">Number of rows of each row group.</param>
    protected RowGroupSource(string name, IReadOnlyList<StoredColumn> columns, IReadOnlyList<long> rowCounts)
    {
        Name = name;
        Columns = columns;
        RowCounts = rowCounts;
        FirstRows = new long[rowCounts.Count];
        for (int group = 1; group < rowCounts.Count; group++)
        {
            FirstRows[group] = FirstRows[group - 1] + rowCounts[group - 1];
        }

        RowCount = rowCounts.Sum();
    }

    /// <summary>Name of the file, folder or glob, without the folders above it.</summary>
    public string Name { get; }

    /// <summary>Columns, nested ones too, in order.</summary>
    public IReadOnlyList<StoredColumn> Columns { get; }

    /// <summary>Key-value metadata.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Number of rows of each row group.</summary>
    public IReadOnlyList<long> RowCounts { get; }

    /// <summary>The first row of each row group, counted over all of them.</summary>
    public long[] FirstRows { get; }

    /// <summary>Number of rows.</summary>
    public long RowCount { get; }

    /// <summary>Reads what a file, or each part of a folder or a glob, says about itself.</summary>
    /// <exception cref="DataException">A file is missing, of no format that has row groups, or damaged; a folder has no parts.</exception>
    public static RowGroupSource Of(string path)
    {
        var parts = EventParts.Of(path);
        if (parts.IsText)
        {
            throw new DataException(
                $"{path} is text by the {(parts.IsSet ? "names of its parts" : "file's name")} where Parquet is expected; convert it with "
                    + "'gbi convert'.");
        }

        return parts.IsSet ? new PartsSource(parts, [.. parts.Files.Select(Of)]) : Of(parts.Files[0]);
    }

    /// <summary>Opens the file for reading.</summary>
    /// <exception cref="DataException">It is another than before.</exception>
    public abstract RowGroupReader Open();

    /// <summary>A row for messages; rows are counted from 0.</summary>
    public virtual string RowName(long row) => Text($"row {row:N0}");

    /// <summary>A flat column that can be read, numeric where asked.</summary>
    /// <exception cref="DataException">There is no such column, or it is of another kind, or not in all parts.</exception>
    public StoredColumn Find(string name, bool numeric)
    {
        StoredColumn column = Find(name);
        return column.IsFlat && (!numeric || column.IsNumeric) ? column : throw new DataException(
            $"Column '{name}' in {Name} holds {column.TypeName} values where numbers are expected; choose another column.");
    }

    /// <summary>A column of any kind.</summary>
    /// <exception cref="DataException">There is no such column, or it is not in all parts or not of one type in them.</exception>
    public StoredColumn Find(string name)
    {
        StoredColumn column = Columns.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw LoadingChecks.NoSuchColumn(name, Name, [.. Columns.Select(candidate => candidate.Name)]);
        return column.Refusal is null ? column : throw new DataException(column.Refusal);
    }

    private static RowGroupSource Of(EventPart file) => FileFormats.Of(file.Path) switch
    {
        FileFormat.Hdf5 => Hdf5Source.Read(file.Path, file.Name, file.Table),
        FileFormat.Root => throw new DataException(
            $"{file.Name} is a ROOT file; make Parquet of its tree by Python: import uproot; "
                + $"uproot.open(\"{file.Name}\")[\"TREE\"].arrays(library=\"pd\")"
                + $".to_parquet(\"{Path.ChangeExtension(file.Name, "parquet")}\")."),
        _ => file.Table is null ? ParquetSource.Read(file.Path, file.Name) : throw new DataException(
            $"{file.Name} is no HDF5 file, which alone has tables such as '{file.Table}'; leave the colon and what follows out."),
    };
}

/// <summary>An open <see cref="RowGroupSource"/>. Several threads may read it at once.</summary>
internal abstract class RowGroupReader(RowGroupSource source) : IDisposable
{
    /// <summary>What is open.</summary>
    public RowGroupSource Source { get; } = source;

    /// <summary>Name for messages.</summary>
    public string Name => Source.Name;

    /// <summary>Number of rows of each row group.</summary>
    public IReadOnlyList<long> RowCounts => Source.RowCounts;

    /// <summary>Reads a column of numbers of a row group as float or double.</summary>
    /// <exception cref="DataException">The column is damaged, or in an encoding that is not known.</exception>
    public abstract void ReadNumbers<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Reads a column of a row group as it is.</summary>
    /// <exception cref="DataException">The column is damaged, or in an encoding that is not known.</exception>
    public abstract void ReadExactly<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken);

    /// <summary>Checks that a column has the rows of a row group, before memory is taken for these.</summary>
    /// <exception cref="DataException">It has others.</exception>
    public abstract void RequireRows(int rowGroup, StoredColumn column, CancellationToken cancellationToken);

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
