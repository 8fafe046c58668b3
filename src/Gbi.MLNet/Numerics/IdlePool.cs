using System.Diagnostics.CodeAnalysis;

namespace Gbi.Numerics;

/// <summary>Objects that are costly to make and that one thread at a time uses, such as buffers: rented, returned, rented again.</summary>
/// <remarks>
/// It dies with its owner. A ConcurrentBag does not where its items refer to the owner: it keeps items in storage of each thread, which is
/// freed only when nothing refers to the bag, and the items do. Rented for a block of events at a time, so that a lock costs nothing. The
/// object returned last is rented first: it is the one most likely to be in the processor's cache.
/// </remarks>
internal sealed class IdlePool<T>
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Stack<T> _idle = [];

    /// <summary>An object that nobody uses; false where there is none.</summary>
    public bool TryRent([MaybeNullWhen(false)] out T idle)
    {
        lock (_gate)
        {
            return _idle.TryPop(out idle);
        }
    }

    /// <summary>Gives an object back, or adds a new one.</summary>
    public void Return(T idle)
    {
        lock (_gate)
        {
            _idle.Push(idle);
        }
    }
}
