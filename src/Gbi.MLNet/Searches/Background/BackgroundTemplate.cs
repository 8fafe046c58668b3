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
internal record BackgroundTemplate(MassSpectrum? Spectrum, Estimate Expected, EventTable Events)
{
    /// <summary>
    /// The half of each event, 0 or 1: weights of one half rest on no model that made those of the other.
    /// </summary>
    public required int[] HalfOf { get; init; }

    /// <summary>
    /// The same background at the masses of the sidebands, with their sums of weights on either side, to be compared with their data; null
    /// where it is made of them or not known there.
    /// </summary>
    public Lazy<BackgroundTemplate>? InSidebands { get; init; }

    /// <summary>Whether the events are those of the sidebands, in their order.</summary>
    public virtual bool IsSideband => false;

    /// <summary>Whether the template is made of sidebands in any way, so that it takes in a share of their signal.</summary>
    public virtual bool HoldsSidebands => false;

    /// <summary>Whether a model that was learnt or trained gives its events or their weights, so that a generator's spread belongs to its
    /// error.</summary>
    public virtual bool IsLearnt => false;

    /// <summary>What gives it more events, as the remedy of a check.</summary>
    public virtual string ForMoreEvents => "give more background events";

    /// <summary>The weights that further events of the sidebands would have in the template, of which they are not part.</summary>
    public virtual double[] WeightsOf(EventTable sideband) => new double[sideband.Count];

    /// <summary>
    /// How members that were each learnt from a bootstrap sample disagree: ln of each one's density over their mean, [members][events], of
    /// the template's events by models that did not see them; empty without members.
    /// </summary>
    public virtual float[][] MemberLogRatios() => [];

    /// <summary>The same of events of the signal region.</summary>
    /// <param name="region">The events.</param>
    /// <param name="seed">For the choice of models.</param>
    public virtual float[][] MemberLogRatios(EventTable region, Seed seed) => [];
}

/// <summary>Events of the sidebands, reweighted by a generator that is learnt from them.</summary>
internal sealed record ReweightedSidebandTemplate(LearntSideband Learnt, EventTable Events)
    : BackgroundTemplate(Learnt.Generator.Spectrum, Learnt.Generator.ExpectedBackground, Events)
{
    public override bool IsSideband => true;

    public override bool HoldsSidebands => true;

    public override bool IsLearnt => true;

    public override string ForMoreEvents => "widen the sidebands";

    public override double[] WeightsOf(EventTable sideband) => Learnt.WeightsOf(sideband);

    public override float[][] MemberLogRatios() => Learnt.MemberLogRatios();

    public override float[][] MemberLogRatios(EventTable region, Seed seed) =>
        Learnt.MemberLogRatios(region, seed.Folds(region.Count, Learnt.Generator.FoldCount));
}

/// <summary>Events of the sidebands as they are, with equal sums of the lower and the upper one.</summary>
internal sealed record PlainSidebandTemplate(MassSpectrum Spectrum, Estimate Expected, EventTable Events, SidebandHalves Halves)
    : BackgroundTemplate(Spectrum, Expected, Events)
{
    public override bool IsSideband => true;

    public override bool HoldsSidebands => true;

    public override string ForMoreEvents => "widen the sidebands";

    public override double[] WeightsOf(EventTable sideband) => Halves.WeightsOf(sideband);
}

/// <summary>Weights by which the lower and the upper sideband each stand for half of the background.</summary>
/// <param name="Mass">Name of the mass column.</param>
/// <param name="Centre">Where the lower one ends and the upper one begins.</param>
/// <param name="Expected">The background.</param>
/// <param name="Below">Σ w of the lower one.</param>
/// <param name="Above">Σ w of the upper one.</param>
internal sealed record SidebandHalves(string Mass, double Centre, double Expected, double Below, double Above)
{
    public static SidebandHalves Of(SidebandData sideband, double expected)
    {
        double centre = sideband.Window.Centre;
        ReadOnlySpan<float> masses = sideband.Masses;
        double below = 0;
        for (int row = 0; row < masses.Length; row++)
        {
            below += masses[row] < centre ? sideband.Events.Weight(row) : 0;
        }

        return new SidebandHalves(sideband.Mass, centre, expected, below, sideband.Events.SumOfWeights - below);
    }

    public double[] WeightsOf(EventTable events)
    {
        float[] masses = events[Mass].ToArray();
        return [.. masses.Select((mass, row) => events.Weight(row) * Expected / 2 / (mass < Centre ? Below : Above))];
    }
}

/// <summary>Simulated events of the signal region, reweighted by ratios that are learnt in the sidebands.</summary>
/// <param name="Reweightings">For each half of the simulated events a ratio that was learnt from the other halves of data and
/// simulation.</param>
/// <param name="Simulated">The simulated events with all of their columns.</param>
/// <param name="Spectrum">The mass spectrum.</param>
/// <param name="Expected">The background.</param>
/// <param name="Events">The template.</param>
internal sealed record ReweightedSimulationTemplate(
    SimulationReweighting[] Reweightings, EventTable Simulated, MassSpectrum Spectrum, Estimate Expected, EventTable Events)
    : BackgroundTemplate(Spectrum, Expected, Events)
{
    /// <summary>Trees in the models of the half that has more.</summary>
    public int TreeCount => Reweightings.Max(ofHalf => ofHalf.TreeCount);

    public override bool HoldsSidebands => true;

    public override bool IsLearnt => true;

    public override string ForMoreEvents => "simulate more background";

    public override double[] WeightsOf(EventTable sideband)
    {
        // A further event belongs to one of the halves of the data, whose ratio makes half of the template.
        double[][] shares = Array.ConvertAll(Reweightings, reweighting => reweighting.SharesOf(sideband));
        return [.. Enumerable.Range(0, sideband.Count).Select(row => Expected.Value / 4 * shares.Sum(ofHalf => ofHalf[row]))];
    }

    public override float[][] MemberLogRatios() => ByHalf(Simulated, HalfOf);

    public override float[][] MemberLogRatios(EventTable region, Seed seed) => ByHalf(region, seed.Folds(region.Count, 2));

    private float[][] ByHalf(EventTable events, int[] halfOf)
    {
        float[][][] ofHalves = Array.ConvertAll(Reweightings, reweighting => reweighting.MemberLogRatios(events));
        return [.. Enumerable.Range(0, ofHalves[0].Length).Select(member =>
            Enumerable.Range(0, events.Count).Select(row => ofHalves[halfOf[row]][member][row]).ToArray())];
    }
}

/// <summary>Drawn events; what draws them learnt from the sidebands and gives back their signal in proportion.</summary>
/// <param name="PerSidebandEvent">Events of the template for each one of the sidebands.</param>
/// <param name="Spectrum">The mass spectrum.</param>
/// <param name="Expected">The background.</param>
/// <param name="Events">The template.</param>
internal sealed record GeneratedTemplate(double PerSidebandEvent, MassSpectrum Spectrum, Estimate Expected, EventTable Events)
    : BackgroundTemplate(Spectrum, Expected, Events)
{
    public override bool HoldsSidebands => true;

    public override bool IsLearnt => true;

    public override string ForMoreEvents => "generate more background";

    public override double[] WeightsOf(EventTable sideband) =>
        [.. Enumerable.Range(0, sideband.Count).Select(row => sideband.Weight(row) * PerSidebandEvent)];
}
