using Gbi.Events;

namespace Gbi.Ratios.Parametric;

/// <summary>
/// A density relative to nominal as a function of parameters, dσ(x|ν)/dσ(x|0) = exp Σ_A ν_A Δ_A(x), by trees or by a network, as used by
/// fits and the command line.
/// </summary>
public interface IParametricRatio
{
    /// <summary>Names of the features, in the order in which an event's values are given.</summary>
    IReadOnlyList<string> Features { get; }

    /// <summary>Names of the parameters ν.</summary>
    IReadOnlyList<string> Parameters { get; }

    /// <summary>The monomials ν_A, in the order of the coefficients.</summary>
    IReadOnlyList<Monomial> Monomials { get; }

    /// <summary>Δ_A of all events of a table, shape [events × monomials].</summary>
    /// <exception cref="DataException">A feature is not a column of the table, or a coefficient cannot be computed.</exception>
    float[] Coefficients(EventTable events);
}

/// <summary>What follows from the coefficients of a parametric ratio, whatever gives them.</summary>
internal static class ParametricRatioExtensions
{
    /// <summary>Δ_A of all events of a table, one column a monomial.</summary>
    /// <exception cref="DataException">A feature is not a column of the table, or a coefficient cannot be computed.</exception>
    public static float[][] Columns(this IParametricRatio ratio, EventTable events)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        return ColumnsOf(ratio.Coefficients(events), ratio.Monomials.Count);
    }

    /// <summary>The events with the columns Δ_A behind theirs.</summary>
    /// <param name="ratio">What gives the coefficients.</param>
    /// <param name="events">The events.</param>
    /// <param name="prefix">What stands before a monomial's name in the name of its column.</param>
    /// <exception cref="DataException">A feature is not a column of the table, or a coefficient cannot be computed.</exception>
    public static EventTable AppendTo(this IParametricRatio ratio, EventTable events, string prefix = ParametricRatio.ColumnPrefix)
    {
        ArgumentNullException.ThrowIfNull(events);
        float[][] columns = ratio.Columns(events);
        for (int a = 0; a < columns.Length; a++)
        {
            events = events.WithColumn(prefix + ratio.Monomials[a].Name, columns[a]);
        }

        return events;
    }

    /// <summary>ln dσ(x|ν)/dσ(x|0) of all events of a table at one point.</summary>
    /// <param name="ratio">What gives the coefficients.</param>
    /// <param name="events">The events.</param>
    /// <param name="nu">One value a parameter, in the order of <see cref="IParametricRatio.Parameters"/>.</param>
    /// <exception cref="ArgumentException">There is another number of parameters.</exception>
    /// <exception cref="DataException">A feature is not a column of the table, or a coefficient cannot be computed.</exception>
    public static float[] LogRatios(this IParametricRatio ratio, EventTable events, ReadOnlySpan<double> nu)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        double[] monomials = new ParameterPolynomial(ratio.Parameters, ratio.Monomials).At(nu);
        float[] coefficients = ratio.Coefficients(events);
        float[] logRatios = new float[coefficients.Length / monomials.Length];
        for (int row = 0; row < logRatios.Length; row++)
        {
            logRatios[row] = (float)ParametricRatio.Sum(monomials, coefficients.AsSpan(row * monomials.Length, monomials.Length));
        }

        return logRatios;
    }

    /// <summary>Rows [events × width] as columns.</summary>
    internal static float[][] ColumnsOf(float[] rows, int width)
    {
        float[][] columns = [.. Enumerable.Range(0, width).Select(_ => new float[rows.Length / width])];
        for (int i = 0; i < rows.Length; i++)
        {
            columns[i % width][i / width] = rows[i];
        }

        return columns;
    }
}
