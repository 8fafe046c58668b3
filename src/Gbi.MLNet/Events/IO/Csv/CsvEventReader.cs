using System.Globalization;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Events from a text file of comma-separated values: a header line, cells quoted as in RFC 4180, numbers in invariant culture. An
/// empty cell is a missing value. Columns that are not wanted may hold anything.
/// </summary>
public static class CsvEventReader
{
    /// <summary>Features, mass and weight of a schema.</summary>
    /// <exception cref="DataException">See
    /// <see cref="Read(string, IReadOnlyList{string}?, EventReadOptions?, CancellationToken)"/>.</exception>
    public static EventTable Read(string path, EventSchema schema, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Read(path, schema.Observables, EventReadOptions.For(schema), cancellationToken);
    }

    /// <summary>The columns wanted, or all but the weight where <paramref name="columns"/> is null.</summary>
    /// <exception cref="DataException">
    /// The file is missing; a column is unknown; a line has a cell too many or too few, or one that is no number (line in the message);
    /// a value is NaN or infinite; there are no events; the sum of weights is not above 0.
    /// </exception>
    public static EventTable Read(
        string path, IReadOnlyList<string>? columns = null, EventReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new EventReadOptions();
        try
        {
            using var text = new StreamReader(path);
            return Read(text, Path.GetFileName(path), columns, options, cancellationToken);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"There is no file {path}; check the path.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} cannot be read ({cause.Message.Trim().TrimEnd('.')}); check that it is a file and that you may read it.", cause);
        }
    }

    private static EventTable Read(
        TextReader text, string file, IReadOnlyList<string>? columns, EventReadOptions options, CancellationToken cancellationToken)
    {
        var records = new CsvRecords(text, file);
        if (!records.Next())
        {
            throw new DataException($"{file} is empty; its first line must name the columns.");
        }

        string[] header = [.. Enumerable.Range(0, records.Count).Select(cell => records[cell].Trim().ToString())];
        string[] wanted = [.. columns ?? [.. header.Where(name => name != options.WeightColumn)]];
        LoadingChecks.RequireOnce(wanted);
        int[] cells = [.. wanted.Select(name => Find(name, header, file))];
        int weightCell = options.WeightColumn is null ? -1 : Find(options.WeightColumn, header, file);
        var values = new List<float>[wanted.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = [];
        }

        var weights = new List<double>();
        var found = new NonFinite[wanted.Length];
        NonFinite foundWeight = default;
        for (long row = 0; records.Next(); row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (records.Count != header.Length)
            {
                throw new DataException(Text(
                    $"Line {records.Line:N0} of {file} has {records.Count} cells where the header has {header.Length}; mend the line."));
            }

            for (int i = 0; i < cells.Length; i++)
            {
                double number = Number(records, cells[i], wanted[i], file, out bool isEmpty);
                bool isMissing = isEmpty || (options.MissingValue is { } missing && ((float)number).Equals((float)missing));
                values[i].Add(isMissing ? float.NaN : (float)number);
                found[i] += isMissing || float.IsFinite((float)number) ? default : new NonFinite(1, row);
            }

            if (weightCell >= 0)
            {
                double weight = Number(records, weightCell, options.WeightColumn!, file, out _);
                weights.Add(weight);
                foundWeight += double.IsFinite(weight) ? default : new NonFinite(1, row);
            }
        }

        for (int i = 0; i < wanted.Length; i++)
        {
            LoadingChecks.RequireFinite(wanted[i], file, found[i], isWeight: false);
        }

        LoadingChecks.RequireFinite(options.WeightColumn ?? "", file, foundWeight, isWeight: true);
        var table = new EventTable(
            wanted.Select((name, i) => KeyValuePair.Create(name, new ReadOnlyMemory<float>([.. values[i]]))),
            values.Length > 0 ? values[0].Count : weights.Count,
            weightCell < 0 ? default(ReadOnlyMemory<double>?) : new ReadOnlyMemory<double>([.. weights]));
        return LoadingChecks.RequireEvents(table, file, options.WeightColumn);
    }

    private static int Find(string name, string[] header, string file)
    {
        int cell = Array.IndexOf(header, name);
        if (cell < 0)
        {
            throw LoadingChecks.NoSuchColumn(name, file, header);
        }

        return Array.IndexOf(header, name, cell + 1) < 0
            ? cell
            : throw new DataException($"Column '{name}' stands twice in the header of {file}; rename one of the two.");
    }

    private static double Number(CsvRecords records, int cell, string column, string file, out bool isEmpty)
    {
        ReadOnlySpan<char> text = records[cell].Trim();
        isEmpty = text.IsEmpty;
        if (isEmpty)
        {
            return double.NaN;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new DataException(Text(
                $"Column '{column}' on line {records.Line:N0} of {file} holds '{text.ToString()}' where a number is expected; mend the "
                    + $"cell or leave it empty."));
    }
}
