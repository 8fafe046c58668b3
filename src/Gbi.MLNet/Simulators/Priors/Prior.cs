using Gbi.Events;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

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
/// <remarks>
/// The members of this class are those that simulation and inference use; the static ones make the priors that a JSON document can
/// describe. A prior of your own derives from it.
/// </remarks>
public abstract partial class Prior
{
    // Of redraws only because rounding left the support: a prior that needs so many has its mass where single precision has no numbers.
    private const int MostRedraws = 1000;

    /// <summary>A prior of these parameters.</summary>
    /// <exception cref="ArgumentException">There are none, or a name is empty or occurs twice.</exception>
    protected Prior(IReadOnlyList<string> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        string? twice = parameters.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (parameters.Count == 0 || parameters.Any(string.IsNullOrWhiteSpace) || twice is not null)
        {
            throw new ArgumentException(twice is null
                ? "A prior has a parameter without a name, or no parameter; name each."
                : $"Parameter '{twice}' is listed twice; list each parameter once.");
        }

        Parameters = [.. parameters];
    }

    /// <summary>Names of the parameters, in order.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>
    /// Whether ln p(θ) can be computed. It cannot where a prior is given by rows of a file: such a prior can be simulated from and a
    /// posterior q(θ|x) trained with it, but nothing that needs ln p(θ) works, such as importance weights, samplers of p(θ) p(x|θ),
    /// posteriors by ratios, or the information gain.
    /// </summary>
    public virtual bool HasDensity => true;

    /// <summary>
    /// Standard error of ln p(θ), the same for all θ, where its normalisation is estimated by draws; 0 where it is exact.
    /// </summary>
    public virtual double LogDensityError => 0;

    /// <summary>Whether the support can be mapped to ℝᵈ: every parameter is a real number with a density.</summary>
    public virtual bool HasTransform => HasDensity
        && Enumerable.Range(0, Parameters.Count).All(k => Kind(k) is ParameterKind.Continuous or ParameterKind.Periodic);

    /// <summary>How the values of a parameter are ordered.</summary>
    public virtual ParameterKind Kind(int parameter) => ParameterKind.Continuous;

    /// <summary>The values of an integer or a category, ascending; none for a real number.</summary>
    public virtual IReadOnlyList<double> Values(int parameter) => [];

    /// <summary>Draws one point.</summary>
    /// <param name="random">Where the random numbers come from.</param>
    /// <param name="point">Filled; one value a parameter.</param>
    public abstract void Draw(Random random, Span<double> point);

    /// <summary>ln p(θ); −∞ outside the support. For integers and categories p is a probability, not a density.</summary>
    /// <exception cref="DataException"><see cref="HasDensity"/> is false.</exception>
    public abstract double LogDensity(ReadOnlySpan<double> point);

    /// <summary>Whether a point is in the support.</summary>
    public virtual bool Contains(ReadOnlySpan<double> point)
    {
        foreach (double value in point)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return !HasDensity || double.IsFinite(LogDensity(point));
    }

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
    /// <returns>Low above High where the given values leave none.</returns>
    public abstract (double Low, double High) Range(int parameter, ReadOnlySpan<double> point);

    /// <summary>
    /// Maps a point of the support to ℝᵈ: by ln((θ − low)/(high − θ)) between two bounds, by ln(θ − low) above one and −ln(high − θ) below
    /// one, as it is without. Shares of a Dirichlet density are mapped by stick breaking. Constraints are left aside: beyond them ln p is
    /// −∞.
    /// </summary>
    /// <param name="point">θ, inside the support.</param>
    /// <param name="unbounded">Filled with u; one number a parameter.</param>
    /// <exception cref="DataException"><see cref="HasTransform"/> is false.</exception>
    public virtual void ToUnbounded(ReadOnlySpan<double> point, Span<double> unbounded)
    {
        RequireTransform();
        for (int k = 0; k < point.Length; k++)
        {
            unbounded[k] = UnboundedMap.To(point[k], Range(k));
        }
    }

    /// <summary>Maps a point of ℝᵈ into the support, the inverse of <see cref="ToUnbounded"/>.</summary>
    /// <param name="unbounded">u; one finite number a parameter.</param>
    /// <param name="point">Filled with θ.</param>
    /// <returns>ln |∂θ/∂u|: the density of u is p(θ) |∂θ/∂u|.</returns>
    /// <exception cref="DataException"><see cref="HasTransform"/> is false.</exception>
    public virtual double FromUnbounded(ReadOnlySpan<double> unbounded, Span<double> point)
    {
        RequireTransform();
        double logJacobian = 0;
        for (int k = 0; k < unbounded.Length; k++)
        {
            point[k] = UnboundedMap.From(unbounded[k], Range(k), out double term);
            logJacobian += term;
        }

        return logJacobian;
    }

    /// <summary>
    /// Draws points; row i depends on the seed and on i alone. Values are rounded to single precision within the support: a point that
    /// rounding takes out of it is drawn again.
    /// </summary>
    /// <returns>One column a parameter.</returns>
    /// <exception cref="DataException">No point of the support is found.</exception>
    public EventTable Draw(int count, Seed seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int width = Parameters.Count;
        float[][] columns = [.. Enumerable.Range(0, width).Select(_ => new float[count])];
        (double Low, double High)[] ranges = [.. Enumerable.Range(0, width).Select(Range)];
        EventBlocks.ForEach(count, (start, length) =>
        {
            Span<double> point = stackalloc double[width];
            for (int row = start; row < start + length; row++)
            {
                DrawRounded(seed.Child(row).CreateRandom(), ranges, point);
                for (int k = 0; k < width; k++)
                {
                    columns[k][row] = (float)point[k];
                }
            }
        }, blockSize: 256);
        return EventTable.FromColumns([.. Parameters.Select((name, k) => (name, columns[k]))]);
    }

    /// <summary>ln p(θ) of each row; −∞ outside the support.</summary>
    /// <exception cref="DataException">A parameter is no column, or <see cref="HasDensity"/> is false.</exception>
    internal double[] LogDensities(EventTable points)
    {
        ReadOnlyMemory<float>[] columns = [.. Parameters.Select(points.Memory)];
        double[] densities = new double[points.Count];
        double[] point = new double[columns.Length];
        for (int row = 0; row < densities.Length; row++)
        {
            for (int k = 0; k < point.Length; k++)
            {
                point[k] = columns[k].Span[row];
            }

            double density = LogDensity(point);
            densities[row] = double.IsNaN(density) ? double.NegativeInfinity : density;
        }

        return densities;
    }

    private void DrawRounded(Random random, ReadOnlySpan<(double Low, double High)> ranges, Span<double> point)
    {
        for (int attempt = 0; attempt < MostRedraws; attempt++)
        {
            Draw(random, point);
            for (int k = 0; k < point.Length; k++)
            {
                point[k] = SinglePrecision.Within(point[k], ranges[k]);
            }

            if (Contains(point))
            {
                return;
            }
        }

        throw new DataException(Text(
            $"{MostRedraws:N0} draws of the prior of {string.Join(", ", Parameters)} all lie outside its support once they are rounded to ")
            + "single precision; widen the support, or change the unit or the origin of a parameter.");
    }

    private void RequireTransform()
    {
        if (!HasTransform)
        {
            throw new DataException(
                $"The prior of {string.Join(", ", Parameters)} has an integer, a category or rows of a file, which have no map to real "
                    + "numbers; use a method without gradients.");
        }
    }
}
