using Gbi.Events.IO.Appending;
using Gbi.Searches.Signal;

namespace Gbi.Searches.Results;

/// <summary>The scores of a search next to all columns of its events.</summary>
internal static class SearchScoresFile
{
    private static readonly NewColumn[] Columns =
    [
        NewColumn.Int32("region"),
        NewColumn.Single(SignalLikelihood.LogRatioColumn),
        NewColumn.Single("log_ratio_spread"),
        NewColumn.Single("anomaly_log_ratio"),
        NewColumn.Double("background_weight"),
    ];

    /// <summary>Names of the columns.</summary>
    public static IEnumerable<string> ColumnNames => Columns.Select(column => column.Name);

    /// <summary>Refuses events next to which the scores cannot be written, before the search.</summary>
    /// <param name="events">The Parquet file that holds the events of the search.</param>
    /// <exception cref="Gbi.Events.DataException">A column cannot be copied, or has the name of a score.</exception>
    public static void Require(string events) => ColumnAppender.Require(events, events, [], Columns, keepColumns: null);

    /// <summary>Writes them.</summary>
    /// <param name="events">The Parquet file that holds the events of the search, in their order.</param>
    /// <param name="path">The Parquet file to write.</param>
    /// <param name="scores">One value an event.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Write(string events, string path, SearchScores scores, CancellationToken cancellation)
    {
        using var appender = new ColumnAppender(events, path, Columns, cancellationToken: cancellation);
        int start = 0;
        foreach (long rowCount in appender.RowCounts)
        {
            Range rows = start..(start + (int)rowCount);
            appender.AppendRowGroup(
                [
                    scores.Region[rows], scores.LogRatio[rows], scores.LogRatioSpread[rows], scores.AnomalyLogRatio[rows],
                    scores.BackgroundWeight[rows]
                ],
                cancellation);
            start = rows.End.Value;
        }

        appender.Complete();
    }
}
