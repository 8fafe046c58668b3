using Gbi.Events;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Processes;

/// <summary>A simulator that is a program: it reads a file of parameters and writes a file of observations, a row each.</summary>
/// <remarks>
/// <para>
/// The command has {in} and {out}, for which names of Parquet files are put in, or {in.csv} and {out.csv} for CSV. The input has a column a
/// parameter and a column <c>seed</c>, a whole number from 1 to 2³¹ − 2 a row: a simulation that draws from its row's seed alone is the
/// same in any batch. {seed} in the command is the seed of the first row, for programs that take one seed; then simulations depend on the
/// batch. The output has one row a row of the input, in its order; its columns other than parameters and seed are features, and NaN or an
/// infinity marks a failed simulation. Columns of parameters in the output are compared with the input.
/// </para>
/// <para>
/// The command is split into words as a shell splits it, with quotations, but no shell runs it: for pipes give <c>sh -c '…'</c>.
/// </para>
/// <para>
/// Where a process fails, by its exit code or by taking too long, its simulations are tried again in halves, so that those that are at
/// fault fail alone; with {seed} in the command all of them have failed. A program that failed 20 times before one simulation succeeded
/// stops the run, and so does an output that is missing or has other rows or columns.
/// </para>
/// </remarks>
public sealed class ProcessSimulator : ISimulator
{
    private const int MostFailuresAtFirst = 20;
    private const int MostFailuresKept = 100;

    private readonly SimulatorCommand _command;
    private readonly Lock _lock = new();
    private readonly List<ProcessFailure> _failures = [];
    private IReadOnlyList<string>? _features;
    private int _failedAtFirst;

    /// <summary>A simulator of a command.</summary>
    /// <param name="command">The command, such as <c>python3 sim.py {in} {out}</c>.</param>
    /// <param name="parameters">Names of the parameters.</param>
    /// <param name="options">How it is run.</param>
    /// <exception cref="DataException">The command lacks a file or its program is not found, or a parameter is named 'seed'.</exception>
    public ProcessSimulator(string command, IReadOnlyList<string> parameters, ProcessSimulatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _command = new SimulatorCommand(command);
        if (parameters.Contains(BatchFiles.Seed))
        {
            throw new DataException($"A parameter is named '{BatchFiles.Seed}', as the column of seeds is; rename the parameter.");
        }

        Parameters = [.. parameters];
        Options = options ?? new ProcessSimulatorOptions();
        _features = Options.Features;
        Fingerprint = Text($"{_command.Hash()} {string.Join(' ', parameters)} {string.Join(' ', Options.Features ?? [])} ")
            + Text($"{Options.Timeout?.TotalSeconds}");
    }

    /// <summary>Names of the parameters, in order.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>How the program is run.</summary>
    public ProcessSimulatorOptions Options { get; }

    /// <summary>Columns of the output; known from the options, or once a process has written one.</summary>
    /// <exception cref="DataException">They are not known yet.</exception>
    public IReadOnlyList<string> Features => _features ?? throw new DataException(
        "The features of the simulator are not known before a simulation; name them in the options, or simulate first.");

    /// <summary>Simulations of one process.</summary>
    public int BatchSize => Options.BatchSize;

