namespace Gbi.Simulators.Processes;

/// <summary>Threads that wait for processes, one each.</summary>
internal static class BatchThreads
{
    /// <summary>
    /// Calls <paramref name="body"/> once for every index, on so many threads of its own, until it is cancelled. The body must not throw.
    /// </summary>
    public static void Run(int count, int threads, Action<int> body, CancellationToken cancellation)
    {
        int next = -1;
        Thread[] all = [.. Enumerable.Range(0, Math.Min(count, threads)).Select(_ => new Thread(Work) { IsBackground = true })];
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());

        void Work()
        {
            for (int at = Interlocked.Increment(ref next); at < count && !cancellation.IsCancellationRequested;
                at = Interlocked.Increment(ref next))
            {
                body(at);
            }
        }
    }
}
