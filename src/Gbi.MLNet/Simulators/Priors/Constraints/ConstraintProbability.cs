using Gbi.Numerics;
using Gbi.Simulators.Priors.Distributions;
using MathNet.Numerics.Distributions;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Constraints;

/// <summary>The probability that conditions hold in a prior: exact where it is known in closed form, else estimated by draws.</summary>
/// <param name="LogValue">Its natural logarithm.</param>
/// <param name="LogError">Standard error of it; 0 where it is exact.</param>
internal sealed record ConstraintProbability(double LogValue, double LogError)
{
    public const int DrawCount = 1 << 18;

    /// <summary>With fewer draws the error of the logarithm exceeds 0.1, and draws by rejection take long.</summary>
    private const int FewestDraws = 100;

    /// <summary>The probability of conditions.</summary>
    /// <param name="prior">The prior without them.</param>
    /// <param name="constraints">The linear ones.</param>
    /// <param name="areLinear">Whether there are no others.</param>
    /// <param name="holds">Whether all of them hold at a point.</param>
    /// <exception cref="ArgumentException">They hold in fewer than 100 of 262,144 draws.</exception>
    public static ConstraintProbability Of(
        Prior prior, IReadOnlyList<BoundConstraint> constraints, bool areLinear, PointCondition holds)
    {
        double exact = areLinear ? Exact(prior, constraints) : double.NaN;
        if (!double.IsNaN(exact))
        {
            Require(exact * DrawCount, prior);
            return new ConstraintProbability(Math.Log(exact), 0);
        }

        // The number of draws and the seed are fixed: the same document is the same density everywhere.
        Seed seed = new Seed(0).Child("constraint");
        double count = EventBlocks.Sum(DrawCount, (start, length) =>
        {
            Span<double> point = stackalloc double[prior.Parameters.Count];
            int found = 0;
            for (int row = start; row < start + length; row++)
            {
                prior.Draw(seed.Child(row).CreateRandom(), point);
                found += holds(point) ? 1 : 0;
            }

            return found;
        });
        Require(count, prior);
        double probability = count / DrawCount;
        return new ConstraintProbability(Math.Log(probability), Math.Sqrt((1 - probability) / count));
    }

    private static void Require(double count, Prior prior)
    {
        if (!(count >= FewestDraws))
        {
            throw new ArgumentException(Text(
                $"The constraints on {string.Join(", ", prior.Parameters)} hold in {Math.Max(0, count):F0} of {DrawCount:N0} draws of the ")
                + Text($"prior, expected {FewestDraws} or more; narrow the ranges of the parameters, or widen the constraints."));
        }
    }

    /// <summary>The product of the probabilities of constraints that share no independent part of the prior; NaN where one is not
    /// known.</summary>
    private static double Exact(Prior prior, IReadOnlyList<BoundConstraint> constraints)
    {
        double product = 1;
        var used = new HashSet<Prior>(ReferenceEqualityComparer.Instance);
        foreach (BoundConstraint constraint in constraints)
        {
            Prior[] parts = [.. constraint.Terms.Select(term => PartOf(prior, term.Parameter)).Distinct()];
            if (parts.Any(part => !used.Add(part)))
            {
                return double.NaN;
            }

            product *= Exact(prior, constraint, parts);
        }

        return product;
    }

    private static double Exact(Prior prior, BoundConstraint constraint, Prior[] parts)
    {
        (double above, double below) = (constraint.Constraint.Above, constraint.Constraint.Below);
        if (parts.All(part => part is UniformPrior))
        {
            (double Coefficient, UniformPrior Part)[] terms =
                [.. constraint.Terms.Select(term => (term.Coefficient, (UniformPrior)PartOf(prior, term.Parameter)))];
            double lowest = terms.Sum(term => term.Coefficient * (term.Coefficient > 0 ? term.Part.Low : term.Part.High));
            double[] widths = [.. terms.Select(term => Math.Abs(term.Coefficient) * (term.Part.High - term.Part.Low))];
            return UniformSum.Cumulative(widths, below - lowest) - UniformSum.Cumulative(widths, above - lowest);
        }

        if (parts.All(part => part is JointNormalPrior or NormalPrior { IsWhole: true }))
        {
            double mean = 0, variance = 0;
            foreach ((int i, double first) in constraint.Terms)
            {
                mean += first * MeanOf(prior, i);
                variance += constraint.Terms.Sum(term => first * term.Coefficient * Covariance(prior, i, term.Parameter));
            }

            double sigma = Math.Sqrt(variance);
            return sigma > 0 ? Normal.CDF(mean, sigma, below) - Normal.CDF(mean, sigma, above) : double.NaN;
        }

        return double.NaN;
    }

    private static Prior PartOf(Prior prior, int parameter) =>
        prior is ProductPrior product ? product.Parts[product.PartOf(parameter)] : prior;

    private static double MeanOf(Prior prior, int parameter) => PartOf(prior, parameter) switch
    {
        JointNormalPrior joint => joint.Mean[NumberIn(joint, prior, parameter)],
        NormalPrior scalar => scalar.Mean,
        _ => double.NaN,
    };

    private static double Covariance(Prior prior, int first, int second)
    {
        Prior part = PartOf(prior, first);
        return part != PartOf(prior, second) ? 0
            : part switch
            {
                JointNormalPrior joint => joint.Covariance[NumberIn(joint, prior, first)][NumberIn(joint, prior, second)],
                NormalPrior scalar => scalar.StandardDeviation * scalar.StandardDeviation,
                _ => double.NaN,
            };
    }

    private static int NumberIn(JointNormalPrior joint, Prior prior, int parameter) =>
        joint.Parameters.ToList().IndexOf(prior.Parameters[parameter]);
}

/// <summary>The distribution of a sum of independent uniform numbers in [0, wᵢ].</summary>
internal static class UniformSum
{
    private const int MostTerms = 12;
    private const double Tolerance = 1e-9;

    /// <summary>
    /// P(Σ ≤ t) = 1/(n! Π wᵢ) Σ_S (−1)^|S| (t − Σ_S wᵢ)₊ⁿ over all subsets S; NaN where rounding spoils it or more than 12 numbers make it
    /// long.
    /// </summary>
    public static double Cumulative(double[] widths, double t)
    {
        double total = widths.Sum();
        if (t <= 0 || t >= total || widths.Length > MostTerms)
        {
            return t <= 0 ? 0 : t >= total ? 1 : double.NaN;
        }

        // From the nearer end, where less cancels.
        if (t > total / 2)
        {
            return 1 - Cumulative(widths, total - t);
        }

        double scale = widths.Aggregate(1.0, (product, width) => product * width);
        for (int i = 2; i <= widths.Length; i++)
        {
            scale *= i;
        }

        double sum = 0, size = 0;
        for (int subset = 0; subset < 1 << widths.Length; subset++)
        {
            double left = t;
            for (int i = 0; i < widths.Length; i++)
            {
                left -= (subset >> i & 1) * widths[i];
            }

            double term = left > 0 ? Math.Pow(left, widths.Length) : 0;
            sum += int.IsEvenInteger(System.Numerics.BitOperations.PopCount((uint)subset)) ? term : -term;
            size += term;
        }

        return size * 1e-15 < Tolerance * sum ? sum / scale : double.NaN;
    }
}