    /// <summary>
    /// SHA-256 of the command and of the files that it names, with the names of columns. What a script imports, and programs that are found
    /// by PATH, are not part of it.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>Processes that failed, the first 100 of them.</summary>
    public IReadOnlyList<ProcessFailure> Failures
    {
        get
        {
            lock (_lock)
            {
                return [.. _failures];
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">The program cannot be run, breaks the contract, or failed 20 times at first.</exception>
    public EventTable Simulate(EventTable parameters, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var call = new ProcessBatch(parameters.WithColumns(Parameters), seed);
        int batches = EventBlocks.CountOf(parameters.Count, BatchSize);
        if (batches <= 1)
        {
            Simulate(call, 0, parameters.Count, cancellation);
        }
        else
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Exception? failure = null;
            BatchThreads.Run(batches, Options.Parallel, batch =>
            {
                try
                {
                    int start = batch * BatchSize;
                    Simulate(call, start, Math.Min(BatchSize, parameters.Count - start), stop.Token);
                }
                catch (Exception cause)
                {
                    Interlocked.CompareExchange(ref failure, cause, null);
                    stop.Cancel();
                }
            }, stop.Token);
            cancellation.ThrowIfCancellationRequested();
            if (failure is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }
        }

        return call.ToTable();
    }

    private void Simulate(ProcessBatch call, int start, int count, CancellationToken cancellation)
    {
        using var files = new BatchFiles(_command, call.Parameters.Slice(start, count), call.Seeds.AsSpan(start, count));
        ProcessEnd end = ChildProcess.Run(files.Words, Options.Timeout, cancellation);
        if (end.ExitCode == 0 && !end.IsTimedOut)
        {
            EventTable found = files.Read(Options.Features, end, cancellation);
            RequireFeatures(found.ColumnNames);
            call.Set(start, found);
            return;
        }

        RequireSuccess(end);
        if (count > 1 && !_command.HasSeed)
        {
            Simulate(call, start, count / 2, cancellation);
            Simulate(call, start + (count / 2), count - (count / 2), cancellation);
            return;
        }

        Keep(new ProcessFailure(count, Reason(end), string.Join('\n', end.ErrorLines)));
    }

    private void RequireFeatures(IReadOnlyList<string> found)
    {
        lock (_lock)
        {
            _failedAtFirst = int.MinValue;
            _features ??= found;
        }

        if (!_features.SequenceEqual(found))
        {
            throw new DataException(
                $"The simulator ({_command.Text}) wrote the features {string.Join(", ", found)}, and before "
                    + $"{string.Join(", ", _features)}; it "
                    + "must write the same columns each time.");
        }
    }

    private void RequireSuccess(ProcessEnd end)
    {
        lock (_lock)
        {
            if (++_failedAtFirst < MostFailuresAtFirst)
            {
                return;
            }
        }

        string lines = end.ErrorLines.Length > 0 ? $" Its last lines: {string.Join(" / ", end.ErrorLines.TakeLast(5))}" : "";
        throw new DataException(Text(
            $"The simulator failed {MostFailuresAtFirst} times before one simulation succeeded, at last with {Reason(end)}; run ")
            + Text($"{_command.Text} ")
            + $"by hand.{lines}");
    }

    private void Keep(ProcessFailure failure)
    {
        lock (_lock)
        {
            if (_failures.Count < MostFailuresKept)
            {
                _failures.Add(failure);
            }
        }
    }

    private string Reason(ProcessEnd end) => end.IsTimedOut
        ? Text($"no end within {Options.Timeout!.Value.TotalSeconds:G4} s")
        : Text($"exit code {end.ExitCode}");
}

/// <summary>The simulations of one call, filled by its processes.</summary>
internal sealed class ProcessBatch
{
    private readonly Lock _lock = new();
    private IReadOnlyList<string>? _features;
    private float[][]? _columns;

    public ProcessBatch(EventTable parameters, Seed seed)
    {
        Parameters = parameters;

        // 31 bits, and never 0: what random generators of all languages take as a seed.
        Seeds = [.. Enumerable.Range(0, parameters.Count).Select(row => seed.Child(row).Below(int.MaxValue - 1, 0) + 1)];
    }

    public EventTable Parameters { get; }

    public int[] Seeds { get; }

    /// <summary>Keeps observations, which have the same columns each time.</summary>
    public void Set(int start, EventTable observations)
    {
        lock (_lock)
        {
            _features ??= observations.ColumnNames;
            _columns ??= [.. _features.Select(_ => Missing())];
            for (int k = 0; k < _columns.Length; k++)
            {
                observations[_features[k]].CopyTo(_columns[k].AsSpan(start));
            }
        }
    }

    /// <summary>The observations; NaN where none came. Without columns where none came at all.</summary>
    public EventTable ToTable() => _features is null
        ? new EventTable([], Seeds.Length)
        : EventTable.FromColumns([.. _features.Select((name, k) => (name, _columns![k]))]);

    private float[] Missing()
    {
        float[] values = new float[Seeds.Length];
        Array.Fill(values, float.NaN);
        return values;
    }
}
