namespace Gbi.Benchmarks;

/// <summary>What work needs of the machine's memory, on Linux.</summary>
internal static class PeakMemory
{
    /// <summary>By how many bytes this process grew at most, over what it held before.</summary>
    public static long Of(Action work, out double seconds)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5"); // the most it held starts anew
        long before = Resident("VmRSS");
        seconds = PeerTimings.Seconds(work);
        return Resident("VmHWM") - before;
    }

    private static long Resident(string field) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(field, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);
}
