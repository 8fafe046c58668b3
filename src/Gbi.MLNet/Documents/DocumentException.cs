namespace Gbi.Documents;

/// <summary>
/// A model, workspace or patch document is not valid. The message is one sentence that begins with the JSON pointer of the error.
/// </summary>
public sealed class DocumentException : Exception
{
    /// <summary>An error with the sentence that a user reads.</summary>
    public DocumentException(string message)
        : base(message)
    {
    }

    /// <summary>The same with the failure that led to it.</summary>
    public DocumentException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a sentence, for serialisers only.</summary>
    public DocumentException()
    {
    }
}
