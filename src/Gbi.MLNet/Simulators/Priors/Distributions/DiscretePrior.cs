using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Distributions;

/// <summary>One of several numbers with their probabilities: ordered whole numbers, or categories.</summary>
internal sealed class DiscretePrior : Prior
{
    private const double LargestWhole = 1 << 24;
    private const double ProbabilityTolerance = 1e-6;

    private readonly ParameterKind _kind;
    private readonly float[] _values;
    private readonly double[] _probabilities;

    public DiscretePrior(string name, ParameterKind kind, IReadOnlyList<double> values, IReadOnlyList<double>? probabilities)
        : base([name])
    {
        ArgumentNullException.ThrowIfNull(values);
        _kind = kind;
        IsUniform = probabilities is null;
        probabilities ??= [.. values.Select(_ => 1.0 / values.Count)];
        RequireValues(name, values, probabilities);
        (float Value, double Probability)[] ordered =
            [.. values.Zip(probabilities, (value, probability) => ((float)value, probability)).OrderBy(one => one.Item1)];
        _values = [.. ordered.Select(one => one.Value)];
        double sum = probabilities.Sum();
        _probabilities = [.. ordered.Select(one => one.Probability / sum)];
    }

    /// <summary>Whether all values are equally probable.</summary>
    public bool IsUniform { get; }

    public IReadOnlyList<double> Probabilities => _probabilities;

    public override ParameterKind Kind(int parameter) => _kind;

    public override IReadOnlyList<double> Values(int parameter) => [.. _values.Select(value => (double)value)];

    public override (double Low, double High) Range(int parameter, ReadOnlySpan<double> point) => (_values[0], _values[^1]);

    public override void Draw(Random random, Span<double> point)
    {
        double left = random.NextDouble();
        int at = 0;
        while (at < _values.Length - 1 && left >= _probabilities[at])
        {
            left -= _probabilities[at++];
        }

        point[0] = _values[at];
    }

    public override double LogDensity(ReadOnlySpan<double> point)
    {
        int at = Array.BinarySearch(_values, (float)point[0]);
        return at >= 0 ? Math.Log(_probabilities[at]) : double.NegativeInfinity;
    }

    private void RequireValues(string name, IReadOnlyList<double> values, IReadOnlyList<double> probabilities)
    {
        if (values.Count < 2 || values.Select(value => (float)value).Distinct().Count() < values.Count)
        {
            throw new ArgumentException(
                $"Parameter '{name}' has {values.Count} values, some of them the same in single precision, or fewer than 2; give different "
                    + "ones.");
        }

        foreach (double value in values)
        {
            if (!float.IsFinite((float)value)
                || (_kind == ParameterKind.Integer && (value != Math.Round(value) || Math.Abs(value) > LargestWhole)))
            {
                throw new ArgumentException(Text(
                    $"Parameter '{name}' has the value {value}, expected {(_kind == ParameterKind.Integer ? "whole" : "finite")} numbers")
                    + (_kind == ParameterKind.Integer ? Text($" up to {LargestWhole:N0}.") : "."));
            }
        }

        if (probabilities.Count != values.Count || probabilities.Any(one => !(one > 0))
            || !(Math.Abs(probabilities.Sum() - 1) <= ProbabilityTolerance))
        {
            throw new ArgumentException(Text(
                $"Parameter '{name}' has {values.Count} values and {probabilities.Count} probabilities with sum {probabilities.Sum():G9}, ")
                + "expected one above 0 a value, with sum 1.");
        }
    }
}
