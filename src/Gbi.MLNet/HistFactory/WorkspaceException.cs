namespace Gbi.HistFactory;

/// <summary>A workspace or patch said no: its message is one sentence that names the place in the document as a JSON pointer.</summary>
public sealed class WorkspaceException : Exception
{
    /// <summary>An error with the sentence that a user reads.</summary>
    public WorkspaceException(string message)
        : base(message)
    {
    }

    /// <summary>The same with the failure that led to it.</summary>
    public WorkspaceException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a sentence, for serialisers only.</summary>
    public WorkspaceException()
    {
    }
}
