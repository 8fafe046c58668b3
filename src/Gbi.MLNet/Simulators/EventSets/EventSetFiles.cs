using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Parts;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.EventSets;

/// <summary>Simulations of sets of events that were made before, a row an event.</summary>
public static class EventSetFiles
{
    /// <summary>Reads events, Parquet or CSV, and summarises the sets: one simulation a set.</summary>
    /// <param name="files">The files; all have the columns. A set lies in one file.</param>
    /// <param name="parameters">Columns of θ, the same in all events of a set.</param>
    /// <param name="setColumn">Column whose value is the same in all events of a set and changes from one set to the next.</param>
    /// <param name="columns">Columns of an event that are summarised, or patterns of them; null for all other numbers but
    /// <c>seed</c>.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="DataException">
    /// A file or a column is missing or unreadable, a set is in two places of a file, or its events have several values of a parameter.
    /// </exception>
    public static Simulations Read(
        IReadOnlyList<string> files, IReadOnlyList<string> parameters, string setColumn, IReadOnlyList<string>? columns = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(setColumn);
        if (parameters.Contains(setColumn))
        {
            throw new DataException(
                $"'{setColumn}' is a parameter, expected a column that numbers the sets of events; name another column.");
        }

        Simulations? all = null;
        string[]? summarised = null;
        foreach (string file in files)
        {
            string name = EventParts.NameOf(file);
            if (!TableFile.NumberColumns(file).Contains(setColumn))
            {
                throw new DataException(
                    $"{name} has no column '{setColumn}' of numbers, which should say to which set an event belongs; name another column.");
            }

            var events = Simulations.Read([file], parameters, columns is null ? null : [.. columns, setColumn], null, cancellation);
            string[] own = [.. events.Observations.ColumnNames.Where(column => column != setColumn)];
            summarised ??= own;
            if (own.Length == 0 || !own.Order().SequenceEqual(summarised.Order()))
            {
                throw new DataException(own.Length == 0
                    ? $"{name} has the parameters {string.Join(", ", parameters)} and the sets '{setColumn}', and no column that events "
                        + "are summarised in; name one or more."
                    : $"{name} has the columns {string.Join(", ", own)} and {EventParts.NameOf(files[0])} has "
                        + $"{string.Join(", ", summarised)}; name columns that all files have.");
            }

            Simulations ofFile = Summarise(events, setColumn, summarised, name);
            all = all is null ? ofFile : new Simulations(
                all.Parameters.Append(ofFile.Parameters), all.Observations.Append(ofFile.Observations));
        }

        return all ?? throw new DataException("There is no file of simulations; give one or more.");
    }

    private static Simulations Summarise(Simulations events, string setColumn, string[] columns, string file)
    {
        var sets = EventSetRows.By(setColumn, events.Observations);
        foreach (string parameter in events.Parameters.ColumnNames)
        {
            ReadOnlySpan<float> values = events.Parameters[parameter];
            for (int set = 0; set < sets.Count; set++)
            {
                (int from, int count) = sets.RowsOf(set);
                int other = values.Slice(from, count).IndexOfAnyExcept(values[from]);
                if (other >= 0)
                {
                    throw new DataException(Text(
                        $"{file} has two values of '{parameter}' in the set with '{setColumn}' = ")
                        + Text($"{events.Observations[setColumn][from]}, {values[from]} and, in row {from + other:N0}, ")
                        + Text($"{values[from + other]}; the events of a set have the same parameters."));
                }
            }
        }

        return new Simulations(events.Parameters.Select(sets.Starts), new EventSetSummary(columns).Of(sets));
    }
}
