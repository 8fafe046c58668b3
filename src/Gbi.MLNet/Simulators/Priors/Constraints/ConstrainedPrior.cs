using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Constraints;

/// <summary>A prior where conditions hold, and 0 elsewhere; normalised by the probability that they hold.</summary>
internal sealed class ConstrainedPrior : Prior
{
    private const int MostDraws = 1_000_000;

    private readonly BoundConstraint[] _constraints;
    private readonly PointCondition[] _conditions;
    private readonly ConstraintProbability _probability;

    private ConstrainedPrior(Prior inner, IReadOnlyList<LinearConstraint> constraints, IReadOnlyList<PointCondition> conditions)
        : base(inner.Parameters)
    {
        Inner = inner;
        Constraints = constraints;
        _constraints = [.. constraints.Select(constraint => new BoundConstraint(constraint, inner.Parameters))];
        _conditions = [.. conditions];
        _probability = ConstraintProbability.Of(inner, _constraints, _conditions.Length == 0, Holds);
    }

    /// <summary>The prior without the conditions.</summary>
    public Prior Inner { get; }

    public IReadOnlyList<LinearConstraint> Constraints { get; }

    /// <summary>Whether a condition is code, which no document can hold.</summary>
    public bool HasConditions => _conditions.Length > 0;

    public override bool HasDensity => Inner.HasDensity;

    public override bool HasTransform => Inner.HasTransform;

    public override double LogDensityError =>
        Math.Sqrt((Inner.LogDensityError * Inner.LogDensityError) + (_probability.LogError * _probability.LogError));

    /// <summary>A prior with more conditions.</summary>
    public static Prior Of(Prior prior, IReadOnlyList<LinearConstraint> constraints, IReadOnlyList<PointCondition> conditions)
    {
        ArgumentNullException.ThrowIfNull(constraints);
        return constraints.Count + conditions.Count == 0 ? prior
            : prior is ConstrainedPrior before
                ? new ConstrainedPrior(before.Inner, [.. before.Constraints, .. constraints], [.. before._conditions, .. conditions])
                : new ConstrainedPrior(prior, constraints, conditions);
    }

    public override ParameterKind Kind(int parameter) => Inner.Kind(parameter);

    public override IReadOnlyList<double> Values(int parameter) => Inner.Values(parameter);

    public override void Draw(Random random, Span<double> point)
    {
        for (int draw = 0; draw < MostDraws; draw++)
        {
            Inner.Draw(random, point);
            if (Holds(point))
            {
                return;
            }
        }

        throw new DataException(Text(
            $"The constraints on {string.Join(", ", Parameters)} hold in none of {MostDraws:N0} draws of the prior; widen them."));
    }

    public override double LogDensity(ReadOnlySpan<double> point)
    {
        double inner = Inner.LogDensity(point);
        return double.IsNegativeInfinity(inner) || !Holds(point) ? double.NegativeInfinity : inner - _probability.LogValue;
    }

    public override bool Contains(ReadOnlySpan<double> point) => Inner.Contains(point) && Holds(point);

    public override (double Low, double High) Range(int parameter, ReadOnlySpan<double> point)
    {
        (double Low, double High) range = Inner.Range(parameter, point);
        foreach (BoundConstraint constraint in _constraints)
        {
            range = constraint.Range(parameter, point, Inner, range);
        }

        return range;
    }

    public override void ToUnbounded(ReadOnlySpan<double> point, Span<double> unbounded) => Inner.ToUnbounded(point, unbounded);

    public override double FromUnbounded(ReadOnlySpan<double> unbounded, Span<double> point) => Inner.FromUnbounded(unbounded, point);

    private bool Holds(ReadOnlySpan<double> point)
    {
        foreach (BoundConstraint constraint in _constraints)
        {
            if (!constraint.Holds(point))
            {
                return false;
            }
        }

        foreach (PointCondition condition in _conditions)
        {
            if (!condition(point))
            {
                return false;
            }
        }

        return true;
    }
}
