namespace Gbi.Simulators.Processes;

/// <summary>How a simulator's program is run.</summary>
public sealed record ProcessSimulatorOptions
{
    /// <summary>
    /// Simulations of one process. Range: 1 or more. It decides results only through {seed} in the command, but is part of what an
    /// interrupted run is resumed by.
    /// </summary>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(BatchSize), value, "BatchSize must be 1 or more: it counts the simulations of a process.");
    } = 200;

    /// <summary>Processes at a time. Range: 1 or more. It changes no result.</summary>
    public int Parallel
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(Parallel), value, "Parallel must be 1 or more: it counts processes.");
    } = Environment.ProcessorCount;

    /// <summary>Longest time of one process; null for none. A process that takes longer is ended and has failed.</summary>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(
            nameof(Timeout), value, "Timeout must be above 0: it ends processes.");
    }

    /// <summary>
    /// Columns of the output that are features; null for all but the parameters and the seed.
    /// </summary>
    public IReadOnlyList<string>? Features { get; init; }
}

/// <summary>A process of a simulator that failed, with the simulations that failed with it.</summary>
/// <param name="Simulations">How many they are.</param>
/// <param name="Reason">"exit code 3", or that it took too long.</param>
/// <param name="StandardError">The last lines of its standard error.</param>
public sealed record ProcessFailure(int Simulations, string Reason, string StandardError);
