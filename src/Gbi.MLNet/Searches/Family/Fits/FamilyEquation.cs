using Gbi.Numerics.Minima;

namespace Gbi.Searches.Family.Fits;

/// <summary>
/// The equation ψ(μ,t) = ⟨g⟩ − (1−μ) m_B − μ m_S(t) = 0 at one point, with g the score at t, ⟨g⟩ its mean over the data, and m_B
/// and m_S(t) its means over background and signal samples.
/// </summary>
/// <remarks>
/// A ratio that is not exact makes the maximum of its likelihood biased: the mean score of background and signal of the fitted parameters
/// is not 0. Samples tell it whatever the ratio is, so that ψ is 0 at the truth on average. A = (m_S − m_B, μ ∂m_S/∂t) at fixed g is, up to
/// its sign, the slope of ψ there, as what g contributes cancels; A⁻¹ V A⁻ᵀ is the covariance of the solution, V that of ⟨g⟩ and of both
/// means. For an exact ratio and large samples it is the inverse information. Godambe, Ann. Math. Stat. 31 (1960) 1208.
/// </remarks>
/// <param name="Point">μ and t.</param>
/// <param name="Change">A⁻¹ ψ, the step towards the solution.</param>
/// <param name="Covariance">A⁻¹ V A⁻ᵀ, row-major.</param>
/// <param name="Distance">ψᵀ V⁻¹ ψ, 0 at the solution.</param>
internal sealed record FamilyEquation(double[] Point, double[] Change, double[] Covariance, double Distance)
{
    /// <summary>The equation at a point; null where the samples do not tell the parameters apart.</summary>
    /// <param name="point">μ and t.</param>
    /// <param name="least">What μ counts at least where the signal's slopes are scaled by it. Range: above 0.</param>
    /// <param name="data">Mean score of the data.</param>
    /// <param name="background">That of the reference.</param>
    /// <param name="signal">That of signal at this t.</param>
    /// <param name="slopes">∂m_S/∂t; shape [parameters × score], row-major.</param>
    public static FamilyEquation? At(
        double[] point, double least, FamilyMoments data, FamilyMoments background, FamilyMoments signal, double[] slopes)
    {
        double fraction = point[0];
        double[] missing = [.. data.Mean.Select((mean, i) => mean - ((1 - fraction) * background.Mean[i]) - (fraction * signal.Mean[i]))];
        double[] jacobian = Jacobian(Math.Max(fraction, least), signal.Mean, background.Mean, slopes);
        if (EstimatingEquation.Step(
            jacobian, Variance(fraction, data, background, signal), missing) is not (double[] change, double[] covariance))
        {
            return null;
        }

        // ψᵀ V⁻¹ ψ is (A⁻¹ ψ)ᵀ (A⁻¹ V A⁻ᵀ)⁻¹ A⁻¹ ψ.
        double[] factor = [.. covariance];
        double[] solved = [.. change];
        if (!CholeskyFactor.TryFactorise(factor, change.Length))
        {
            return null;
        }

        CholeskyFactor.Solve(factor, change.Length, solved);
        return new FamilyEquation(point, change, covariance, change.Zip(solved, (left, right) => left * right).Sum());
    }

    /// <summary>Whether all of the step is below a share of the errors.</summary>
    public bool IsWithin(double share) =>
        !Change.Where((change, i) => !(Math.Abs(change) <= share * Math.Sqrt(Covariance[i * (Change.Length + 1)]))).Any();

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
