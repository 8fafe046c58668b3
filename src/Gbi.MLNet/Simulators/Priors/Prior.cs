using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Simulators.Priors;

/// <summary>How the values of a parameter are ordered.</summary>
public enum ParameterKind
{
    /// <summary>A real number.</summary>
    Continuous,

    /// <summary>A real number whose lowest and highest value are the same point, such as an angle.</summary>
    Periodic,

    /// <summary>One of a few ordered numbers, such as a count.</summary>
    Integer,

    /// <summary>One of a few numbers without order, such as a hypothesis.</summary>
    Category,
}

/// <summary>The prior density p(θ) of named parameters.</summary>
public abstract class Prior
{
    /// <summary>A prior of these parameters.</summary>
    protected Prior(IReadOnlyList<string> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
    }

    /// <summary>Names of the parameters, in order.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>How the values of a parameter are ordered.</summary>
    public virtual ParameterKind Kind(int parameter) => ParameterKind.Continuous;

    /// <summary>Draws one point.</summary>
    /// <param name="random">Where the random numbers come from.</param>
    /// <param name="point">Filled; one value a parameter.</param>
    public abstract void Draw(Random random, Span<double> point);

    /// <summary>ln p(θ); −∞ outside the support. For integers and categories p is a probability, not a density.</summary>
    public abstract double LogDensity(ReadOnlySpan<double> point);

    /// <summary>The range outside which a parameter has no prior density, whatever the other parameters are.</summary>
    public (double Low, double High) Range(int parameter)
    {
        Span<double> unknown = stackalloc double[Parameters.Count];
        unknown.Fill(double.NaN);
        return Range(parameter, unknown);
    }

    /// <summary>The range outside which a parameter has no prior density, given some of the others.</summary>
    /// <param name="parameter">Number of the parameter.</param>
    /// <param name="point">Values of the others; NaN where a value is not given.</param>
    public abstract (double Low, double High) Range(int parameter, ReadOnlySpan<double> point);

    /// <summary>Draws points; row i depends on the seed and on i alone. Values are rounded to single precision within the support.</summary>
    /// <returns>One column a parameter.</returns>
    public EventTable Draw(int count, Seed seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int width = Parameters.Count;
        float[][] columns = [.. Enumerable.Range(0, width).Select(_ => new float[count])];
        EventBlocks.ForEach(count, (start, length) =>
        {
            Span<double> point = stackalloc double[width];
            for (int row = start; row < start + length; row++)
            {
                Draw(seed.Child(row).CreateRandom(), point);
                for (int k = 0; k < width; k++)
                {
                    (double low, double high) = Range(k);
                    columns[k][row] = Rounded(point[k], low, high);
                }
            }
        }, blockSize: 256);
        return EventTable.FromColumns([.. Parameters.Select((name, k) => (name, columns[k]))]);
    }

    /// <summary>The nearest single-precision number within a range.</summary>
    private static float Rounded(double value, double low, double high)
    {
        float rounded = (float)value;
        return rounded < low ? MathF.BitIncrement(rounded) : rounded > high ? MathF.BitDecrement(rounded) : rounded;
    }
}
