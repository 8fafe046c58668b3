using System.Text;
using Gbi.Events;

namespace Gbi.Cli;

/// <summary>
/// Standard output or standard error, which may be closed or full. What cannot be written to a closed one is lost on purpose; a full
/// standard output is an error, and a full standard error has nobody to say so to.
/// </summary>
internal sealed class StandardStream : TextWriter
{
    private const int OutputNumber = 1;
    private const int ErrorNumber = 2;

    private readonly TextWriter _inner;
    private readonly bool _isQuiet;

    private StandardStream(TextWriter inner, bool isQuiet) => (_inner, _isQuiet) = (inner, isQuiet);

    /// <inheritdoc/>
    public override Encoding Encoding => _inner.Encoding;

    /// <summary>Puts them in the place of the console's.</summary>
    public static void Install()
    {
        (bool isOutputClosed, bool isErrorClosed) = Closed();
        Console.SetOut(new StandardStream(isOutputClosed ? Null : Console.Out, isQuiet: false));
        Console.SetError(new StandardStream(isErrorClosed ? Null : Console.Error, isQuiet: true));
    }

    /// <inheritdoc/>
    public override void Write(char value) => Guarded(() => _inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Guarded(() => _inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Guarded(() => _inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Guarded(() => _inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Guarded(_inner.Flush);

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            if (!_isQuiet)
            {
                throw new DataException($"Standard output cannot be written ({cause.Message.Trim().TrimEnd('.')}).", cause);
            }
        }
    }

    // The numbers of closed ones are those of what the runtime opened first, a pipe of its own: its end for reading, then that for writing.
    private static (bool Output, bool Error) Closed()
    {
        bool isOutput = IsForReading(OutputNumber);
        bool isError = IsForReading(ErrorNumber) || (isOutput && Target(OutputNumber) is { } pipe && Target(ErrorNumber) == pipe);
        return (isOutput, isError);
    }

    private static bool IsForReading(int number)
    {
        const int ReadsOnly = 0;
        const int Mode = 3;
        try
        {
            string? flags = OperatingSystem.IsLinux()
                ? File.ReadLines($"/proc/self/fdinfo/{number}").FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal))
                : null;
            return flags is not null && (Convert.ToInt32(flags["flags:".Length..].Trim(), fromBase: 8) & Mode) == ReadsOnly;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists("/proc/self/fd");
        }
    }

    private static string? Target(int number) => new FileInfo($"/proc/self/fd/{number}").LinkTarget;
}
