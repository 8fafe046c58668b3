namespace Gbi.Events.IO;

/// <summary>Makes the next element of a sequence on another thread while the caller works with this one.</summary>
internal static class ReadAhead
{
    /// <summary>The same elements in the same order; a failure comes when its turn comes.</summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> source)
    {
        using IEnumerator<T> elements = source.GetEnumerator();
        Task<bool> next = Task.Run(elements.MoveNext);
        try
        {
            while (next.GetAwaiter().GetResult())
            {
                T element = elements.Current;
                next = Task.Run(elements.MoveNext);
                yield return element;
            }
        }
        finally
        {
            // The source must not be thrown away under an element that is being made.
            ((IAsyncResult)next).AsyncWaitHandle.WaitOne();
            _ = next.Exception;
        }
    }
}
