using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Posteriors.EventSets;
using Gbi.Posteriors.Models;
using Gbi.Simulators.EventSets;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Posteriors;

/// <summary>
/// Observations of a file, a row each or a set of rows each, and draws from their posteriors: the same seed gives the same draws in every
/// verb.
/// </summary>
internal sealed class Observations
{
    public const int DefaultDraws = 10_000;

    private const int FewestDraws = 100;

    private readonly string _path;
    private readonly int[] _rows;

    private Observations(string path, ILearntPosterior model, EventTable table, int[] rows) =>
        (_path, Model, Table, _rows) = (path, model, table, rows);

    /// <summary>The posterior that is asked: the given one, or the one of sets of its events.</summary>
    public ILearntPosterior Model { get; }

    /// <summary>The observations, a row each, with the features of the posterior that is asked.</summary>
    public EventTable Table { get; }

    /// <summary>The file's name without its folder.</summary>
    public string Name => EventFile.NameOf(_path);

    public static Option<int?> DrawsOption() => OptionOf.Number(
        "--draws", "N", "Draws from the posterior of an observation.", FewestDraws, Sentence.Of(DefaultDraws));

    /// <summary>The observations of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The posterior.</param>
    /// <param name="events">Which rows are one observation; null where each is one.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="DataException">A feature is no column or no number, or there is no row.</exception>
    public static Observations Read(string path, ILearntPosterior model, EventRows? events, CancellationToken cancellation)
    {
        if (events is null || EventSetSummary.TryOf(model.Features) is not null)
        {
            (EventTable table, int[] rows) = Read(path, model.Features, events, cancellation);
            return new Observations(path, model, table, rows);
        }

        EventSetRows sets = events.Of(path, model.Features, cancellation);
        var ofSets = new EventSetPosterior(model, sets.Events, events.Column.Length > 0 ? events.Column : null);
        return new Observations(path, ofSets, ofSets.Observations, sets.Starts);
    }

    private static (EventTable Table, int[] Rows) Read(
        string path, IReadOnlyList<string> features, EventRows? events, CancellationToken cancellation)
    {
        EventSetSummary? summary = EventSetSummary.TryOf(features);
        string[] columns = summary is null || !summary.Columns.All(EventFile.Columns(path).Contains) ? [] : [.. summary.Columns];
        if (events is null)
        {
            return columns.Length > 0 && !features.All(EventFile.Columns(path).Contains)
                ? throw new DataException(
                    $"{EventFile.NameOf(path)} has the columns {string.Join(", ", columns)} of events, and the posterior is one of sets of "
                        + "events; add --events, if all rows are one observation, or --events COLUMN.")
                : WithRows(TableFile.Read(path, features, new EventReadOptions(), cancellation));
        }

        EventSetRows sets = events.Of(path, summary!.Columns, cancellation);
        return (summary.Of(sets).WithColumns(features), sets.Starts);
    }

    /// <summary>The observation of a file with one.</summary>
    public static EventTable ReadOne(string path, IReadOnlyList<string> features, EventRows? events, CancellationToken cancellation)
    {
        (EventTable table, _) = Read(path, features, events, cancellation);
        return table.Count == 1 ? table : throw new DataException(InvariantText.Text(
            $"{EventFile.NameOf(path)} has {Counted(table.Count, "row")}, expected one observation; 'gbi posterior' takes several."));
    }

    public static PosteriorDraws Draw(Posterior posterior, int row, int count, Seed seed, CancellationToken cancellation) =>
        posterior.Draw(count, seed.Child("observations").Child(row), cancellation);

    /// <summary>True values of the parameters, where the file has a column for each; a dictionary an observation, empty where it has
    /// not.</summary>
    public IReadOnlyDictionary<string, double>[] Truths(IReadOnlyList<string> parameters, CancellationToken cancellation)
    {
        string[] known = [.. parameters.Where(EventFile.Columns(_path).Contains)];
        EventTable? table = known.Length > 0 ? TableFile.Read(_path, known, new EventReadOptions(), cancellation) : null;
        return [.. _rows.Select(row => known.ToDictionary(name => name, name => (double)table![name][row]))];
    }

    private static (EventTable Table, int[] Rows) WithRows(EventTable table) => (table, [.. Enumerable.Range(0, table.Count)]);
}

/// <summary>Which rows of a file of events are one observation.</summary>
/// <param name="Column">Those with one value of a column; all where it is empty.</param>
internal sealed record EventRows(string Column)
{
    /// <summary>All rows of a file are one observation.</summary>
    public static readonly EventRows All = new("");

    /// <summary>Reads the events of a file.</summary>
    /// <exception cref="DataException">A column is missing or no number, or a set is in two places.</exception>
    public EventSetRows Of(string path, IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        if (columns.Contains(Column))
        {
            throw new DataException(
                $"--events names '{Column}', which is a feature of the posterior; name the column that numbers the sets of events.");
        }

        string[] names = [.. columns, .. Column.Length > 0 ? [Column] : Array.Empty<string>()];
        EventTable events = TableFile.Read(path, names, new EventReadOptions(), cancellation);
        return Column.Length > 0 ? EventSetRows.By(Column, events) : new EventSetRows(events, [0]);
    }
}
