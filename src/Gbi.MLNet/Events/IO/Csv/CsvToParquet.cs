using System.Globalization;
using nietras.SeparatedValues;
using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Copies a text file of separated values to Parquet with every column: whole numbers as 64-bit integers, other numbers as double,
/// anything else as text; an empty cell is a null. Reads the file twice and keeps one row group in memory.
/// </summary>
public static class CsvToParquet
{
    private const int RowGroupSize = 65_536;

    /// <summary>Writes <paramref name="parquetPath"/>, which must not exist unless it may be replaced.</summary>
    /// <exception cref="DataException">
    /// The text is missing, damaged or empty, has a column without a name of its own, decimal commas, or lines of unequal length; or the
    /// output cannot be written.
    /// </exception>
    public static void Convert(
        string csvPath, string parquetPath, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        CellColumn[] columns = Describe(csvPath, cancellationToken);
        using CsvRecords records = CsvRecords.Open(csvPath);
        using var output = new ParquetOutput(
            parquetPath, overwrite, [.. columns.Select(column => column.Field)], new Dictionary<string, string>());
        int rows = 0;
        while (records.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int cell = 0; cell < columns.Length; cell++)
            {
                columns[cell].Add(records.Current[cell]);
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
        using CsvRecords records = CsvRecords.Open(path);
        records.RequireNames();
        CellKinds[] kinds = [.. records.Header.Select(_ => new CellKinds())];
        while (records.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int cell = 0; cell < kinds.Length; cell++)
            {
                kinds[cell].Add(records.Current[cell], records.Current.LineNumberFrom);
            }
        }

        return [.. kinds.Select((kind, cell) => kind.ToColumn(records, cell))];
    }

    private static bool IsWhole(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    /// <summary>What the cells of one column hold.</summary>
    private sealed class CellKinds
    {
        private bool _areWhole = true, _areNumbers = true, _hasOther;
        private string? _decimalComma;
        private int _decimalCommaLine;

        public void Add(SepReader.Col cell, int line)
        {
            ReadOnlySpan<char> text = cell.Span.Trim();
            if (text.IsEmpty || (_areWhole && IsWhole(text, out _)))
            {
                return;
            }

            _areWhole = false;
            if (cell.TryParse<double>(out _))
            {
                return;
            }

            _areNumbers = false;
            if (_hasOther || !CsvRecords.HasDecimalComma(text))
            {
                _hasOther = true;
            }
            else if (_decimalComma is null)
            {
                _decimalComma = text.ToString();
                _decimalCommaLine = line;
            }
        }

        public CellColumn ToColumn(CsvRecords records, int cell)
        {
            string name = records.Header[cell];
            if (_decimalComma is not null && !_hasOther)
            {
                throw records.DecimalComma(cell, _decimalCommaLine, _decimalComma);
            }

            return (_areWhole, _areNumbers) switch
            {
                (true, _) => new CellColumn<long>(
                    new DataField<long>(name, true), static cell => IsWhole(cell.Span.Trim(), out long number) ? number : 0),
                (_, true) => new CellColumn<double>(new DataField<double>(name, true), static cell => cell.Parse<double>()),
                _ => new CellColumn<ReadOnlyMemory<char>>(
                    new DataField<string>(name), static cell => cell.Span.Trim().ToString().AsMemory()),
            };
        }
    }

    private abstract class CellColumn(DataField dataField)
    {
        public DataField Field => dataField;

        public abstract void Add(SepReader.Col cell);

        public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);
    }

    private delegate T CellParser<out T>(SepReader.Col cell);

    private sealed class CellColumn<T>(DataField dataField, CellParser<T> parse) : CellColumn(dataField)
        where T : struct
    {
        private readonly List<T> _present = [];
        private readonly List<int> _levels = [];

        public override void Add(SepReader.Col cell)
        {
            bool isEmpty = cell.Span.Trim().IsEmpty;
            _levels.Add(isEmpty ? 0 : 1);
            if (!isEmpty)
            {
                _present.Add(parse(cell));
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
