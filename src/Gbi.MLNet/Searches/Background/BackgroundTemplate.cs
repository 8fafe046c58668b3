using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;

namespace Gbi.Searches.Background;

/// <summary>The background of a search in the signal region: weighted events of the sidebands, generated, simulated or given
/// ones.</summary>
/// <param name="Spectrum">The mass spectrum, fitted to the sidebands; null where the data have none.</param>
/// <param name="Expected">The number of background events that is expected.</param>
/// <param name="Events">Events whose weights sum to it.</param>
internal sealed record BackgroundTemplate(MassSpectrum? Spectrum, Estimate Expected, EventTable Events)
{
    /// <summary>What was learnt from the sidebands; null for other backgrounds.</summary>
    public LearntSideband? Learnt { get; init; }

    /// <summary>How bootstrap members of what was learnt disagree about the template; null where there are none.</summary>
    public TemplateMembers? Members { get; init; }

    /// <summary>Whether the events are those of the sidebands, in their order.</summary>
    public bool IsSideband { get; init; }

    /// <summary>
    /// The weight that further events of the sidebands would have in the template, of which they are not part; null where the template is
    /// not made of sidebands.
    /// </summary>
    public Func<EventTable, double[]>? WeightOf { get; init; }

    /// <summary>
    /// The same template from sidebands with further events, of weights of any sign, learnt anew where it is learnt: the events of this
    /// one, followed by the further ones where those of sidebands are part of it. Null where the template is not made of sidebands.
    /// </summary>
    public Func<EventTable, BackgroundTemplate>? With { get; init; }

    /// <summary>Anomaly scores, out of fold, one an event.</summary>
    public float[] Anomaly { get; set; } = [];

    /// <summary>ln r of the search's ratio, out of fold, one an event.</summary>
    public float[] LogRatio { get; set; } = [];
}

/// <summary>Members that were each learnt from a bootstrap sample: ln of each one's density over their mean, [members][events].</summary>
/// <param name="OfTemplate">That of the template's events, by models that did not see them.</param>
/// <param name="Of">That of events of the signal region, with the seed of which models are asked.</param>
internal sealed record TemplateMembers(Func<float[][]> OfTemplate, Func<EventTable, Seed, float[][]> Of);
