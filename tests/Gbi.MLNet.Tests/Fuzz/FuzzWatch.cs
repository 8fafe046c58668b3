using System.Diagnostics;
using System.Globalization;

namespace Gbi.Tests.Fuzz;

/// <summary>What a piece of work took.</summary>
/// <param name="Elapsed">Time; the limit where it did not end.</param>
/// <param name="HasEnded">Whether it ended within the limit.</param>
/// <param name="PeakBytes">By how much memory rose above what the process held before; 0 where the system does not say.</param>
internal readonly record struct FuzzWatch(TimeSpan Elapsed, bool HasEnded, long PeakBytes)
{
    private const string Status = "/proc/self/status";
    private const string ResetPeak = "/proc/self/clear_refs";

    /// <summary>Runs work on a thread of its own, which is left to itself where it does not end.</summary>
    public static FuzzWatch Run(Action work, TimeSpan limit)
    {
        bool isMeasured = TryResetPeak();
        long before = isMeasured ? Kilobytes("VmRSS:") : 0;
        var thread = new Thread(() => work()) { IsBackground = true };
        var clock = Stopwatch.StartNew();
        thread.Start();
        bool hasEnded = thread.Join(limit);
        return new FuzzWatch(clock.Elapsed, hasEnded, isMeasured ? 1024 * Math.Max(0, Kilobytes("VmHWM:") - before) : 0);
    }

    private static bool TryResetPeak()
    {
        try
        {
            File.WriteAllText(ResetPeak, "5");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Kilobytes(string name) => long.Parse(
        File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "").Trim(),
        CultureInfo.InvariantCulture);
}
