using Gbi.Events;
using Gbi.Generators;
using Gbi.Generators.Sidebands;

namespace Gbi.Searches.Options;

/// <summary>Where the background of a <see cref="ResonanceSearch"/> comes from. The mass spectrum of the sidebands gives its
/// rate.</summary>
public abstract record SearchBackground
{
    private protected SearchBackground()
    {
    }
}

/// <summary>
/// Events of the sidebands, reweighted to the signal region by a generator that is learnt from them (<see cref="SidebandGenerator"/>):
/// features may depend smoothly on the mass.
/// </summary>
public sealed record ReweightedSidebands : SearchBackground
{
    /// <summary>
    /// How the generator is learnt; its spectrum is that of the search, and its folds are two: a cut is counted in the half of the
    /// template that it was not learnt on, and the halves share no model.
    /// </summary>
    public SidebandGeneratorOptions Generator
    {
        get;
        init => field = value is { FoldCount: 2 } ? value : throw new ArgumentException(
            $"The background of a search has {value?.FoldCount} folds, expected 2: a cut is counted in the half of the template that it "
                + "was not learnt on.",
            nameof(Generator));
    } = new();
}

/// <summary>
/// Events of the sidebands as they are, lower and upper with the same sum of weights (CWoLa hunting; Collins, Howe and Nachman,
/// arXiv:1805.02664). Features must not depend on the mass.
/// </summary>
public sealed record PlainSidebands : SearchBackground;

/// <summary>
/// A simulation of the background, reweighted to the data by a ratio that is learnt in the sidebands and depends on the features and
/// smoothly on the mass (<see cref="SimulationReweighting"/>; SALAD, arXiv:2001.05001): the template is the simulation's events of the
/// signal region.
/// </summary>
/// <remarks>
/// Signal in the sidebands raises the ratio where its features are, and the ratio raises the template there. What a further event of the
/// sidebands adds to the template is known to first order (<see cref="SimulationReweighting.SharesOf"/>), and with a signal simulation it
/// is subtracted in proportion to the fitted signal, as for a template made of sidebands. Not corrected: the second order, a ratio whose
/// trees are too coarse for the signal's features (they spread what they absorb), and the absorbed signal's change with the mass within the
/// region.
/// </remarks>
/// <param name="Simulation">Events with features and mass, from the sidebands and the signal region; their weights' scale has no
/// meaning.</param>
public sealed record ReweightedSimulation(EventTable Simulation) : SearchBackground
{
    /// <summary>How the ratio is learnt.</summary>
    public SimulationReweightingOptions Reweighting { get; init; } = new();
}

/// <summary>
/// Background events of the signal region from elsewhere: a simulation, another program's generator, or the true background of a study.
/// Events outside the region, where the table has the mass, take no part.
/// </summary>
/// <param name="Events">
/// The events. Where the data have no sidebands, their weights sum to the expected background with the error √Σw²; elsewhere the mass
/// spectrum gives the rate.
/// </param>
public sealed record GivenBackground(EventTable Events) : SearchBackground;

/// <summary>What draws background events at given masses, such as a flow that was trained on the sidebands.</summary>
/// <param name="Generator">Draws events.</param>
public sealed record GeneratedBackground(IEventGenerator Generator) : SearchBackground
{
    /// <summary>
    /// Events that are drawn for each one expected in the signal region: their number limits how well the background is known.
    /// Range: (0, ∞).
    /// </summary>
    public double Oversampling
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(Oversampling), value, "Oversampling must be finite and above 0: it counts generated events for each one expected.");
    } = 5;
}
