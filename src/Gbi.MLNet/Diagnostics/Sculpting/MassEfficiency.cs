using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Diagnostics.Sculpting;

/// <summary>
/// The share of events that pass a cut, as a function of the mass: ln ε/(1−ε) = β₀ + β₁ t + β₂ t², t = (m − centre)/scale limited to ±3,
/// fitted by maximum likelihood to events of the sidebands.
/// </summary>
/// <param name="Sidebands">Its mean over the sidebands' weight.</param>
/// <param name="Ratio">Its mean over the masses of the signal region, divided by <paramref name="Sidebands"/>.</param>
/// <param name="RatioError">Statistical error of <paramref name="Ratio"/>, from the covariance H⁻¹ (Σ w² (s−ε)² f fᵀ) H⁻¹, f = (1, t,
/// t²).</param>
internal sealed record MassEfficiency(double Sidebands, double Ratio, double RatioError)
{
    /// <summary>Its mean over the masses of the signal region.</summary>
    public double Region => Sidebands * Ratio;

    /// <summary>Statistical error of <see cref="Region"/>, from the same covariance.</summary>
    public required double RegionError { get; init; }

    private const int Size = 3;
    private const double Limit = 3;
    private const int RegionNodes = 8;

    public static MassEfficiency Fit(ReadOnlySpan<float> masses, double[] weights, bool[] passes, MassWindow window)
    {
        double sum = WeightSums.RequirePositive(weights.Sum(), "The weights of the sidebands");
        double[] share = [.. weights.Select(weight => weight / sum)];
        double scale = ScaleOf(masses, share, window.Centre);
        double[] t = new double[masses.Length];
        for (int row = 0; row < t.Length; row++)
        {
            t[row] = Standardised(masses[row]);
        }

        LogisticRegression regression = Regression(t, share, passes);
        if (regression.Minimise() is not { } beta || LinearSystem.InverseOfHessian(regression, beta) is not { } inverse)
        {
            throw new DataException(
                $"The {passes.Count(passed => passed):N0} events of the sidebands that pass the cut do not determine how its efficiency "
                    + $"follows the mass; give more events or a larger efficiency.");
        }

        Quadrature region = Quadrature.OnInterval(window.Low, window.High, RegionNodes);
        double[] inRegion = [.. region.Weights.Select(weight => weight / (window.High - window.Low))];
        (double inside, double[] insideGradient) = Mean(beta, [.. region.Nodes.Select(Standardised)], inRegion);
        (double side, double[] sideGradient) = Mean(beta, t, share);
        double[] gradient = [.. insideGradient.Select((slope, k) => (slope / inside) - (sideGradient[k] / side))];
        double[] pulls = Pulls(beta, t, share, passes);
        return new MassEfficiency(side, inside / side, inside / side * Math.Sqrt(Sandwich(inverse, pulls, gradient)))
        {
            RegionError = Math.Sqrt(Sandwich(inverse, pulls, insideGradient)),
        };

        double Standardised(double mass) => Math.Clamp((mass - window.Centre) / scale, -Limit, Limit);
    }

    private static LogisticRegression Regression(double[] t, double[] share, bool[] passes)
    {
        double passing = Enumerable.Range(0, t.Length).Sum(row => passes[row] ? share[row] : 0);
        return passing is > 0 and < 1
            ? new LogisticRegression([.. t.SelectMany(value => (double[])[1, value, value * value])], passes, share)
            : throw new DataException(
                "None or all of the sidebands' weight passes the cut, so that its efficiency cannot follow the mass; give scores that "
                    + "differ.");
    }

    /// <summary>The mean efficiency and its derivatives with respect to β.</summary>
    private static (double Mean, double[] Gradient) Mean(double[] x, double[] t, double[] share)
    {
        double mean = 0;
        double[] gradient = new double[Size];
        for (int at = 0; at < t.Length; at++)
        {
            double efficiency = 1 / (1 + Math.Exp(-Exponent(x, t[at])));
            mean += share[at] * efficiency;
            AddTerms(gradient, t[at], share[at] * efficiency * (1 - efficiency));
        }

        return (mean, gradient);
    }

    /// <summary>Σ w² (s−ε)² f fᵀ.</summary>
    private static double[] Pulls(double[] x, double[] t, double[] share, bool[] passes)
    {
        double[] squares = new double[Size * Size];
        for (int row = 0; row < t.Length; row++)
        {
            double pull = share[row] * ((passes[row] ? 1 : 0) - (1 / (1 + Math.Exp(-Exponent(x, t[row])))));
            AddProducts(squares, t[row], pull * pull);
        }

        return squares;
    }

    /// <summary>gᵀ H⁻¹ M H⁻¹ g.</summary>
    private static double Sandwich(double[] inverse, double[] squares, double[] gradient)
    {
        double[] step = Times(inverse, gradient);
        return Times(squares, step).Zip(step, (left, right) => left * right).Sum();
    }

    private static double[] Times(double[] matrix, double[] vector) =>
        [.. Enumerable.Range(0, Size).Select(i => Enumerable.Range(0, Size).Sum(j => matrix[(i * Size) + j] * vector[j]))];

    private static double ScaleOf(ReadOnlySpan<float> masses, double[] share, double centre)
    {
        double squares = 0;
        for (int row = 0; row < masses.Length; row++)
        {
            squares += share[row] * (masses[row] - centre) * (masses[row] - centre);
        }

        return Math.Sqrt(WeightSums.RequirePositive(squares, "The weighted squares of the distances from the signal region"));
    }

    private static double Exponent(ReadOnlySpan<double> x, double t) => x[0] + (t * (x[1] + (t * x[2])));

    private static void AddTerms(Span<double> target, double t, double factor)
    {
        target[0] += factor;
        target[1] += factor * t;
        target[2] += factor * t * t;
    }

    private static void AddProducts(Span<double> target, double t, double factor)
    {
        ReadOnlySpan<double> terms = [1, t, t * t];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                target[(i * Size) + j] += factor * terms[i] * terms[j];
            }
        }
    }
}
