namespace Gbi.Tests.Soak;

/// <summary>What this process holds when everything that can be collected is collected.</summary>
/// <param name="HeapBytes">The managed heap.</param>
/// <param name="Handles">Open files, pipes and sockets.</param>
internal readonly record struct ProcessLevel(long HeapBytes, int Handles)
{
    /// <summary>The level now. Finalisers have run.</summary>
    public static ProcessLevel Now()
    {
        // What a finaliser lets go of is collected by the next round; a finaliser may let go of objects with finalisers.
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return new(GC.GetTotalMemory(forceFullCollection: true), Directory.GetFiles("/proc/self/fd").Length);
    }
}
