using Gbi.Numerics;

namespace Gbi.Tests;

/// <summary>A limit on the threads of all passes over events, taken back at the end of the block.</summary>
internal sealed class ThreadLimit : IDisposable
{
    private readonly int _before = EventBlocks.MaxThreads;

    private ThreadLimit(int threads) => EventBlocks.MaxThreads = threads;

    /// <summary>A limit until the end of the block.</summary>
    public static ThreadLimit To(int threads) => new(threads);

    /// <summary>The results of the same work on one and on two threads.</summary>
    public static (T One, T Two) Compare<T>(Func<T> work) => (With(1, work), With(2, work));

    public void Dispose() => EventBlocks.MaxThreads = _before;

    private static T With<T>(int threads, Func<T> work)
    {
        using var limit = new ThreadLimit(threads);
        return work();
    }
}
