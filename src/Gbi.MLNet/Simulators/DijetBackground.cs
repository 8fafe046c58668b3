using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;

namespace Gbi.Simulators;

/// <summary>
/// Jets of background: normal scores zᵢ = (L n)ᵢ + d sᵢ ln(m / 3.5 TeV) with correlations L Lᵀ, drift s and its strength d, turned into
/// features by their quantiles (a Gaussian copula).
/// </summary>
internal static class DijetBackground
{
    private const double ReferenceMass = 3.5;

    /// <summary>∂z/∂ln m of mj1, delta_mj, tau21_j1, tau21_j2 in LHC Olympics data, each ± 0.09.</summary>
    private static readonly double[] Drift = [0.38, 0.26, -0.18, -0.16];

    // Chosen so that the features, not their scores, correlate as in the data; the dependence there is not quite Gaussian.
    private static readonly double[] Factor = Cholesky(massTauLight: -0.304, massTauHeavy: -0.294, differenceTauHeavy: -0.474);

    public static double Density(double mass, DijetSpectrum spectrum)
    {
        double y = mass / DijetSimulator.CollisionEnergy;
        return spectrum == DijetSpectrum.Falling
            ? Math.Pow(1 - y, 13.9) * Math.Pow(y, 0.58)
            : Math.Pow(1 - y, -4.06) * Math.Exp(
                -(22.46 + (6.194 * Math.Log(y))) * Math.Log(y)) * TailProbability.OfNormal((2.4 - mass) / 0.1317);
    }

    public static DijetJets Draw(double mass, double massDrift, Seed seed, long row)
    {
        (double n0, double n1) = seed.NormalPair(2 * row);
        (double n2, double n3) = seed.NormalPair((2 * row) + 1);
        double drift = massDrift * Math.Log(mass / ReferenceMass);
        ReadOnlySpan<double> l = Factor;
        double light = DijetQuantiles.BackgroundMass.At((l[0] * n0) + (Drift[0] * drift));
        double difference = DijetQuantiles.BackgroundDifference.At((l[4] * n0) + (l[5] * n1) + (Drift[1] * drift));
        double lightTau = DijetQuantiles.BackgroundLightTau21.At((l[8] * n0) + (l[9] * n1) + (l[10] * n2) + (Drift[2] * drift));
        double heavyTau = DijetQuantiles.BackgroundHeavyTau21.At(
            (l[12] * n0) + (l[13] * n1) + (l[14] * n2) + (l[15] * n3) + (Drift[3] * drift));
        return new DijetJets(light, light + difference, lightTau, heavyTau);
    }

    private static double[] Cholesky(double massTauLight, double massTauHeavy, double differenceTauHeavy)
    {
        const double MassDifference = -0.03;
        const double DifferenceTauLight = 0.02;
        const double TauTau = 0.07;
        double[] matrix =
        [
            1, 0, 0, 0,
            MassDifference, 1, 0, 0,
            massTauLight, DifferenceTauLight, 1, 0,
            massTauHeavy, differenceTauHeavy, TauTau, 1,
        ];
        return CholeskyFactor.TryFactorise(matrix, 4)
            ? matrix
            : throw new InvalidOperationException("The correlations are not positive definite.");
    }
}
