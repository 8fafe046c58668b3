using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Gbi.Trees.Binning;

/// <summary>
/// Asks for memory before it is needed. Rows of a leaf lie scattered; asked for some events ahead, they are in the cache when
/// their turn comes. A hint only: results do not depend on it.
/// </summary>
internal static unsafe class Prefetch
{
    /// <summary>How many events ahead to ask.</summary>
    public const int Distance = 24;

    /// <summary>Asks for the cache line of an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
