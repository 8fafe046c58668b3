namespace Gbi.Events.IO.Csv;

/// <summary>
/// Reads events from a text file of separated values, plain or gzip: a header line, then one line per event. The separator is detected
/// (comma, semicolon, tab, vertical bar, or spaces between numbers); cells may be quoted as in RFC 4180; numbers have a decimal point. An
/// empty cell is a missing value. Lines that begin with # are comments. Columns that are not read may hold anything. A folder of parts, or
/// a glob such as <c>events/*.csv</c>, is read as one file, as <see cref="ParquetEventReader"/> does.
/// </summary>
public static class CsvEventReader
{
    /// <summary>Reads the features, mass and weight of a schema.</summary>
    /// <exception cref="DataException">
    /// See <see cref="Read(string, IReadOnlyList{string}?, EventReadOptions?, CancellationToken)"/>.
    /// </exception>
    public static EventTable Read(string path, EventSchema schema, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Read(path, schema.Observables, EventReadOptions.For(schema), cancellationToken);
    }

    /// <summary>Reads the requested columns, or all but the weight where <paramref name="columns"/> is null.</summary>
    /// <exception cref="DataException">
    /// The file is missing or damaged; a column is unknown, or has no name where all are read; a line has a cell too many or too few, or
    /// one that is no number (line in the message); a value is NaN or infinite; there are no events; the sum of weights is not above 0.
    /// </exception>
    public static EventTable Read(
        string path, IReadOnlyList<string>? columns = null, EventReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new EventReadOptions();
        using CsvRecords records = CsvRecords.Open(path);
        if (columns is null)
        {
            records.RequireNames();
        }

        string[] wanted = [.. columns ?? [.. records.Header.Where(name => name != options.WeightColumn)]];
        LoadingChecks.RequireOnce(wanted);
        return Read(records, wanted, options, cancellationToken);
    }

    private static EventTable Read(CsvRecords records, string[] wanted, EventReadOptions options, CancellationToken cancellationToken)
    {
        int[] cells = [.. wanted.Select(records.CellOf)];
        int weightCell = options.WeightColumn is null ? -1 : records.CellOf(options.WeightColumn);
        List<float>[] values = [.. wanted.Select(_ => new List<float>())];
        var weights = new List<double>();
        var found = new NonFinite[wanted.Length];
        NonFinite foundWeight = default;
        float missing = options.MissingValue is { } declared ? (float)declared : float.NaN;
        bool hasMissing = options.MissingValue is not null;
        for (long row = 0; records.Next(); row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < cells.Length; i++)
            {
                float number = (float)records.Number(cells[i], out bool isEmpty);
                bool isMissing = isEmpty || (hasMissing && number.Equals(missing));
                values[i].Add(isMissing ? float.NaN : number);
                if (!isMissing && !float.IsFinite(number))
                {
                    found[i] += new NonFinite(1, row);
                }
            }

            if (weightCell >= 0)
            {
                double weight = records.Number(weightCell, out _);
                weights.Add(weight);
                foundWeight += double.IsFinite(weight) ? default : new NonFinite(1, row);
            }
        }

        for (int i = 0; i < wanted.Length; i++)
        {
            LoadingChecks.RequireFinite(wanted[i], records.File, found[i], options, isWeight: false, records.RowName);
        }

        LoadingChecks.RequireFinite(options.WeightColumn ?? "", records.File, foundWeight, options, isWeight: true, records.RowName);
        var table = new EventTable(
            wanted.Select((name, i) => KeyValuePair.Create(name, new ReadOnlyMemory<float>([.. values[i]]))),
            values.Length > 0 ? values[0].Count : weights.Count,
            weightCell < 0 ? default(ReadOnlyMemory<double>?) : new ReadOnlyMemory<double>([.. weights]));
        return LoadingChecks.RequireEvents(table, records.File, options.WeightColumn);
    }
}
