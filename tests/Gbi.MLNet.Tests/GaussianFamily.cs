using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Families;
using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Tests;

/// <summary>
/// A family of signals N(θ, 1) against a background N(0, 3²): ln r(x;θ) = −(x−θ)²/2 + x²/18 + ln 3, of second degree in θ.
/// </summary>
internal static class GaussianFamily
{
    public const string Parameter = "theta";
    public const double Width = 3;

    public static readonly string[] Features = ["x"];

    public static readonly FamilyColumns Columns = new([Parameter], Features);

    public static double LogRatio(double x, double theta) =>
        (-0.5 * (x - theta) * (x - theta)) + (x * x / (2 * Width * Width)) + Math.Log(Width);

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

    /// <summary>Signal events of one θ.</summary>
    public static EventTable SignalAt(int count, double theta, Seed seed)
    {
        Random random = seed.CreateRandom();
        return EventTable.FromColumns(("x", [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(theta, 1))]));
    }

    /// <summary>
    /// Errors of μ and θ of so many events of p = μ p_S + (1−μ) p_B where p_B is known by reference events and p_S by signal events:
    /// the roots of the diagonal of I⁻¹ V I⁻¹, I = ∫ (∂ᵢp ∂ⱼp)/p dx, V = I/N + (1−μ)² Var_B(g)/N_ref + μ² Var_S(g)/N_sig, g = ∂ ln p; by
    /// the trapezium rule.
    /// </summary>
    public static (double Fraction, double Theta) Errors(
        double fraction, double theta, double events, double reference = double.PositiveInfinity, double signal = double.PositiveInfinity)
    {
        const double Step = 0.001;
        var (ofData, ofBackground, ofSignal) = (new Moments(), new Moments(), new Moments());
        for (double x = -20; x <= 20; x += Step)
        {
            double b = Math.Exp(-x * x / (2 * Width * Width)) / (Width * Math.Sqrt(2 * Math.PI));
            double s = b * Math.Exp(LogRatio(x, theta));
            double p = (fraction * s) + ((1 - fraction) * b);
            (double byFraction, double byTheta) = ((s - b) / p, fraction * s * (x - theta) / p);
            ofData.Add(Step * p, byFraction, byTheta);
            ofBackground.Add(Step * b, byFraction, byTheta);
            ofSignal.Add(Step * s, byFraction, byTheta);
        }

        Matrix<double> inverse = ofData.Second.Inverse();
        Matrix<double> variance = (ofData.Second / events)
            + ((1 - fraction) * (1 - fraction) / reference * ofBackground.Variance)
            + (fraction * fraction / signal * ofSignal.Variance);
        Matrix<double> covariance = inverse * variance * inverse;
        return (Math.Sqrt(covariance[0, 0]), Math.Sqrt(covariance[1, 1]));
    }

    private sealed class Moments
    {
        private Vector<double> _first = Vector<double>.Build.Dense(2);

        public Matrix<double> Second { get; private set; } = Matrix<double>.Build.Dense(2, 2);

        public Matrix<double> Variance => Second - _first.OuterProduct(_first);

        public void Add(double weight, double byFraction, double byTheta)
        {
            Vector<double> score = Vector<double>.Build.DenseOfArray([byFraction, byTheta]);
            _first += weight * score;
            Second += weight * score.OuterProduct(score);
        }
    }
}
