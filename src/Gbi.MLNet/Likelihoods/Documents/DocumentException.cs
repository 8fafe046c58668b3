namespace Gbi.Likelihoods.Documents;

/// <summary>
/// A document with a model, a workspace or a patch said no: its message is one sentence that names the place as a JSON pointer.
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
