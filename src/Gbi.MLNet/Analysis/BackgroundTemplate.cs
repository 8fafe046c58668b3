using Gbi.Events;
using Gbi.Generators;

namespace Gbi.Analysis;

/// <summary>The background of a search in the signal region: reweighted events of the sidebands, or generated ones.</summary>
/// <param name="Spectrum">The mass spectrum, fitted to the sidebands.</param>
/// <param name="Events">Events whose weights sum to the expected background.</param>
/// <param name="Learnt">The generator that was learnt from the sidebands, whose events these are; null where they were generated.</param>
internal sealed record BackgroundTemplate(MassSpectrum Spectrum, EventTable Events, SidebandGenerator? Learnt)
{
    /// <summary>Whether the events are those of the sidebands, in their order.</summary>
    public bool IsSideband => Learnt is not null;

    /// <summary>Anomaly scores, out of fold, one an event.</summary>
    public float[] Anomaly { get; set; } = [];

    /// <summary>ln r of the search's ratio, out of fold, one an event.</summary>
    public float[] LogRatio { get; set; } = [];
}
