namespace Gbi.Numerics.Probability;

/// <summary>What a Poisson count contributes to a likelihood whatever its expectation.</summary>
internal static class PoissonCount
{
    /// <summary>The minimum of −ln Poisson(n | λ) over λ, at λ = n: n − n ln n + ln n!. Range of n: 0 or more.</summary>
    public static double LeastNll(double n) => n > 0 ? n - (n * Math.Log(n)) + LogMath.Gamma(n + 1) : 0;
}
