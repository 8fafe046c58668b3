namespace Gbi.Cli;

/// <summary>The command line said something that cannot be done; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Makes something from what was typed; what a record of the library refuses there is wrong usage.</summary>
    public static T IfRefused<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException refused)
        {
            // The framework appends the parameter's name, which nobody typed.
            throw new UsageException(refused.Message.Split(" (Parameter ")[0]);
        }
    }
}

/// <summary>The work was done and a check did not pass; exit code 3.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);

/// <summary>Work that was interrupted and left something behind, which the message tells.</summary>
internal sealed class InterruptedException(string message, Exception cause) : Exception(message, cause);
