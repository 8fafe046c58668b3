namespace Gbi.Trees;

/// <summary>
/// Events as bin codes, one byte a value. Row-major: all codes of an event stand in one or two cache lines, and a leaf visits
/// events in scattered order.
/// </summary>
public sealed class BinnedEvents
{
    internal BinnedEvents(FeatureBins bins, byte[] codes, int count)
    {
        Bins = bins;
        Codes = codes;
        Count = count;
    }

    /// <summary>The borders behind the codes.</summary>
    public FeatureBins Bins { get; }

    /// <summary>Number of events.</summary>
    public int Count { get; }

    /// <summary>Number of features, the length of a row.</summary>
    public int Width => Bins.Features.Count;

    /// <summary>Codes, shape [events × features].</summary>
    internal byte[] Codes { get; }
}
