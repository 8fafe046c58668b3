using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Generators.Spectra;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Checks;

/// <summary>
/// Whether the mass spectrum rises at its lower end, as behind a trigger or a selection. Smooth functions with few parameters follow such a
/// turn-on within the errors of the sidebands, so that χ² does not tell, and expect too few events behind it.
/// </summary>
internal static class SpectrumTurnOn
{
    /// <summary>Standard deviations from which a rise is taken for one: the spectrum is looked at, at all masses.</summary>
    private const double Sigmas = 5;

    private const int Points = 200;

    /// <summary>
    /// The check of (f(m̂)(m̂ − m₀) − N)/√N, with N events fitted from the lowest mass m₀ to the maximum m̂ of the spectrum f in the lower
    /// sideband, and N in effective events where they carry weights.
    /// </summary>
    /// <param name="spectrum">The fitted spectrum.</param>
    /// <param name="sideband">The events that it was fitted to.</param>
    public static ClosureCheck Of(MassSpectrum spectrum, SidebandData sideband)
    {
        double low = spectrum.Low;
        double perWeight = PerWeight(sideband.Events);
        double step = (sideband.Window.Low - low) / Points;
        double events = 0;
        double rise = 0;
        double at = low;
        for (int point = 0; point < Points; point++)
        {
            double mass = low + ((point + 0.5) * step);
            double density = spectrum.Density(mass);
            events += density * step;
            double missing = (density * (mass + (step / 2) - low)) - events;
            double effective = events * perWeight;

            // In the first step nothing can have risen yet but rounding errors.
            if (point > 0 && effective > 0 && missing / events * Math.Sqrt(effective) is var sigmas && sigmas > rise)
            {
                (rise, at) = (sigmas, mass);
            }
        }

        return new ClosureCheck(
            "Rise of the mass spectrum at its lower end, in standard deviations", rise, null, double.NegativeInfinity, Sigmas,
            Text(
                $"The spectrum rises up to {at:G3}, and a smooth function interpolates the masses behind such a turn-on with a bias; begin "
                    + $"the range of masses above it."));
    }

    /// <summary>Σw/Σw²: effective events for each unit of weight.</summary>
    private static double PerWeight(EventTable events)
    {
        double squares = 0;
        foreach (double weight in events.Weights)
        {
            squares += weight * weight;
        }

        return events.HasWeights ? events.SumOfWeights / squares : 1;
    }
}
