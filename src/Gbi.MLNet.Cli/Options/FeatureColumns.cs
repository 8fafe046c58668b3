using System.CommandLine;
using Gbi.Events;
using Gbi.Pipeline.Persistence;
using Gbi.Scoring;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using Gbi.Simulators;

namespace Gbi.Cli.Options;

/// <summary>Features as they are typed, as columns of a file: wildcards and ranges are replaced by what they mean.</summary>
internal static class FeatureColumns
{
    private static readonly string[] OtherColumns = ["--mass", "--weight", "--background-weight", "--signal-parameters"];

    private static readonly string[] OfRatio =
        [RatioModelFile.LogRatioColumn, RatioModelFile.SpreadColumn, RatioModelFile.UncertaintyColumn];

    private static readonly string[] OfPosterior = [ScoringModel.PosteriorMeanPrefix, ScoringModel.PosteriorDeviationPrefix];

    private static readonly HashSet<string> Written =
    [
        DijetSimulator.Label, SignalLikelihood.FeatureLogRatioColumn, Peaks.PeakScoresFile.CategoryColumn, .. OfRatio,
        .. SearchScoresFile.ColumnNames,
    ];

    /// <summary>The columns.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="features">The option that names them.</param>
    /// <param name="path">The file; null where there is none.</param>
    /// <exception cref="DataException">A pattern fits no column.</exception>
    public static string[] Of(ParseResult parsed, Option<string[]> features, string? path)
    {
        string[] names = parsed.GetValue(features) ?? [];
        if (path is null || !FeatureNames.HavePatterns(names))
        {
            return names;
        }

        string[] columns = EventFile.Columns(path);
        return FeatureNames.Expand(names, columns, EventFile.NameOf(path), Never(parsed, columns));
    }

    /// <summary>
    /// Says in one line, where wildcards or ranges were typed, which columns they took, which of these hold only 0 and 1, as a truth label
    /// does, and which they left out.
    /// </summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="features">The option that names them.</param>
    /// <param name="path">The file; null where there is none.</param>
    /// <param name="schema">How it is read.</param>
    /// <param name="blinded">Looks at the sidebands alone; null for all events.</param>
    /// <param name="cancellation">Stops reading.</param>
    public static void Say(
        Terminal terminal, ParseResult parsed, Option<string[]> features, string? path, EventSchema schema, MassWindow? blinded,
        CancellationToken cancellation)
    {
        string[] names = parsed.GetValue(features) ?? [];
        string[] taken = [.. schema.Features.Except(names)];
        if (path is null || taken.Length == 0)
        {
            return;
        }

        string[] columns = EventFile.Columns(path);
        string[] leftOut = FeatureNames.LeftOut(names, columns, Never(parsed, columns));
        EventTable events = EventFile.Read(path, schema with { Features = taken, Weight = null }, cancellation);
        events = blinded is null ? events : events.Select(blinded.Rows(events[schema.Mass!], MassRegion.Sideband));
        string[] truths = [.. taken.Where(name => events.Count > 0 && events[name].IndexOfAnyExcept(0f, 1f, float.NaN) < 0)];
        terminal.Say(
            $"Features of {string.Join(',', names)}: {string.Join(", ", taken)}{Behind("only 0 and 1 in", truths)}"
                + $"{Behind("left out:", leftOut)}.");
    }

    private static string Behind(string words, string[] columns) => columns.Length > 0 ? $"; {words} {string.Join(", ", columns)}" : "";

    /// <summary>Columns that no wildcard means: those that other options name, and those that gbi writes itself.</summary>
    private static string[] Never(ParseResult parsed, string[] columns) =>
    [
        .. parsed.CommandResult.Command.Options.Where(option => OtherColumns.Contains(option.Name)).SelectMany(option => option switch
        {
            Option<string> one => parsed.GetValue(one) is { } name ? (string[])[name] : [],
            Option<string[]> several => parsed.GetValue(several) ?? [],
            _ => [],
        }),
        .. columns.Where(IsWritten),
    ];

    /// <summary>Whether simulations, searches or scores have a column of this name; those of several models have a prefix.</summary>
    private static bool IsWritten(string name) =>
        Written.Contains(name) || OfRatio.Any(column => name.EndsWith("_" + column, StringComparison.Ordinal))
        || OfPosterior.Any(prefix => name.Contains(prefix, StringComparison.Ordinal));
}
