namespace Gbi.Numerics;

/// <summary>
/// One short pass over blocks with threads that are called before it starts, so that they wake up while the caller still prepares it. The
/// caller never waits for one to wake: it works on blocks itself until none is left, and those that come late find none.
/// </summary>
/// <remarks>For passes of about a tenth of a millisecond, which a thread takes as long to wake up.</remarks>
internal sealed class EarlyHelp : IThreadPoolWorkItem
{
    // Rounds of spinning of a helper that is early, about a tenth of a millisecond; then it leaves.
    private const int MostRounds = 4000;

    private readonly int _count;
    private Action<int>? _body;
    private Exception? _failure;
    private int _next = -1;
    private int _done;

    /// <summary>Calls helpers for a pass over <paramref name="count"/> blocks, as many as <see cref="EventBlocks.MaxThreads"/> allows.</summary>
    public EarlyHelp(int count)
    {
        _count = count;
        for (int thread = 1; thread < Math.Min(count, EventBlocks.MaxThreads); thread++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Calls <paramref name="body"/> once for every block; returns when all are done.</summary>
    public void Run(Action<int> body)
    {
        Volatile.Write(ref _body, body);
        Work(body);
        SpinWait spin = default;
        while (Volatile.Read(ref _done) < _count)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (int round = 0; round < MostRounds; round++)
        {
            if (Volatile.Read(ref _body) is { } body)
            {
                Work(body);
                return;
            }

            Thread.SpinWait(1);
        }
    }

    private void Work(Action<int> body)
    {
        for (int index = Interlocked.Increment(ref _next); index < _count; index = Interlocked.Increment(ref _next))
        {
            try
            {
                body(index);
            }
            catch (Exception failure)
            {
                _failure = failure;
            }
            finally
            {
                Interlocked.Increment(ref _done);
            }
        }
    }
}
