using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Inference;

/// <summary>Signal N(1, 1) over background N(0, 1), where r = p_S/p_B = exp(x − ½) exactly.</summary>
internal static class GaussianMixture
{
    /// <summary>ln r of events of which each is signal with a given probability.</summary>
    public static float[] LogRatios(int count, double signalFraction, long seed)
    {
        Random random = new Seed(20).Child(seed).CreateRandom();
        float[] logRatio = new float[count];
        for (int i = 0; i < count; i++)
        {
            double mean = random.NextDouble() < signalFraction ? 1 : 0;
            logRatio[i] = (float)(random.NextNormal(mean, 1) - 0.5);
        }

        return logRatio;
    }

    /// <summary>Fisher information of one event about μ: ∫ (r−1)²/(1 + μ(r−1)) p_B dx; e − 1 at μ = 0.</summary>
    public static double Information(double signalFraction)
    {
        Quadrature rule = Quadrature.OnInterval(-12, 14, 128);
        return rule.Nodes.Zip(rule.Weights, (x, weight) =>
        {
            double excess = Math.Exp(x - 0.5) - 1;
            return weight * excess * excess / (1 + (signalFraction * excess)) * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        }).Sum();
    }
}
