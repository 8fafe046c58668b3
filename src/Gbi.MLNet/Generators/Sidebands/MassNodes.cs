using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;

namespace Gbi.Generators.Sidebands;

/// <summary>Masses of the signal region for the mean of a function over the background's masses there.</summary>
/// <param name="Parameters">Standardised masses, nodes of Gauss and Legendre.</param>
/// <param name="Weights">Their weights times the spectrum, which sum to 1.</param>
internal sealed record MassNodes(float[] Parameters, double[] Weights)
{
    /// <summary>So many nodes in the signal region.</summary>
    public static MassNodes Of(MassWindow window, MassSpectrum spectrum, StandardisedMass scale, int count)
    {
        Quadrature rule = Quadrature.OnInterval(window.Low, window.High, count);
        double[] densities = [.. rule.Nodes.Select((mass, node) => rule.Weights[node] * spectrum.Density(mass))];
        double sum = densities.Sum();
        return new MassNodes([.. rule.Nodes.Select(scale.Of)], [.. densities.Select(density => density / sum)]);
    }
}
