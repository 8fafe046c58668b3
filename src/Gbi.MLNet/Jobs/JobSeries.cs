using Gbi.Events;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;

namespace Gbi.Jobs;

/// <summary>A series of independent jobs, numbered from 0, and what identifies its results.</summary>
internal sealed record JobSeries
{
    /// <summary>A series.</summary>
    /// <param name="name">What the jobs are, in a few words, such as "toys of the bump hunt".</param>
    /// <param name="fingerprint">A hash of all that decides their results, such as that of <see cref="FingerprintOf"/>.</param>
    /// <param name="count">Number of jobs in all shards. Range: 1 or more.</param>
    public JobSeries(string name, string fingerprint, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(fingerprint);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (Name, Fingerprint, Count) = (name, fingerprint, count);
    }

    /// <summary>What the jobs are.</summary>
    public string Name { get; }

    /// <summary>A hash of all that decides the results, besides the version of the package.</summary>
    public string Fingerprint { get; }

    /// <summary>Number of jobs in all shards.</summary>
    public int Count { get; private init; }

    /// <summary>The jobs of this process.</summary>
    public ToyShard Shard { get; init; } = ToyShard.Whole;

    /// <summary>The series of the first of these jobs.</summary>
    internal JobSeries First(int count) => this with { Count = count };

    /// <summary>Numbers of this process's jobs, ascending.</summary>
    internal int[] Jobs
    {
        get
        {
            (long first, int count) = Shard.Range(Count);
            return [.. Enumerable.Range((int)first, count)];
        }
    }

    /// <summary>
    /// SHA-256 of options and events, as 64 hexadecimal digits; equal for equal content alone. Give every option and seed that decides a
    /// result, and leave out what does not, such as the number of threads.
    /// </summary>
    /// <param name="settings">Settings as text, such as a JSON document of them and a seed.</param>
    /// <param name="events">The events that every job starts from.</param>
    public static string FingerprintOf(IReadOnlyList<string> settings, params IReadOnlyList<EventTable> events)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(events);
        using var hash = new ContentHash();
        hash.Add([.. settings]);
        hash.Add(events.Count);
        foreach (EventTable table in events)
        {
            hash.Add([.. table.ColumnNames]);
            hash.AddTable(table, table.ColumnNames);
        }

        return hash.Finish();
    }
}
