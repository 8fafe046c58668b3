using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Constraints;

/// <summary>A condition on a point: values in the order of the prior's parameters.</summary>
public delegate bool PointCondition(ReadOnlySpan<double> point);

/// <summary>A linear inequality of parameters, above &lt; Σ cₖ θₖ &lt; below; m1 > m2 is m1 − m2 above 0.</summary>
public sealed record LinearConstraint
{
    /// <summary>Coefficient cₖ of each parameter in the sum; finite, not 0.</summary>
    public required IReadOnlyDictionary<string, double> Sum
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value.Count > 0 && value.Values.All(one => double.IsFinite(one) && one != 0)
                ? value
                : throw new ArgumentException(
                    "The sum of a constraint has no parameter, or a coefficient that is 0 or not finite; give one a parameter.");
        }
    }

    /// <summary>What the sum has to exceed; −∞ for no limit.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>What the sum has to stay below; ∞ for no limit.</summary>
    public double Below { get; init; } = double.PositiveInfinity;

    /// <summary>The inequality, such as "0 &lt; m1 - 2 m2".</summary>
    public override string ToString()
    {
        string sum = string.Join(" ", Sum.Select((term, at) =>
            (term.Value < 0 ? "- " : at > 0 ? "+ " : "") + (Math.Abs(term.Value) == 1 ? "" : Text($"{Math.Abs(term.Value)} ")) + term.Key));
        return (double.IsFinite(Above) ? Text($"{Above} < ") : "") + sum + (double.IsFinite(Below) ? Text($" < {Below}") : "");
    }
}

/// <summary>A linear inequality of the parameters of a prior, by their numbers.</summary>
internal sealed class BoundConstraint
{
    private readonly (int Parameter, double Coefficient)[] _terms;

    /// <exception cref="ArgumentException">A parameter is unknown, or no number is between the limits.</exception>
    public BoundConstraint(LinearConstraint constraint, IReadOnlyList<string> parameters)
    {
        ArgumentNullException.ThrowIfNull(constraint);
        Constraint = constraint;
        if (!(constraint.Above < constraint.Below) || (double.IsInfinity(constraint.Above) && double.IsInfinity(constraint.Below)))
        {
            throw new ArgumentException(Text(
                $"The constraint on {string.Join(", ", constraint.Sum.Keys)} is above {constraint.Above} and below {constraint.Below}, ")
                + "expected one or both limits, the lower one first.");
        }

        List<string> known = [.. parameters];
        string? unknown = constraint.Sum.Keys.FirstOrDefault(name => !known.Contains(name));
        _terms = unknown is null
            ? [.. constraint.Sum.Select(term => (known.IndexOf(term.Key), term.Value))]
            : throw new ArgumentException(
                $"The constraint {constraint} names the parameter '{unknown}', which the prior lacks; it has "
                    + $"{string.Join(", ", parameters)}.");
    }

    public LinearConstraint Constraint { get; }

    public IReadOnlyList<(int Parameter, double Coefficient)> Terms => _terms;

    public bool Holds(ReadOnlySpan<double> point)
    {
        double sum = 0;
        foreach ((int parameter, double coefficient) in _terms)
        {
            sum += coefficient * point[parameter];
        }

        return sum > Constraint.Above && sum < Constraint.Below;
    }

    /// <summary>The range of a parameter that the inequality leaves, given some of the others and the ranges of the rest.</summary>
    public (double Low, double High) Range(int parameter, ReadOnlySpan<double> point, Prior prior, (double Low, double High) range)
    {
        double own = 0, low = 0, high = 0;
        foreach ((int k, double coefficient) in _terms)
        {
            if (k == parameter)
            {
                own = coefficient;
                continue;
            }

            (double a, double b) = double.IsNaN(point[k]) ? prior.Range(k, point) : (point[k], point[k]);
            low += coefficient * (coefficient > 0 ? a : b);
            high += coefficient * (coefficient > 0 ? b : a);
        }

        if (own == 0)
        {
            return range;
        }

        (double first, double second) = ((Constraint.Above - high) / own, (Constraint.Below - low) / own);
        return own > 0
            ? (Math.Max(range.Low, first), Math.Min(range.High, second))
            : (Math.Max(range.Low, second), Math.Min(range.High, first));
    }
}
