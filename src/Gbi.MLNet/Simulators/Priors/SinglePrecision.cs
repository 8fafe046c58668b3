using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors;

/// <summary>Parameters are carried as single-precision numbers: which of them a value becomes, and whether there are enough.</summary>
internal static class SinglePrecision
{
    private const double FewestSteps = 1000;

    /// <summary>The nearest single-precision number within a range.</summary>
    public static float Within(double value, (double Low, double High) range)
    {
        float rounded = (float)value;
        return rounded < range.Low ? MathF.BitIncrement(rounded) : rounded > range.High ? MathF.BitDecrement(rounded) : rounded;
    }

    /// <summary>The largest single-precision number that is not above a value.</summary>
    public static float AtMost(double value)
    {
        float rounded = (float)value;
        return rounded > value ? MathF.BitDecrement(rounded) : rounded;
    }

    /// <summary>The distance of neighbouring numbers at a value.</summary>
    public static double Step(double value)
    {
        float rounded = MathF.Abs((float)value);
        return (double)MathF.BitIncrement(rounded) - rounded;
    }

    /// <summary>Refuses a width over which there are too few numbers, or none, at a value.</summary>
    /// <exception cref="ArgumentException">There are fewer than 1,000.</exception>
    public static void Require(string parameter, double width, double at)
    {
        if (!(Math.Abs(at) + width < float.MaxValue))
        {
            throw new ArgumentException(Text(
                $"Parameter '{parameter}' takes values near {Math.Max(Math.Abs(at), width):G4}, beyond single precision; change its ")
                + "unit.");
        }

        double steps = width / Step(at);
        if (!(steps >= FewestSteps))
        {
            throw new ArgumentException(Text(
                $"Parameter '{parameter}' varies by {width:G4} at {at}, where single precision, which carries parameters, has ")
                + Text($"{steps:F0} numbers, expected {FewestSteps:N0} or more; subtract an offset from the parameter."));
        }
    }
}
