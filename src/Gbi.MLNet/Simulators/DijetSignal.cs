using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Simulators;

/// <summary>
/// Jets of a resonance that decays to particles X and Y. With t = ln(m/100 GeV)/ln 5 the law of each particle's jet goes from that of the
/// LHC Olympics particle of 100 GeV (t = 0) to that of 500 GeV (t = 1): jet mass m [(1−t) Q₁₀₀(z) + t Q₅₀₀(z)], and the same for the ratio;
/// t is kept in [0, 1]. Both particles have one law, so that exchanging their masses changes nothing.
/// </summary>
internal static class DijetSignal
{
    private const double LightMass = 100;
    private const double HeavyMass = 500;

    /// <summary>The particles of the LHC Olympics signal.</summary>
    public static readonly DijetMasses Reference = new(HeavyMass, LightMass);

    /// <summary>Dijet mass in TeV that belongs to the normal score of an event.</summary>
    public static double MassAt(double score, double resonanceMass) => DijetQuantiles.ResonanceMass.At(score) * (resonanceMass / 3.5);

    public static DijetJets Draw(double massScore, DijetMasses masses, Seed seed, long row)
    {
        (double mass, double tau) x = Jet(masses.X, massScore, seed.NormalPair(2 * row));
        (double mass, double tau) y = Jet(masses.Y, massScore, seed.NormalPair((2 * row) + 1));
        return new DijetJets(x.mass, y.mass, x.tau, y.tau).Ordered();
    }

    // Correlations of the normal scores in the data: jet mass with dijet mass .21 at 100 GeV and .33 at 500 GeV, with its own ratio
    // .17 and −.19; the latter is made −.28, nearer to the correlation of the values, whose dependence is not quite Gaussian.
    private static (double Mass, double Tau21) Jet(double particleMass, double massScore, (double First, double Second) normal)
    {
        double heaviness = Math.Clamp(Math.Log(particleMass / LightMass) / Math.Log(HeavyMass / LightMass), 0, 1);
        double score = Correlated(massScore, normal.First, 0.21 + (0.12 * heaviness));
        double tauScore = Correlated(score, normal.Second, 0.17 - (0.45 * heaviness));
        double response = Between(DijetQuantiles.LightMassResponse, DijetQuantiles.HeavyMassResponse, heaviness, score);
        return (0.001 * particleMass * response, Between(DijetQuantiles.LightTau21, DijetQuantiles.HeavyTau21, heaviness, tauScore));
    }

    private static double Correlated(double score, double normal, double correlation) =>
        (correlation * score) + (Math.Sqrt(1 - (correlation * correlation)) * normal);

    private static double Between(QuantileTable light, QuantileTable heavy, double heaviness, double score) =>
        ((1 - heaviness) * light.At(score)) + (heaviness * heavy.At(score));
}
