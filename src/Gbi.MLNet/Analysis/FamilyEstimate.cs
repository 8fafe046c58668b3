using Gbi.Numerics;

namespace Gbi.Analysis;

/// <summary>
/// Signal fraction μ and places t whose expected score is that of the data, and the covariance of these estimates.
/// </summary>
/// <param name="Point">μ and the places.</param>
/// <param name="Covariance">Their covariance, row-major.</param>
/// <remarks>
/// A ratio that is not exact makes the maximum of its likelihood biased: the mean score of background and signal of the fitted parameters,
/// m(μ,t) = (1−μ) m_B + μ m_S(t), is not what data of these parameters have. Samples give both means whatever the ratio is. With the score g at
/// the maximum as a fixed function, the equation m(μ,t) = ⟨g⟩ of the data has an unbiased solution, and A⁻¹ V A⁻ᵀ is its covariance, A = ∂m/∂(μ,t) and V that of
/// ⟨g⟩ and of both means. For an exact ratio and large samples it is the inverse information. Godambe, Ann. Math. Stat. 31 (1960) 1208.
/// </remarks>
internal sealed record FamilyEstimate(double[] Point, double[] Covariance)
{
    private const int MostSteps = 6;

    // Steps below this share of an error need no other.
    private const double Enough = 0.02;

    /// <summary>Solves the equation from a point.</summary>
    /// <param name="start">μ and the places of the maximum.</param>
    /// <param name="data">Mean score of the data.</param>
    /// <param name="background">That of the reference.</param>
    /// <param name="signal">That of signal at any place.</param>
    /// <returns>Null where the samples do not tell the parameters apart or no solution is near.</returns>
    public static FamilyEstimate? Solve(double[] start, FamilyMoments data, FamilyMoments background, ISignalScores signal)
    {
        double[] point = [.. start];
        FamilyMoments ofSignal = signal.At(point[1..]);
        double[] slopes = signal.Slopes(point[1..]);
        for (int step = 0; ; step++)
        {
            double fraction = Math.Max(point[0], 0.1 * start[0]);
            double[] missing = [.. data.Mean.Select((mean, i) => mean - ((1 - point[0]) * background.Mean[i]) - (point[0] * ofSignal.Mean[i]))];
            if (EstimatingEquation.Step(Jacobian(fraction, ofSignal.Mean, background.Mean, slopes), Variance(point[0], data, background, ofSignal), missing)
                is not (double[] change, double[] covariance))
            {
                return null;
            }

            double[] next = [.. point.Select((value, i) => value + change[i])];
            next = [next[0], .. signal.Within(next[1..])];
            bool isEnough = point.Select((value, i) => Math.Abs(next[i] - value) < Enough * Math.Sqrt(covariance[i * (point.Length + 1)])).All(small => small);
            point = next;
            if (isEnough && step > 0)
            {
                return new FamilyEstimate(point, covariance);
            }

            if (step == MostSteps)
            {
                return null;
            }

            ofSignal = signal.At(point[1..]);
            if (step == 0)
            {
                // The first step is the long one; at the maximum of a wrong ratio the slopes are others than at the truth.
                slopes = signal.Slopes(point[1..]);
            }
        }
    }

    /// <summary>A = (m_S − m_B, μ ∂m_S/∂t), row-major.</summary>
    private static double[] Jacobian(double fraction, double[] signal, double[] background, double[] slopes)
    {
        int size = signal.Length;
        double[] jacobian = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            jacobian[i * size] = signal[i] - background[i];
            for (int j = 1; j < size; j++)
            {
                jacobian[(i * size) + j] = fraction * slopes[((j - 1) * size) + i];
            }
        }

        return jacobian;
    }

    private static double[] Variance(double fraction, FamilyMoments data, FamilyMoments background, FamilyMoments signal) =>
        [.. data.Covariance.Select((value, at) => value
            + ((1 - fraction) * (1 - fraction) * background.Covariance[at])
            + (fraction * fraction * signal.Covariance[at]))];
}
