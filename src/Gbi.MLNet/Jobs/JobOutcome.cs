namespace Gbi.Jobs;

/// <summary>What came out of one job of a <see cref="JobSeries"/>.</summary>
/// <param name="Job">Its number, from 0.</param>
/// <param name="Result">Its result; default where it failed.</param>
/// <param name="Failure">One sentence why it failed; null where it did not.</param>
public sealed record JobOutcome<T>(int Job, T? Result, string? Failure);
