using System.ComponentModel;
using System.Diagnostics;
using Gbi.Events;

namespace Gbi.Simulators.Processes;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + signal where one ended it.</param>
/// <param name="IsTimedOut">Whether it was ended because it took too long.</param>
/// <param name="ErrorLines">The last lines of its standard error, or of its standard output where that is empty.</param>
internal sealed record ProcessEnd(int ExitCode, bool IsTimedOut, string[] ErrorLines);

/// <summary>A process of a simulator. It is ended with its children when it is cancelled or takes too long.</summary>
/// <remarks>
/// On Linux the kernel ends it when this process dies, however that dies, where setpriv (util-linux) is installed; its own children, and
/// every process on other systems, then run to the end of their batch, and nothing reads what they write.
/// </remarks>
internal static class ChildProcess
{
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(1);
    private static readonly string? SetPriv = OperatingSystem.IsLinux() ? CommandWords.OnPath("setpriv") : null;

    /// <summary>Runs a process to its end, on the calling thread: on Linux it ends with the thread that started it.</summary>
    /// <exception cref="DataException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; it and its children have ended.</exception>
    public static ProcessEnd Run(IReadOnlyList<string> words, TimeSpan? timeout, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = StartOf(words) };
        try
        {
            process.Start();
        }
        catch (Win32Exception cause)
        {
            throw new DataException(
                $"The simulator's program {words[0]} cannot be started ({cause.Message.Trim().TrimEnd('.')}); check that it may be "
                    + "run.", cause);
        }

        bool isTimedOut;
        var error = new LastLines();
        var output = new LastLines();
        Task[] reading;
        using (cancellation.Register(() => Kill(process)))
        {
            process.StandardInput.Close();
            reading = [error.ReadAsync(process.StandardError), output.ReadAsync(process.StandardOutput)];
            isTimedOut = !process.WaitForExit(timeout is { } time ? (int)Math.Min(time.TotalMilliseconds, int.MaxValue) : Timeout.Infinite);
            if (isTimedOut)
            {
                Kill(process);
                process.WaitForExit();
            }
        }

        cancellation.ThrowIfCancellationRequested();

        // A process of its own may hold the pipe for longer; what came until now is enough.
        Task.WaitAll(reading, ReadingTime);
        string[] lines = error.Lines();
        return new ProcessEnd(process.ExitCode, isTimedOut, lines.Length > 0 ? lines : output.Lines());
    }

    private static ProcessStartInfo StartOf(IReadOnlyList<string> words)
    {
        string[] all = SetPriv is null ? [.. words] : [SetPriv, "--pdeathsig", "KILL", .. words];
        var start = new ProcessStartInfo(all[0])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string word in all.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        return start;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or a child, has ended meanwhile.
        }
    }

    /// <summary>The last lines of a stream.</summary>
    private sealed class LastLines
    {
        private const int Most = 20;
        private const int LongestLine = 400;

        private readonly Queue<string> _lines = new();

        public async Task ReadAsync(StreamReader reader)
        {
            try
            {
                while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
                {
                    lock (_lines)
                    {
                        _lines.Enqueue(line.Length > LongestLine ? $"{line[..LongestLine]}…" : line);
                        if (_lines.Count > Most)
                        {
                            _lines.Dequeue();
                        }
                    }
                }
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The process is gone.
            }
        }

        public string[] Lines()
        {
            lock (_lines)
            {
                return [.. _lines.Where(line => !string.IsNullOrWhiteSpace(line))];
            }
        }
    }
}
