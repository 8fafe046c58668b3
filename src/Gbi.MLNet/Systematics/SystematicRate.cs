using Gbi.Events;
using Gbi.Ratios.Parametric;

namespace Gbi.Systematics;

/// <summary>
/// How the rate of a process follows nuisance parameters: σ(ν)/σ(0) = exp Σ_A ν_A c_A with σ the sums of weights of the samples, and c_A
/// the least-squares solution of <see cref="BasePoints"/> in ln σ(ν)/σ(0).
/// </summary>
/// <remarks>
/// Errors are those of independent samples; samples of the same events, varied, have smaller ones. All events count, those held out from
/// the training of the shape too.
/// </remarks>
public sealed record SystematicRate
{
    private SystematicRate(IReadOnlyList<Monomial> monomials, Estimate[] coefficients, Estimate[] ratios) =>
        (Monomials, Coefficients, Ratios) = (monomials, coefficients, ratios);

    /// <summary>The monomials ν_A.</summary>
    public IReadOnlyList<Monomial> Monomials { get; }

    /// <summary>c_A, one per monomial.</summary>
    public IReadOnlyList<Estimate> Coefficients { get; }

    /// <summary>σ(ν)/σ(0) of each sample, in the order of <see cref="BasePoints.Points"/>; 1 ± 0 for the nominal one.</summary>
    public IReadOnlyList<Estimate> Ratios { get; }

    /// <summary>The rate of samples.</summary>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public static SystematicRate Of(SystematicSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        BasePoints basePoints = samples.BasePoints;
        int points = basePoints.Points.Count;
        double[] sums = new double[points];
        double[] squares = new double[points];
        for (int row = 0; row < samples.Events.Count; row++)
        {
            double weight = samples.Events.Weight(row);
            sums[samples.BasePointOf[row]] += weight;
            squares[samples.BasePointOf[row]] += weight * weight;
        }

        int empty = Array.FindIndex(sums, sum => !(sum > 0));
        if (empty >= 0)
        {
            throw new DataException(Numerics.InvariantText.Text(
                $"The weights of base point {basePoints.TextOfPoint(empty)} sum to {sums[empty]:G4}, expected more than 0; check the "
                    + $"weights, or leave the point out."));
        }

        double[] variances = [.. sums.Select((sum, point) => squares[point] / (sum * sum))];
        double nominal = sums[basePoints.Nominal];
        Estimate[] ratios =
        [
            .. sums.Select((sum, point) => point == basePoints.Nominal
                ? new Estimate(1, 0)
                : new Estimate(sum / nominal, sum / nominal * Math.Sqrt(variances[point] + variances[basePoints.Nominal]))),
        ];
        return new SystematicRate(
            basePoints.Monomials,
            [.. Enumerable.Range(0, basePoints.Monomials.Count).Select(a => Coefficient(basePoints, a, ratios, variances))],
            ratios);
    }

    private static Estimate Coefficient(BasePoints basePoints, int monomial, Estimate[] ratios, double[] variances)
    {
        int varied = ratios.Length - 1;
        (double value, double variance, double shared) = (0, 0, 0);
        for (int point = 0; point < ratios.Length; point++)
        {
            if (point != basePoints.Nominal)
            {
                double factor = basePoints.Solution[(monomial * varied) + basePoints.IndexOf(point) - 1];
                value += factor * Math.Log(ratios[point].Value);
                variance += factor * factor * variances[point];
                shared += factor;
            }
        }

        return new Estimate(value, Math.Sqrt(variance + (shared * shared * variances[basePoints.Nominal])));
    }
}
