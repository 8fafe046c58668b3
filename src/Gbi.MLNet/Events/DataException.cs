namespace Gbi.Events;

/// <summary>The data said no: its message is one sentence that says what is wrong, where, what was found and how to mend it.</summary>
public sealed class DataException : Exception
{
    /// <summary>An error with the sentence that a user reads.</summary>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>The same with the failure that led to it.</summary>
    public DataException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a sentence, for serialisers only.</summary>
    public DataException()
    {
    }
}
