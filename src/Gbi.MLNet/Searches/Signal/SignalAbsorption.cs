using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Likelihoods.Model;
using Gbi.Searches.Background;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Signal;

/// <summary>What a background template takes of the signal in the sidebands, for each signal event in the signal region.</summary>
/// <param name="Shape">k: weight of signal events among the template's; 0 for a template that is not made of sidebands.</param>
/// <param name="Rate">k_T: events by which the mass spectrum, fitted to the sidebands, expects more background.</param>
public readonly record struct SignalAbsorption(double Shape, double Rate)
{
    private const double Little = 0.01;

    /// <summary>
    /// κ: the signal events of the region that would change the template's mean score by as much as what it took in. That is less than k,
    /// as events beside the region are less like signal than those within, and more, as a generator raises the weights of background like
    /// the signal that it learnt from. k until a likelihood that corrects for it is fitted.
    /// </summary>
    public double Effect { get; init; } = Shape;

    /// <summary>Requires that the template leaves some of a signal to be seen.</summary>
    /// <exception cref="FitException">It does not.</exception>
    internal void RequireSignal()
    {
        if (!(Effect < 1))
        {
            throw new FitException(Text(
                $"The background template takes in {Effect:F2} signal events for each one in the signal region, so that none is left to "
                    + $"be seen; widen the sidebands or the signal region."));
        }
    }

    /// <summary>The simulation's events of the sidebands, passed through all that made the template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="sideband">The data's events of the sidebands.</param>
    /// <param name="simulation">The signal.</param>
    /// <param name="settings">The search's settings.</param>
    internal static SignalAbsorption Of(
        BackgroundTemplate template, EventTable sideband, SimulatedSignal simulation, ResonanceSearchSettings settings)
    {
        EventTable beside = simulation.Beside;
        MassWindow window = settings.Window;
        string mass = settings.MassColumn;
        double inRegion = simulation.InRegion.SumOfWeights;
        if (template.Spectrum is not { } spectrum || beside.Count == 0)
        {
            return default;
        }

        // The spectrum's answer to a little more signal, in parts of the sidebands' events.
        double scale = Little * sideband.SumOfWeights / beside.SumOfWeights;
        EventTable added = beside.WithColumns([mass])
            .WithWeights(Enumerable.Range(0, beside.Count).Select(row => scale * beside.Weight(row)).ToArray());
        EventTable more = sideband.WithColumns([mass]).Append(added);
        double expected = MassSpectrum.Fit(more[mass], more.Weights, window, spectrum.Options).Expected(window.Low, window.High).Value;
        return new SignalAbsorption(
            (template.WeightOf?.Invoke(beside).Sum() ?? 0) / inRegion, (expected - template.Expected.Value) / (scale * inRegion));
    }
}
