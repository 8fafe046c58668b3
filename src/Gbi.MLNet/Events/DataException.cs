namespace Gbi.Events;

/// <summary>
/// An error in the data or in a file. Its message says in one sentence what is wrong, where, what was found, what was expected and what to
/// do.
/// </summary>
public sealed class DataException : Exception
{
    /// <summary>An error with its message.</summary>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its message and its cause.</summary>
    public DataException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Whether an output is there that may not be replaced, which on a command line is wrong usage.</summary>
    internal bool IsOutputTaken { get; init; }

    /// <summary>An error without a message, for serialisers only.</summary>
    public DataException()
    {
    }
}
