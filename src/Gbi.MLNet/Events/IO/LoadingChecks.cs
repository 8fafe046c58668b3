using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO;

/// <summary>How many values of a column are NaN or infinite without being declared missing, and the first row of them.</summary>
internal readonly record struct NonFinite(long Count, long FirstRow)
{
    public static NonFinite operator +(NonFinite left, NonFinite right) => (left.Count, right.Count) switch
    {
        (0, _) => right,
        (_, 0) => left,
        _ => new NonFinite(left.Count + right.Count, Math.Min(left.FirstRow, right.FirstRow)),
    };
}

/// <summary>The checks that every reader makes, and their sentences.</summary>
internal static class LoadingChecks
{
    /// <summary>Refuses NaN and infinity. Rows are counted from 0; those of a set of parts have names of their own.</summary>
    public static void RequireFinite(
        string column, string file, NonFinite found, EventReadOptions options, bool isWeight, Func<long, string>? rowName = null)
    {
        if (found.Count == 0 || (options.KeepsNonFinite && !isWeight))
        {
            return;
        }

        string values = found.Count == 1 ? "1 value that is" : Text($"{found.Count:N0} values that are");
        string where = $"{(found.Count == 1 ? "" : "first ")}at {rowName?.Invoke(found.FirstRow) ?? Text($"row {found.FirstRow:N0}")}";
        string remedy = options.MissingValue is null ? "drop those rows or declare a missing value with --missing" : "drop those rows";
        throw new DataException(isWeight
            ? $"Weight column '{column}' in {file} has {values} missing, NaN or infinite ({where}); drop those rows."
            : $"Column '{column}' in {file} has {values} NaN or infinite ({where}); {remedy}.");
    }

    /// <summary>Refuses a table without events or with a sum of weights that no density can be normalised by.</summary>
    public static EventTable RequireEvents(EventTable table, string file, string? weightColumn)
    {
        if (table.Count == 0)
        {
            throw new DataException($"{file} has no events; give a file with at least one row.");
        }

        return table.SumOfWeights > 0 ? table : throw new DataException(Text(
            $"The weights in column '{weightColumn}' of {file} sum to {table.SumOfWeights:G6}, which must be above 0; check the column."));
    }

    /// <summary>The sentence for a column that is not there, with the names that are, the nearest first.</summary>
    public static DataException NoSuchColumn(string wanted, string file, IReadOnlyCollection<string> available) =>
        new($"There is no column '{wanted}' in {file}; its columns, the most similar first: {NearestNames.List(wanted, available)}.");

    /// <summary>Refuses a column that is asked for twice.</summary>
    public static void RequireOnce(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        string? twice = columns.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new ArgumentException($"Column '{twice}' is named twice; name each column once.", nameof(columns));
        }
    }
}
