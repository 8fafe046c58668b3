using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Tests;

/// <summary>
/// A family of signals N(θ, 1) against a background N(0, 3²): ln r(x;θ) = −(x−θ)²/2 + x²/18 + ln 3, of second degree in θ.
/// </summary>
internal static class GaussianFamily
{
    public const string Parameter = "theta";
    public const double Width = 3;

    public static readonly string[] Features = ["x"];

    public static double LogRatio(double x, double theta) => (-0.5 * (x - theta) * (x - theta)) + (x * x / (2 * Width * Width)) + Math.Log(Width);

    /// <summary>Events of the family, θ uniform between −2 and 2.</summary>
    public static EventTable Signal(int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        float[] theta = [.. Enumerable.Range(0, count).Select(_ => (float)((4 * random.NextDouble()) - 2))];
        return EventTable.FromColumns(("x", [.. theta.Select(mean => (float)random.NextNormal(mean, 1))]), (Parameter, theta));
    }

    public static EventTable Background(int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        return EventTable.FromColumns(("x", [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(0, Width))]));
    }

    /// <summary>Background events and signal events of one θ.</summary>
    public static EventTable Data(int background, int signal, double theta, Seed seed)
    {
        Random random = seed.Child("signal").CreateRandom();
        float[] x = [.. Enumerable.Range(0, signal).Select(_ => (float)random.NextNormal(theta, 1))];
        return Background(background, seed.Child("background")).Append(EventTable.FromColumns(("x", x)));
    }

    /// <summary>
    /// Errors of μ and θ of so many events by the information ∫ (∂ᵢp ∂ⱼp)/p dx of p = μ p_S + (1−μ) p_B, by the trapezium rule.
    /// </summary>
    public static (double Fraction, double Theta) Errors(double fraction, double theta, double events)
    {
        const double Step = 0.001;
        (double mm, double mt, double tt) = (0, 0, 0);
        for (double x = -20; x <= 20; x += Step)
        {
            double background = Math.Exp(-x * x / (2 * Width * Width)) / (Width * Math.Sqrt(2 * Math.PI));
            double signal = background * Math.Exp(LogRatio(x, theta));
            double density = (fraction * signal) + ((1 - fraction) * background);
            double byFraction = signal - background;
            double byTheta = fraction * signal * (x - theta);
            mm += Step * byFraction * byFraction / density;
            mt += Step * byFraction * byTheta / density;
            tt += Step * byTheta * byTheta / density;
        }

        double determinant = (mm * tt) - (mt * mt);
        return (Math.Sqrt(tt / determinant / events), Math.Sqrt(mm / determinant / events));
    }
}
