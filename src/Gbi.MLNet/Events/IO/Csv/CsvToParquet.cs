using System.Globalization;
using Parquet;
using Parquet.Schema;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Copies a file of comma-separated values to Parquet with every column: whole numbers as 64-bit integers, other numbers as
/// double, anything else as text; an empty cell is a null. Reads the file twice and keeps one row group in memory.
/// </summary>
public static class CsvToParquet
{
    private const int RowGroupSize = 65_536;

    /// <summary>Writes <paramref name="parquetPath"/>, which must not exist unless it may be replaced.</summary>
    /// <exception cref="DataException">The text is missing, empty or has lines of unequal length; or the output cannot be
    /// written.</exception>
    public static void Convert(
        string csvPath, string parquetPath, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        CellColumn[] columns = Describe(csvPath, cancellationToken);
        using var output = new ParquetOutput(
            parquetPath, overwrite, [.. columns.Select(column => column.Field)], new Dictionary<string, string>());
        int rows = 0;
        foreach (CsvRecords record in Records(csvPath, columns.Length, cancellationToken))
        {
            for (int cell = 0; cell < columns.Length; cell++)
            {
                columns[cell].Add(record[cell].Trim());
            }

            if (++rows == RowGroupSize)
            {
                Flush();
            }
        }

        Flush();
        output.Complete();

        void Flush()
        {
            if (rows > 0)
            {
                output.WriteRowGroup(async group =>
                {
                    foreach (CellColumn column in columns)
                    {
                        await column.WriteAsync(group, cancellationToken).ConfigureAwait(false);
                    }
                });
            }

            rows = 0;
        }
    }

    /// <summary>The columns of the header, each of the narrowest type that holds all of its cells.</summary>
    private static CellColumn[] Describe(string path, CancellationToken cancellationToken)
    {
        string[] names = Header(path);
        bool[] isWhole = [.. names.Select(_ => true)];
        bool[] isNumber = [.. names.Select(_ => true)];
        foreach (CsvRecords record in Records(path, names.Length, cancellationToken))
        {
            for (int cell = 0; cell < names.Length; cell++)
            {
                ReadOnlySpan<char> text = record[cell].Trim();
                isWhole[cell] &= text.IsEmpty || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
                isNumber[cell] &= text.IsEmpty || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            }
        }

        return [.. names.Select((name, cell) => (isWhole[cell], isNumber[cell]) switch
        {
            (true, _) =>
                (CellColumn)new CellColumn<long>(new DataField<long>(name, true), text => long.Parse(text, CultureInfo.InvariantCulture)),
            (_, true) =>
                new CellColumn<double>(new DataField<double>(name, true), text => double.Parse(text, CultureInfo.InvariantCulture)),
            _ => new CellColumn<ReadOnlyMemory<char>>(new DataField<string>(name), text => text.ToString().AsMemory()),
        })];
    }

    private static string[] Header(string path)
    {
        using StreamReader text = Open(path);
        var records = new CsvRecords(text, Path.GetFileName(path));
        return records.Next()
            ? [.. Enumerable.Range(0, records.Count).Select(cell => records[cell].Trim().ToString())]
            : throw new DataException($"{Path.GetFileName(path)} is empty; its first line must name the columns.");
    }

    private static IEnumerable<CsvRecords> Records(string path, int width, CancellationToken cancellationToken)
    {
        using StreamReader text = Open(path);
        var records = new CsvRecords(text, Path.GetFileName(path));
        records.Next();
        while (records.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return records.Count == width ? records : throw new DataException(Text(
                $"Line {records.Line:N0} of {Path.GetFileName(path)} has {records.Count} cells where the header has {width}; mend the "
                    + $"line."));
        }
    }

    private static StreamReader Open(string path)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} cannot be read ({cause.Message.Trim().TrimEnd('.')}); check that it is a file and that you may read it.", cause);
        }
    }

    private abstract class CellColumn(DataField dataField)
    {
        public DataField Field => dataField;

        public abstract void Add(ReadOnlySpan<char> text);

        public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);
    }

    private delegate T CellParser<out T>(ReadOnlySpan<char> text);

    private sealed class CellColumn<T>(DataField dataField, CellParser<T> parse) : CellColumn(dataField)
        where T : struct
    {
        private readonly List<T> _present = [];
        private readonly List<int> _levels = [];

        public override void Add(ReadOnlySpan<char> text)
        {
            _levels.Add(text.IsEmpty ? 0 : 1);
            if (!text.IsEmpty)
            {
                _present.Add(parse(text));
            }
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
        {
            await group.WriteAllPartsAsync<T>(Field, _present.ToArray(), _levels.ToArray(), null, cancellationToken).ConfigureAwait(false);
            _present.Clear();
            _levels.Clear();
        }
    }
}
