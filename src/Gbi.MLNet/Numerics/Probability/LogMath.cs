using MathNet.Numerics;

namespace Gbi.Numerics.Probability;

/// <summary>Logarithms that keep their digits where the plain formula loses them.</summary>
internal static class LogMath
{
    /// <summary>ln(1 + x), accurate near x = 0. Range: x > −1.</summary>
    /// <remarks>Kahan's correction of ln(1 + x) by the rounding of 1 + x.</remarks>
    public static double OnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }

    /// <summary>ln(1 + eˣ), accurate for every x: eˣ far below 0 and x far above.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + OnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>ln(1 − f + f eˣ), the log ratio of a mixture to its first part where x is that of the second, accurate for every
    /// x.</summary>
    /// <param name="x">ln of the second part's ratio to the first.</param>
    /// <param name="fraction">f, the second part's share. Range: (0, 1).</param>
    public static double Mixture(double x, double fraction) => OnePlus(-fraction) + Softplus(x + Math.Log(fraction / (1 - fraction)));

    /// <summary>ln of the mean of eˣ, without an overflow; −∞ where all x are −∞.</summary>
    /// <param name="logs">One number or more.</param>
    public static double MeanExp(ReadOnlySpan<double> logs)
    {
        double largest = double.NegativeInfinity;
        foreach (double value in logs)
        {
            largest = Math.Max(largest, value);
        }

        if (double.IsNegativeInfinity(largest))
        {
            return largest;
        }

        double sum = 0;
        foreach (double value in logs)
        {
            sum += Math.Exp(value - largest);
        }

        return largest + Math.Log(sum / logs.Length);
    }

    /// <summary>The same of each row of columns.</summary>
    /// <param name="columns">One column or more, of equal length.</param>
    /// <param name="means">Filled; one a row.</param>
    public static void MeanExp(double[][] columns, Span<double> means)
    {
        Span<double> logs = stackalloc double[columns.Length];
        for (int row = 0; row < means.Length; row++)
        {
            for (int k = 0; k < logs.Length; k++)
            {
                logs[k] = columns[k][row];
            }

            means[row] = MeanExp(logs);
        }
    }

    /// <summary>ln Γ(x). Range: x > 0.</summary>
    public static double Gamma(double x) => SpecialFunctions.GammaLn(x);
}
