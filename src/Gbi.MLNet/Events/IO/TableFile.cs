using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Parts;

namespace Gbi.Events.IO;

/// <summary>
/// Files of rows in Parquet or in text (.csv, .tsv, either also .gz), told apart by the name; or folders and globs of such parts.
/// </summary>
internal static class TableFile
{
    /// <summary>Whether a file, or the parts of a folder or a glob, are text.</summary>
    /// <exception cref="DataException">There are no parts.</exception>
    public static bool IsText(string path) => EventParts.Of(path).IsText;

    /// <summary>Number of rows; a text is read for it.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static long CountRows(string path, CancellationToken cancellation)
    {
        if (!IsText(path))
        {
            return new ParquetEventReader(path).RowCount;
        }

        using CsvRecords records = CsvRecords.Open(path);
        long rows = 0;
        while (records.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            rows++;
        }

        return rows;
    }

    /// <summary>Names of all columns.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static string[] AllColumns(string path)
    {
        if (!IsText(path))
        {
            return [.. new ParquetEventReader(path).Columns.Select(column => column.Name)];
        }

        using CsvRecords records = CsvRecords.Open(path);
        return records.Header;
    }

    /// <summary>Columns that can be read as numbers; those of text are known on reading alone.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static string[] NumberColumns(string path)
    {
        if (IsText(path))
        {
            using CsvRecords records = CsvRecords.Open(path);
            return [.. records.Header.Where(name => name.Length > 0).Distinct()];
        }

        return [.. new ParquetEventReader(path).Columns.Where(column => column.IsNumeric).Select(column => column.Name)];
    }

    /// <summary>Columns of all rows.</summary>
    /// <exception cref="DataException">The file or a column cannot be read.</exception>
    public static EventTable Read(string path, IReadOnlyList<string> columns, EventReadOptions options, CancellationToken cancellation) =>
        IsText(path)
            ? CsvEventReader.Read(path, columns, options, cancellation)
            : new ParquetEventReader(path).Read(columns, options, cancellation);
}
