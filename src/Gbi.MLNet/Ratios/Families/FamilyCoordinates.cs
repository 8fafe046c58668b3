using Gbi.Events;

namespace Gbi.Ratios.Families;

/// <summary>
/// Coordinates u of a family's parameters θ, u = ln θ or θ, their range, and the local coordinates t = (u − u_c)/h in the segment around a
/// centre, from −1 to 1, with the half-width h.
/// </summary>
internal sealed class FamilyCoordinates
{
    /// <summary>Coordinates from their parts.</summary>
    public FamilyCoordinates(
        IReadOnlyList<string> names, bool isLogarithmic, bool isInterchangeable, double share, double[] low, double[] high)
    {
        (Names, IsLogarithmic, IsInterchangeable, Share, Low, High) = (names, isLogarithmic, isInterchangeable, share, low, high);
        HalfWidths = [.. low.Select((lowest, p) => share * (high[p] - lowest))];
    }

    public IReadOnlyList<string> Names { get; }

    public bool IsLogarithmic { get; }

    public bool IsInterchangeable { get; }

    /// <summary>The half-width of a segment as a share of the range.</summary>
    public double Share { get; }

    /// <summary>Lowest u of each parameter.</summary>
    public double[] Low { get; }

    /// <summary>Highest u of each parameter.</summary>
    public double[] High { get; }

    /// <summary>The half-width of a segment of each parameter, in u.</summary>
    public double[] HalfWidths { get; }

    /// <summary>Whether one segment is the whole range.</summary>
    public bool IsWhole => Share == 0.5;

    /// <summary>Coordinates over the range that signal events cover.</summary>
    /// <exception cref="DataException">A parameter is missing, not positive where its logarithm is taken, or the same
    /// everywhere.</exception>
    public static FamilyCoordinates Of(EventTable signal, IReadOnlyList<string> names, SignalFamilyOptions options)
    {
        if (names.Count == 0 || (options.IsInterchangeable && names.Count != 2))
        {
            throw new ArgumentException(
                $"The family has {names.Count} parameters, expected "
                    + $"{(options.IsInterchangeable ? "two that are interchangeable" : "one or more")}.",
                nameof(names));
        }

        double[] low = new double[names.Count];
        double[] high = new double[names.Count];
        for (int p = 0; p < names.Count; p++)
        {
            (low[p], high[p]) = Range(signal[names[p]], names[p], options.IsLogarithmic);
        }

        if (options.IsInterchangeable)
        {
            (low[0], high[0]) = (low[1], high[1]) = (low.Min(), high.Max());
        }

        return new FamilyCoordinates([.. names], options.IsLogarithmic, options.IsInterchangeable, options.HalfWidth, low, high);
    }

    public double U(double theta) => IsLogarithmic ? Math.Log(theta) : theta;

    public double Theta(double u) => IsLogarithmic ? Math.Exp(u) : u;

    /// <summary>θ in the order that the family was learnt in.</summary>
    public double[] Ordered(IReadOnlyList<double> theta) =>
        IsInterchangeable && theta[0] < theta[1] ? [theta[1], theta[0]] : [.. theta];

    /// <summary>θ of each signal event, in the order that the family was learnt in.</summary>
    public double[][] Ordered(EventTable signal)
    {
        ReadOnlyMemory<float>[] columns = [.. Names.Select(signal.Memory)];
        return [.. Enumerable.Range(0, signal.Count).Select(row => Ordered([.. columns.Select(column => (double)column.Span[row])]))];
    }

    /// <summary>t of θ in the segment around a centre.</summary>
    public double[] Local(IReadOnlyList<double> theta, IReadOnlyList<double> centre) =>
        [.. theta.Select((value, p) => (U(value) - U(centre[p])) / HalfWidths[p])];

    /// <summary>θ at t of a segment.</summary>
    public double At(int parameter, double local, IReadOnlyList<double> centre) =>
        Theta(U(centre[parameter]) + (local * HalfWidths[parameter]));

    /// <summary>∂θ/∂t.</summary>
    public double Slope(int parameter, double theta) => HalfWidths[parameter] * (IsLogarithmic ? theta : 1);

    /// <summary>The part of a segment that lies in the range of the family, in t: at most from −1 to 1.</summary>
    public (double Lower, double Upper) Bounds(int parameter, IReadOnlyList<double> centre)
    {
        double u = U(centre[parameter]);
        return (Math.Max(-1, (Low[parameter] - u) / HalfWidths[parameter]), Math.Min(1, (High[parameter] - u) / HalfWidths[parameter]));
    }

    private static (double Low, double High) Range(ReadOnlySpan<float> values, string name, bool isLogarithmic)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (float value in values)
        {
            if (!float.IsFinite(value) || (isLogarithmic && value <= 0))
            {
                throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"The parameter '{name}' of a signal event is {value}, expected a finite "
                        + $"number{(isLogarithmic ? " above 0, as its logarithm is taken; choose IsLogarithmic = false" : "")}."));
            }

            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return low < high
            ? isLogarithmic ? (Math.Log(low), Math.Log(high)) : (low, high)
            : throw new DataException(
                $"The parameter '{name}' is the same in all {values.Length:N0} signal events; a family needs several points.");
    }
}
