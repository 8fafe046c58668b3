namespace Gbi.Likelihoods.Model;

/// <summary>A fit found no answer: its message is one sentence that says why and what to do.</summary>
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
