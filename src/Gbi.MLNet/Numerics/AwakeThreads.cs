using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Gbi.Numerics;

/// <summary>
/// Threads that stay awake for a moment after a pass, so that the next one of a fit finds them running: on an idle machine a thread takes
/// as long to wake up as a million events take to pass over. One pass at a time has them.
/// </summary>
internal sealed class AwakeThreads : IThreadPoolWorkItem
{
    // A fifth of a millisecond: many times what a fit computes between two passes.
    private static readonly long Patience = Stopwatch.Frequency / 5000;

    private static readonly AwakeThreads Helper = new();
    private static Pass? _pass;
    private static int _helpers;

    /// <summary>Wakes helpers for a pass that is about to come, as many as are not awake.</summary>
    public static void Call(int count)
    {
        for (int missing = Math.Min(count, EventBlocks.MaxThreads) - 1 - Volatile.Read(ref _helpers); missing > 0; missing--)
        {
            ThreadPool.UnsafeQueueUserWorkItem(Helper, preferLocal: false);
        }
    }

    /// <summary>Calls <paramref name="body"/> once for every index, on this thread and the helpers; false where another pass has
    /// them.</summary>
    public static bool TryRun(int count, Action<int> body)
    {
        var pass = new Pass(count, Math.Min(count, EventBlocks.MaxThreads), body);
        if (Interlocked.CompareExchange(ref _pass, pass, null) is not null)
        {
            return false;
        }

        Call(count);
        pass.Work();
        pass.Wait();
        Volatile.Write(ref _pass, null);
        pass.Failure?.Throw();
        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Increment(ref _helpers);
        Pass? last = null;
        for (long until = Stopwatch.GetTimestamp() + Patience; Stopwatch.GetTimestamp() < until;)
        {
            if (Volatile.Read(ref _pass) is { } pass && !ReferenceEquals(pass, last))
            {
                last = pass;
                pass.Join();
                until = Stopwatch.GetTimestamp() + Patience;
            }
            else
            {
                Thread.SpinWait(8);
            }
        }

        Interlocked.Decrement(ref _helpers);
    }

    private sealed class Pass(int count, int mostThreads, Action<int> body)
    {
        private int _next = -1;
        private int _done;
        private int _threads = 1; // the caller's

        public ExceptionDispatchInfo? Failure { get; private set; }

        /// <summary>Helps, unless enough threads do.</summary>
        public void Join()
        {
            if (Interlocked.Increment(ref _threads) <= mostThreads)
            {
                Work();
            }
        }

        /// <summary>Works on indices until none is left.</summary>
        public void Work()
        {
            for (int index = Interlocked.Increment(ref _next); index < count; index = Interlocked.Increment(ref _next))
            {
                try
                {
                    body(index);
                }
                catch (Exception failure)
                {
                    Failure ??= ExceptionDispatchInfo.Capture(failure);
                }
                finally
                {
                    Interlocked.Increment(ref _done);
                }
            }
        }

        /// <summary>Returns when every index is done, also those that other threads have taken.</summary>
        public void Wait()
        {
            SpinWait spin = default;
            while (Volatile.Read(ref _done) < count)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }
}
