using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Gbi.Numerics;

/// <summary>
/// Passes over events in blocks of a fixed size, on all cores. Block borders depend on the number of events alone and partial
/// results are joined in block order, so that results do not depend on the number of threads.
/// </summary>
internal static class EventBlocks
{
    // How many threads work for any pass, and whether this thread is one of them.
    private static int _busy;

    [ThreadStatic]
    private static bool _isBusy;

    /// <summary>Events in a block unless the caller says otherwise.</summary>
    public const int DefaultSize = 16_384;

    /// <summary>Upper limit on the threads in use. Range: 1 or more. It changes the speed, never a result.</summary>
    public static int MaxThreads
    {
        get;
        set => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxThreads), value, "MaxThreads must be 1 or more: it counts threads.");
    } = Environment.ProcessorCount;

    /// <summary>The number of blocks that hold <paramref name="count"/> events.</summary>
    public static int CountOf(int count, int blockSize = DefaultSize) => (int)(((long)count + blockSize - 1) / blockSize);

    /// <summary>Calls <paramref name="body"/>(start, length) once for every block, in parallel.</summary>
    public static void ForEach(int count, Action<int, int> body, int blockSize = DefaultSize, CancellationToken cancellation = default) =>
        ForEachIndex(CountOf(count, blockSize), block =>
        {
            int start = block * blockSize;
            body(start, Math.Min(blockSize, count - start));
        }, cancellation);

    /// <summary>
    /// Calls <paramref name="body"/> once for every index in [0, <paramref name="count"/>), in parallel. A pass within a pass takes
    /// other threads only where some are idle.
    /// </summary>
    public static void ForEachIndex(int count, Action<int> body, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (count == 1 || Volatile.Read(ref _busy) >= MaxThreads || MaxThreads == 1)
        {
            for (int index = 0; index < count; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                body(index);
            }

            return;
        }

        RunParallel(count, body, cancellation);
    }

    /// <summary>Wakes threads for a call of <see cref="ForEachIndexAgain"/> that is about to come, where there is work for them.</summary>
    internal static void WakeFor(int count)
    {
        if (Volatile.Read(ref _busy) == 0)
        {
            AwakeThreads.Call(count);
        }
    }

    /// <summary>The same for one of many short passes after another, as a fit makes them: its threads stay awake for the next.</summary>
    internal static void ForEachIndexAgain(int count, Action<int> body)
    {
        if (count == 1 || Volatile.Read(ref _busy) >= MaxThreads || MaxThreads == 1 || !TryAwake(count, body))
        {
            ForEachIndex(count, body);
        }
    }

    private static bool TryAwake(int count, Action<int> body) => AwakeThreads.TryRun(count, index => Work(body, index));

    // Apart, so that the pass on one thread does not pay for the closure.
    private static void RunParallel(int count, Action<int> body, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxThreads, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, count, options, index => Work(body, index));
        }
        catch (AggregateException failures) when (failures.InnerExceptions.Count > 0)
        {
            // One failing block is one error for the caller, the same as on a single thread.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }
    }

    private static void Work(Action<int> body, int index)
    {
        if (_isBusy)
        {
            body(index);
            return;
        }

        _isBusy = true;
        Interlocked.Increment(ref _busy);
        try
        {
            body(index);
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
            _isBusy = false;
        }
    }

    /// <summary>Σ over blocks of <paramref name="blockSum"/>(start, length), added in block order.</summary>
    public static double Sum(int count, Func<int, int, double> blockSum, int blockSize = DefaultSize)
    {
        ArgumentNullException.ThrowIfNull(blockSum);
        double[] partial = new double[CountOf(count, blockSize)];
        ForEach(count, (start, length) => partial[start / blockSize] = blockSum(start, length), blockSize);
        double sum = 0;
        foreach (double value in partial)
        {
            sum += value;
        }

        return sum;
    }
}

/// <summary>
/// Threads that stay awake for a moment after a pass, so that the next one of a fit finds them running: on an idle machine a thread takes
/// as long to wake up as a million events take to pass over. One pass at a time has them.
/// </summary>
internal sealed class AwakeThreads : IThreadPoolWorkItem
{
    // A fifth of a millisecond: many times what a fit computes between two passes.
    private static readonly long SpinTime = Stopwatch.Frequency / 5000;

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
        for (long until = Stopwatch.GetTimestamp() + SpinTime; Stopwatch.GetTimestamp() < until;)
        {
            if (Volatile.Read(ref _pass) is { } pass && !ReferenceEquals(pass, last))
            {
                last = pass;
                pass.Join();
                until = Stopwatch.GetTimestamp() + SpinTime;
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
