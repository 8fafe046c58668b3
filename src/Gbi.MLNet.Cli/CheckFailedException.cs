namespace Gbi.Cli;

/// <summary>The work was done and a check did not pass; exit code 3.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
