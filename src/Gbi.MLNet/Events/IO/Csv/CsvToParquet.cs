using System.Globalization;
using System.Numerics;
using Gbi.Events.IO.Outputs;
using Gbi.Events.IO.Parts;
using Parquet;
using Parquet.Schema;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Copies a text file of separated values to Parquet with every column: whole numbers as 64-bit integers, other numbers as double,
/// anything else as text; an empty cell is a null. Reads the file twice and keeps one row group in memory.
/// </summary>
public static class CsvToParquet
{
    private const int RowGroupSize = 65_536;

    /// <summary>Writes <paramref name="parquetPath"/>, which must not exist unless it may be replaced.</summary>
    /// <param name="csvPath">The file to read.</param>
    /// <param name="parquetPath">The file to write; it appears when it is whole.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="remark">Is told of columns of numbers that become text for a cell that is none; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops the work; no output is left then.</param>
    /// <exception cref="DataException">
    /// The text is missing, damaged or empty, has a column without a name of its own, decimal commas, or lines of unequal length; or the
    /// output cannot be written.
    /// </exception>
    public static void Convert(
        string csvPath, string parquetPath, bool overwrite = false, Action<string>? remark = null,
        CancellationToken cancellationToken = default) =>
        Convert(csvPath, parquetPath, new OutputTerms(overwrite), remark, cancellationToken);

    /// <summary>The same on terms.</summary>
    internal static void Convert(
        string csvPath, string parquetPath, OutputTerms terms, Action<string>? remark, CancellationToken cancellationToken)
    {
        EventParts.Of(csvPath).RequireOutside(parquetPath);
        CellColumn[] columns = Describe(csvPath, remark, cancellationToken);
        using CsvRecords records = CsvRecords.Open(csvPath);
        using var output = new ParquetOutput(
            parquetPath, terms, [.. columns.Select(column => column.Field)], new Dictionary<string, string>());
        int rows = 0;
        while (records.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int cell = 0; cell < columns.Length; cell++)
            {
                columns[cell].Add(records, cell);
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
    private static CellColumn[] Describe(string path, Action<string>? remark, CancellationToken cancellationToken)
    {
        using CsvRecords records = CsvRecords.Open(path);
        records.RequireNames();
        CellKinds[] kinds = [.. records.Header.Select(_ => new CellKinds())];
        while (records.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int cell = 0; cell < kinds.Length; cell++)
            {
                kinds[cell].Add(records, cell);
            }
        }

        for (int cell = 0; cell < kinds.Length; cell++)
        {
            if (kinds[cell].RemarkOn(records, cell) is { } sentence)
            {
                remark?.Invoke(sentence);
            }
        }

        return [.. kinds.Select((kind, cell) => kind.ToColumn(records, cell))];
    }

    private static bool IsWhole(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool IsPositive(ReadOnlySpan<char> text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>What the cells of one column hold.</summary>
    private sealed class CellKinds
    {
        private bool _areWhole = true, _arePositive = true, _areNumbers = true, _hasOther;
        private (string Text, string Where)? _decimalComma, _first, _rounded;
        private long _numbers, _others;

        public void Add(CsvRecords records, int cell)
        {
            ReadOnlySpan<char> text = records.Cell(cell).Trim();
            if (text.IsEmpty)
            {
                return;
            }

            bool isWhole = IsWhole(text, out long whole);
            bool isPositive = isWhole ? whole >= 0 : _arePositive && IsPositive(text, out _);
            _areWhole &= isWhole;
            _arePositive &= isPositive;
            double number = whole;
            if (isWhole || isPositive || records.TryNumber(cell, out number))
            {
                _numbers++;
                Require(records, cell, text, number);
                if (_rounded is null && (isWhole ? (Int128)number != whole : IsRounded(text, number)))
                {
                    _rounded = (text.ToString(), records.Where);
                }

                return;
            }

            _others++;
            _areNumbers = false;
            _first ??= (text.ToString(), records.Where);
            if (_hasOther || !CsvNumber.HasDecimalComma(text))
            {
                _hasOther = true;
            }
            else
            {
                _decimalComma ??= (text.ToString(), records.Where);
            }
        }

        /// <summary>
        /// A sentence on a column most of whose cells are numbers, and not all, or on integers that a double cannot hold; null on others.
        /// </summary>
        public string? RemarkOn(CsvRecords records, int cell) =>
            _first is var (text, where) ? _others > _numbers ? null : Text(
                $"Column '{records.Header[cell]}' is written as text: '{text}' on {where} is no number ({_others:N0} such among ")
                + Text($"{_numbers + _others:N0} cells).")
            : _rounded is var (digits, at) && !_areWhole && !_arePositive
                ? $"Column '{records.Header[cell]}' is written as double, which does not hold all digits of '{digits}' on {at}."
                : null;

        public CellColumn ToColumn(CsvRecords records, int cell)
        {
            string name = records.Header[cell];
            if (_decimalComma is var (text, where) && !_hasOther)
            {
                throw records.DecimalComma(cell, where, text);
            }

            return (_areWhole, _areNumbers) switch
            {
                (false, true) when _arePositive => new CellColumn<ulong>(
                    new DataField<ulong>(name, true), static (records, cell) => IsPositive(records.Cell(cell).Trim(), out ulong n) ? n : 0),
                (true, _) => new CellColumn<long>(
                    new DataField<long>(name, true), static (records, cell) => IsWhole(records.Cell(cell).Trim(), out long n) ? n : 0),
                (_, true) => new CellColumn<double>(
                    new DataField<double>(name, true), static (records, cell) => records.Number(cell, out _)),
                _ => new CellColumn<ReadOnlyMemory<char>>(
                    new DataField<string>(name), static (records, cell) => records.Cell(cell).ToString().AsMemory()),
            };
        }

        private static bool IsRounded(ReadOnlySpan<char> text, double number) =>
            BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole)
            && new BigInteger(number) != whole;

        private static void Require(CsvRecords records, int cell, ReadOnlySpan<char> text, double number)
        {
            if (CsvNumber.IsTooLarge(text, number))
            {
                throw new DataException(
                    $"Column '{records.Header[cell]}' on {records.Where} holds '{CsvNumber.Shown(text)}', larger than any double; correct "
                        + "the cell or leave it empty.");
            }
        }
    }

    private abstract class CellColumn(DataField dataField)
    {
        public DataField Field => dataField;

        public abstract void Add(CsvRecords records, int cell);

        public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);
    }

    private delegate T CellParser<out T>(CsvRecords records, int cell);

    private sealed class CellColumn<T>(DataField dataField, CellParser<T> parse) : CellColumn(dataField)
        where T : struct
    {
        private readonly List<T> _present = [];
        private readonly List<int> _levels = [];

        public override void Add(CsvRecords records, int cell)
        {
            bool isEmpty = records.Cell(cell).Trim().IsEmpty;
            _levels.Add(isEmpty ? 0 : 1);
            if (!isEmpty)
            {
                _present.Add(parse(records, cell));
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
