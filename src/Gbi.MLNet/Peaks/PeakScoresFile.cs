using Gbi.Events.IO.Appending;

namespace Gbi.Peaks;

/// <summary>Score and category of every event of a measurement next to all columns of the events.</summary>
internal static class PeakScoresFile
{
    /// <summary>Name of the column of categories.</summary>
    public const string CategoryColumn = "category";

    private const int Outside = -1;

    private static readonly NewColumn[] Columns = [NewColumn.Single("log_ratio"), NewColumn.Int32(CategoryColumn)];

    /// <summary>Refuses events next to which they cannot be written, before the measurement.</summary>
    /// <param name="events">The Parquet file that holds the events.</param>
    /// <exception cref="Gbi.Events.DataException">A column cannot be copied, or has the name of one of theirs.</exception>
    public static void Require(string events) => ColumnAppender.Require(events, events, [], Columns, keepColumns: null);

    /// <summary>Writes them; NaN and −1 stand for events outside the outer limits.</summary>
    /// <param name="events">The Parquet file that holds the events, in their order.</param>
    /// <param name="path">The Parquet file to write.</param>
    /// <param name="measurement">The measurement.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Write(string events, string path, PeakMeasurement measurement, CancellationToken cancellation)
    {
        using var appender = new ColumnAppender(events, path, Columns, cancellationToken: cancellation);
        int count = (int)appender.RowCounts.Sum();
        float[] logRatio = new float[count];
        int[] category = new int[count];
        Array.Fill(logRatio, float.NaN);
        Array.Fill(category, Outside);
        for (int i = 0; i < measurement.Rows.Count; i++)
        {
            logRatio[measurement.Rows[i]] = measurement.Features!.LogRatio[i];
            category[measurement.Rows[i]] = measurement.Features!.CategoryOf[i];
        }

        int start = 0;
        foreach (long rows in appender.RowCounts)
        {
            Range range = start..(start + (int)rows);
            appender.AppendRowGroup([logRatio[range], category[range]], cancellation);
            start = range.End.Value;
        }

        appender.Complete();
    }
}
