using System.Buffers;
using System.Runtime.CompilerServices;

namespace Gbi.Events.IO.Pages;

/// <summary>Arrays of the shared pool that are kept from page to page and grow.</summary>
internal static class Rented
{
    /// <summary>Room in the array, or in a larger one that replaces it; what it held is lost.</summary>
    public static Span<T> Room<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            Return(ref array);
            array = ArrayPool<T>.Shared.Rent(length);
        }

        return array.AsSpan(0, length);
    }

    /// <summary>Gives the array back.</summary>
    public static void Return<T>(ref T[] array)
    {
        if (array.Length > 0)
        {
            ArrayPool<T>.Shared.Return(array, RuntimeHelpers.IsReferenceOrContainsReferences<T>());
            array = [];
        }
    }
}
