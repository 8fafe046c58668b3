namespace Gbi.Likelihoods.Model;

/// <summary>A fit failed. The message is one sentence with the reason and the remedy.</summary>
public sealed class FitException : Exception
{
    /// <summary>An error with the sentence that a user reads.</summary>
    public FitException(string message)
        : base(message)
    {
    }

    /// <summary>The same with the failure that led to it.</summary>
    public FitException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>An error without a sentence, for serialisers only.</summary>
    public FitException()
    {
    }
}
