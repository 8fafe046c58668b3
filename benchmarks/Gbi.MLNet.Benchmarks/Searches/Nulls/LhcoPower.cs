using Gbi.Benchmarks.Lhco;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Searches.Options;

namespace Gbi.Benchmarks.Searches.Nulls;

/// <summary>
/// The signal of the LHC Olympics, 532 events of the signal region and 240 of the sidebands: found over the sidebands that hold it, and,
/// for reference, over half of the region's background as the template of the other half.
/// </summary>
internal sealed class LhcoPower(string folder)
{
    private readonly LhcoEvents _events = LhcoEvents.Read(folder);

    public IEnumerable<NullStudy> All =>
    [
        new("LHCO signal, all of it", (_, seed) => Real(seed, 1)),
        new("LHCO signal, half of it", (_, seed) => Real(seed, 2)),
        new("LHCO reference, all of the signal", (_, seed) => Reference(seed, 1)),
        new("LHCO reference, half of the signal", (_, seed) => Reference(seed, 2)),
    ];

    private NullData Real(Seed seed, int parts) => new(_events.Background.Append(Part(_events.Hidden, parts, seed)), LhcoNulls.Search);

    private NullData Reference(Seed seed, int parts)
    {
        EventTable background = InRegion(_events.Background);
        int[] order = seed.Child("halves").Permutation(background.Count);
        int half = order.Length / 2;
        return new NullData(
            background.Select(order.AsSpan(0, half)).Append(Part(InRegion(_events.Hidden), parts, seed)),
            LhcoNulls.Search with { Background = new GivenBackground(background.Select(order.AsSpan(half))) });
    }

    private static EventTable Part(EventTable signal, int parts, Seed seed) =>
        signal.Select(seed.Child("signal").Permutation(signal.Count).AsSpan(0, signal.Count / parts));

    private static EventTable InRegion(EventTable events) =>
        events.Select(LhcoNulls.Search.Window.Rows(events[LhcoNulls.Mass], MassRegion.SignalRegion));
}
