using System.Runtime.ExceptionServices;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using Gbi.Simulators.Processes;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators;

/// <summary>
/// Simulations to be made: points drawn from a prior, cut into batches. A batch depends on the plan and on its number alone, not on which
/// others are made, when, or on how many threads.
/// </summary>
internal sealed class SimulationPlan
{
    private readonly ISimulator _simulator;
    private readonly Seed _seed;

    /// <summary>Simulations at points of a prior.</summary>
    /// <exception cref="DataException">Simulator and prior have other parameters.</exception>
    public SimulationPlan(ISimulator simulator, Prior prior, int count, Seed seed)
        : this(simulator, prior, seed, () => prior.Draw(count, seed.Child("prior"))) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

    /// <summary>Simulations at given points, drawn from a prior or a part of it.</summary>
    /// <exception cref="DataException">Simulator and prior have other parameters.</exception>
    public SimulationPlan(ISimulator simulator, Prior prior, EventTable points, Seed seed)
        : this(simulator, prior, seed, () => points)
    {
    }

    private SimulationPlan(ISimulator simulator, Prior prior, Seed seed, Func<EventTable> draw)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(prior);
        string[] odd = [.. simulator.Parameters.Except(prior.Parameters), .. prior.Parameters.Except(simulator.Parameters)];
        if (odd.Length > 0)
        {
            throw new DataException(
                $"The simulator has the parameters {string.Join(", ", simulator.Parameters)} and the prior "
                    + $"{string.Join(", ", prior.Parameters)}, "
                    + $"expected the same of both; {string.Join(", ", odd)} is in one of them only.");
        }

        _simulator = simulator;
        _seed = seed.Child("simulator");
        BatchSize = simulator.BatchSize;
        Points = draw();
    }

    /// <summary>The points θ, one row a simulation, columns in the prior's order.</summary>
    public EventTable Points { get; }

    /// <summary>Simulations of a batch; the last one may have fewer.</summary>
    public int BatchSize { get; }

    public int BatchCount => EventBlocks.CountOf(Points.Count, BatchSize);

    /// <summary>The points of a batch.</summary>
    public EventTable PointsOf(int batch) =>
        Points.Slice(batch * BatchSize, Math.Min(BatchSize, Points.Count - (batch * BatchSize)));

    /// <summary>Simulates all batches.</summary>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between simulations.</param>
    public Simulations Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        var batches = new EventTable[BatchCount];
        int done = 0;
        Run([.. Enumerable.Range(0, BatchCount)], (batch, observations) =>
        {
            batches[batch] = observations;
            progress?.Report((double)Interlocked.Increment(ref done) / batches.Length);
        }, cancellation);
        return Join(batches);
    }

    /// <summary>Simulates batches, several at once.</summary>
    /// <param name="batches">Their numbers.</param>
    /// <param name="finished">Given a batch's number and its observations, which have no columns where all failed. Called from several
    /// threads.</param>
    /// <param name="cancellation">Stops between simulations.</param>
    public void Run(IReadOnlyList<int> batches, Action<int, EventTable> finished, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ExceptionDispatchInfo? failure = null;
        void Simulate(int at)
        {
            try
            {
                finished(batches[at], Of(batches[at], stop.Token));
            }
            catch (Exception cause)
            {
                // The first failure is the run's; it stops the other batches, which fail by being stopped.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(cause), null);
                stop.Cancel();
            }
        }

        if (_simulator is ProcessSimulator process)
        {
            BatchThreads.Run(batches.Count, process.Options.Parallel, Simulate, stop.Token);
        }
        else
        {
            EventBlocks.ForEachIndex(batches.Count, at =>
            {
                if (!stop.IsCancellationRequested)
                {
                    Simulate(at);
                }
            }, CancellationToken.None);
        }

        cancellation.ThrowIfCancellationRequested();
        failure?.Throw();
    }

    private EventTable Of(int batch, CancellationToken cancellation)
    {
        EventTable points = PointsOf(batch);
        EventTable found = _simulator.Simulate(points.WithColumns(_simulator.Parameters), _seed.Child(batch), cancellation);
        if (found.Count != points.Count)
        {
            throw new DataException(Text(
                $"The simulator returned {found.Count:N0} observations of {points.Count:N0} points; expected one a point, in their ")
                + "order.");
        }

        string? both = found.ColumnNames.FirstOrDefault(name => points.ColumnNames.Contains(name));
        return both is null ? WithoutEmpty(found) : throw new DataException(
            $"The simulator has a feature '{both}', which is also a parameter; rename one of them.");
    }

    // A batch that failed as a whole may not know its columns, so it never has any.
    private static EventTable WithoutEmpty(EventTable table)
    {
        foreach (string name in table.ColumnNames)
        {
            foreach (float value in table[name])
            {
                if (!float.IsNaN(value))
                {
                    return table;
                }
            }
        }

        return new EventTable([], table.Count);
    }

    /// <summary>The observations of all batches in their order; those of batches that failed as a whole are NaN.</summary>
    /// <exception cref="DataException">Batches have other columns than each other, or all simulations failed.</exception>
    public Simulations Join(IReadOnlyList<EventTable> batches)
    {
        int first = batches.ToList().FindIndex(batch => batch.ColumnNames.Count > 0);
        if (first < 0)
        {
            throw new DataException(Text($"All {Points.Count:N0} simulations failed; check the simulator and the ranges of the prior."));
        }

        IReadOnlyList<string> names = batches[first].ColumnNames;
        float[][] columns = [.. names.Select(_ => new float[Points.Count])];
        for (int batch = 0; batch < batches.Count; batch++)
        {
            EventTable table = batches[batch];
            bool isEmpty = table.ColumnNames.Count == 0;
            if (!isEmpty && !table.ColumnNames.SequenceEqual(names))
            {
                throw new DataException(
                    $"Batch {batch} of the simulations has the features {string.Join(", ", table.ColumnNames)} and batch {first} has "
                        + $"{string.Join(", ", names)}; a simulator must return the same columns each time.");
            }

            for (int k = 0; k < columns.Length; k++)
            {
                Span<float> target = columns[k].AsSpan(batch * BatchSize, table.Count);
                if (isEmpty)
                {
                    target.Fill(float.NaN);
                }
                else
                {
                    table[names[k]].CopyTo(target);
                }
            }
        }

        return new Simulations(Points, EventTable.FromColumns([.. names.Select((name, k) => (name, columns[k]))]));
    }
}
