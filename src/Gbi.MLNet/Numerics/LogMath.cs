namespace Gbi.Numerics;

/// <summary>Logarithms that keep their digits where the plain formula loses them.</summary>
public static class LogMath
{
    /// <summary>ln(1 + x), accurate near x = 0. Range: x > −1.</summary>
    /// <remarks>Kahan's correction of ln(1 + x) by the rounding of 1 + x.</remarks>
    public static double OnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }
}
