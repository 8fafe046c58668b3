using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Simulators;

namespace Gbi.Tests.Simulators;

/// <summary>The mass spectrum of <see cref="DijetSimulator"/>: (1−y)^13.9 y^0.58, y = m/13 TeV.</summary>
internal static class DijetTruth
{
    public static double Density(double mass) =>
        Math.Pow(1 - (mass / DijetSimulator.CollisionEnergy), 13.9) * Math.Pow(mass / DijetSimulator.CollisionEnergy, 0.58);

    /// <summary>The share of the spectrum between two limits of a wider range.</summary>
    public static double Share(double low, double high, double outerLow, double outerHigh) =>
        Integral(low, high) / Integral(outerLow, outerHigh);

    public static float[] Draw(int count, double low, double high, Seed seed) =>
        new TabulatedSpectrum(Density, low, high).Draw(count, seed);

    private static double Integral(double low, double high)
    {
        Quadrature rule = Quadrature.OnInterval(low, high, 64);
        return rule.Nodes.Zip(rule.Weights, (mass, weight) => weight * Density(mass)).Sum();
    }
}
