namespace Gbi.Cli;

/// <summary>Work that was interrupted and left something behind, which the message tells.</summary>
internal sealed class InterruptedException(string message, Exception cause) : Exception(message, cause);
