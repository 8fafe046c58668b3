using Gbi.Simulators.Priors;
using Gbi.Simulators.Priors.Constraints;
using Gbi.Simulators.Priors.Distributions;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>
/// The range of a parameter given those that are known, as nodes: the formulas of <see cref="Prior.Range(int, ReadOnlySpan{double})"/>. It
/// depends on the others in a Dirichlet density and where inequalities are linear.
/// </summary>
internal sealed class RangeNodes(GraphValue zeros)
{
    // A little more than half a step of single precision, relative to a number: added to it, the next number is the nearest.
    private const double HalfStep = (1 + 1e-6) / (1 << 24);

    /// <summary>Lowest and highest single-precision number in the range.</summary>
    /// <param name="prior">The prior.</param>
    /// <param name="parameter">Number of the parameter.</param>
    /// <param name="known">Values of others, single precision, by their numbers.</param>
    /// <returns>The bounds, and whether both are infinite.</returns>
    public (GraphValue Low, GraphValue High, bool IsFree) Of(Prior prior, int parameter, IReadOnlyDictionary<int, GraphValue> known)
    {
        (double low, double high) = prior.Range(parameter);
        if (!Depends(prior, parameter, [.. known.Keys]))
        {
            return (
                zeros.Single(RoundedUp(low)), zeros.Single(-RoundedUp(-high)),
                double.IsNegativeInfinity(low) && double.IsPositiveInfinity(high));
        }

        (GraphValue least, GraphValue most) = Range(prior, parameter, known.ToDictionary(one => one.Key, one => one.Value.ToDouble()));
        return (RoundedUp(least), -RoundedUp(-most), false);
    }

    private static float RoundedUp(double value) => (float)value < value ? MathF.BitIncrement((float)value) : (float)value;

    /// <summary>The smallest number of single precision that is not below a value.</summary>
    private static GraphValue RoundedUp(GraphValue value)
    {
        GraphValue nearest = value.ToSingle();
        GraphValue back = nearest.ToDouble();
        return GraphValue.Where(back.Less(value), (back + (back.Abs() * HalfStep)).ToSingle(), nearest);
    }

    /// <summary>Whether the range depends on known parameters.</summary>
    private static bool Depends(Prior prior, int parameter, int[] known) => prior switch
    {
        ProductPrior product => Depends(
            product.Parts[product.PartOf(parameter)], parameter - StartOf(product, parameter), Inside(product, parameter, known)),
        DirichletPrior => known.Length > 0,
        ConstrainedPrior constrained => Depends(constrained.Inner, parameter, known) || constrained.Constraints
            .Select(constraint => new BoundConstraint(constraint, prior.Parameters))
            .Where(constraint => constraint.Terms.Any(term => term.Parameter == parameter))
            .SelectMany(constraint => constraint.Terms)
            .Any(term => known.Contains(term.Parameter)
                || (term.Parameter != parameter && Depends(constrained.Inner, term.Parameter, known))),
        _ => false,
    };

    private (GraphValue Low, GraphValue High) Range(Prior prior, int parameter, Dictionary<int, GraphValue> known)
    {
        switch (prior)
        {
            case ProductPrior product:
                int start = StartOf(product, parameter);
                int[] inside = Inside(product, parameter, [.. known.Keys]);
                return Range(
                    product.Parts[product.PartOf(parameter)], parameter - start,
                    inside.ToDictionary(k => k, k => known[k + start]));
            case DirichletPrior:
                GraphValue left = zeros.Number(1);
                foreach (int k in known.Keys.Order().Where(k => k != parameter))
                {
                    left -= known[k];
                }

                return (zeros.Number(0), left);
            case ConstrainedPrior constrained:
                (GraphValue Low, GraphValue High) range = Range(constrained.Inner, parameter, known);
                foreach (BoundConstraint constraint in constrained.Constraints.Select(one => new BoundConstraint(one, prior.Parameters)))
                {
                    range = Range(constraint, constrained.Inner, parameter, known, range);
                }

                return range;
            default:
                (double low, double high) = prior.Range(parameter);
                return (zeros.Number(low), zeros.Number(high));
        }
    }

    private (GraphValue Low, GraphValue High) Range(
        BoundConstraint constraint, Prior prior, int parameter, Dictionary<int, GraphValue> known, (GraphValue Low, GraphValue High) range)
    {
        double own = 0;
        GraphValue low = zeros.Number(0);
        GraphValue high = low;
        foreach ((int k, double coefficient) in constraint.Terms)
        {
            if (k == parameter)
            {
                own = coefficient;
                continue;
            }

            (GraphValue a, GraphValue b) = known.TryGetValue(k, out GraphValue value) ? (value, value) : Range(prior, k, known);
            low += coefficient * (coefficient > 0 ? a : b);
            high += coefficient * (coefficient > 0 ? b : a);
        }

        if (own == 0)
        {
            return range;
        }

        GraphValue first = (constraint.Constraint.Above - high) / own;
        GraphValue second = (constraint.Constraint.Below - low) / own;
        return own > 0
            ? (range.Low.Largest(first), range.High.Smallest(second))
            : (range.Low.Largest(second), range.High.Smallest(first));
    }

    /// <summary>Number of the first parameter of the part that holds a parameter.</summary>
    private static int StartOf(ProductPrior product, int parameter) =>
        Enumerable.Range(0, parameter + 1).First(k => product.PartOf(k) == product.PartOf(parameter));

    /// <summary>Numbers within the part, of the known parameters that are in the same part.</summary>
    private static int[] Inside(ProductPrior product, int parameter, int[] known) =>
    [
        .. known.Where(k => product.PartOf(k) == product.PartOf(parameter)).Select(k => k - StartOf(product, parameter)),
    ];
}
