using Gbi.Events;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Jobs.Toys;

/// <summary>Makes one test by toys of all its shards: the same, to the last bit, as if one process had run them all.</summary>
internal static class ToyMerge
{
    /// <summary>Joins shards.</summary>
    /// <param name="shards">The shards in any order, with the names that errors call them.</param>
    /// <exception cref="DataException">They are of different tests, one is missing, or one stands twice; the message names
    /// which.</exception>
    public static ToyRun Of(IReadOnlyList<(string Name, ToyRun Run)> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        if (shards.Count == 0)
        {
            throw new DataException("There are no shards to merge; name the files of all of them.");
        }

        foreach ((string name, ToyRun run) in shards.Skip(1))
        {
            RequireSame(shards[0].Name, shards[0].Run, name, run);
        }

        (string Name, ToyRun Run)[] sorted = [.. shards.OrderBy(shard => NumberOf(shard.Run))];
        for (int i = 1; i < sorted.Length; i++)
        {
            if (NumberOf(sorted[i].Run) == NumberOf(sorted[i - 1].Run))
            {
                throw new DataException(
                    $"{sorted[i - 1].Name} and {sorted[i].Name} both hold shard {sorted[i].Run.Result.Options.Shard}; give each shard "
                        + $"once.");
            }
        }

        int of = sorted[0].Run.Result.Options.Shard.Of;
        string missing = string.Join(
            ", ", Enumerable.Range(1, of).Except(sorted.Select(shard => NumberOf(shard.Run))).Select(number => new ToyShard(number, of)));
        return missing.Length == 0
            ? sorted[0].Run with { Result = ToyTestResult.Joined([.. sorted.Select(shard => shard.Run.Result)]) }
            : throw new DataException($"Of the {of} shards there is no {missing}; give the files of all of them.");
    }

    private static int NumberOf(ToyRun run) => run.Result.Options.Shard.Number;

    private static void RequireSame(string firstName, ToyRun first, string name, ToyRun run)
    {
        (string What, object Expected, object Found)[] facts =
        [
            ("toys of gbi", first.PackageVersion, run.PackageVersion),
            ("toys of the model and data", first.Model, run.Model),
            ("the parameter of interest", first.ParameterOfInterest, run.ParameterOfInterest),
            ("the statistic", ToyRunJson.NameOf(first.Result.Options.Statistic), ToyRunJson.NameOf(run.Result.Options.Statistic)),
            ("the tested strength", first.Result.Mu, run.Result.Mu),
            ("the seed", first.Seed, run.Seed),
            ("the total number of toys", first.Result.Options.ToyCount, run.Result.Options.ToyCount),
            ("the number of shards", first.Result.Options.Shard.Of, run.Result.Options.Shard.Of),
        ];
        foreach ((string what, object expected, object found) in facts)
        {
            if (!expected.Equals(found))
            {
                throw new DataException(Text(
                    $"{name} holds {what} {found}, {firstName} {expected}; only shards of one test can be merged."));
            }
        }
    }
}
