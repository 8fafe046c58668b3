using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Posteriors.Models;

namespace Gbi.Cli.Verbs.Posteriors;

/// <summary>Observations from a file, and draws from their posteriors: the same seed gives the same draws in every verb.</summary>
internal static class Observations
{
    public const int DefaultDraws = 10_000;

    private const int FewestDraws = 100;

    public static Option<int?> DrawsOption() => OptionOf.Number(
        "--draws", "N", "Draws from the posterior of an observation.", FewestDraws, Sentence.Of(DefaultDraws));

    /// <summary>The observations of a file.</summary>
    /// <exception cref="DataException">A feature is no column or no number, or there is no row.</exception>
    public static EventTable Read(string path, IReadOnlyList<string> features, CancellationToken cancellation) =>
        TableFile.Read(path, features, new EventReadOptions(), cancellation);

    /// <summary>The observation of a file with one row.</summary>
    public static EventTable ReadOne(string path, IReadOnlyList<string> features, CancellationToken cancellation)
    {
        EventTable table = Read(path, features, cancellation);
        return table.Count == 1 ? table : throw new DataException(InvariantText.Text(
            $"{Path.GetFileName(path)} has {table.Count:N0} rows, expected one observation; 'gbi posterior' takes several."));
    }

    /// <summary>True values of the parameters, where the file has a column for each; a dictionary a row, empty where it has not.</summary>
    public static IReadOnlyDictionary<string, double>[] Truths(
        string path, IReadOnlyList<string> parameters, int count, CancellationToken cancellation)
    {
        string[] known = [.. parameters.Where(EventFile.Columns(path).Contains)];
        EventTable? table = known.Length > 0 ? TableFile.Read(path, known, new EventReadOptions(), cancellation) : null;
        return [.. Enumerable.Range(0, count).Select(row => known.ToDictionary(name => name, name => (double)table![name][row]))];
    }

    public static PosteriorDraws Draw(Posterior posterior, int row, int count, Seed seed, CancellationToken cancellation) =>
        posterior.Draw(count, seed.Child("observations").Child(row), cancellation);
}
