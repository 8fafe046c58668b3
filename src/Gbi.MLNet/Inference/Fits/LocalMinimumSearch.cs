using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Minima;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Fits;

/// <summary>Options of the search for lower local minima: how many starts, and where.</summary>
/// <remarks>
/// A free parameter starts at a uniform number: within <see cref="HalfWidth"/> widths of its constraint where it has one, else between its
/// bounds where both are finite, else within <see cref="HalfWidth"/> errors of its best value. It stays at the latter where that error is
/// not defined either. Bounds always hold.
/// </remarks>
public sealed record LocalMinimumSearchOptions
{
    /// <summary>Fits besides that from the initial values. Range: 1 or more.</summary>
    public int Starts
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(Starts), value, "Starts must be 1 or more: it counts fits from drawn points.");
    } = 20;

    /// <summary>Half the range of a drawn parameter, in widths or errors. Range: above 0.</summary>
    public double HalfWidth
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(HalfWidth), value, "HalfWidth must be above 0 and finite: starts are drawn that many widths around a value.");
    } = 5;
}

/// <summary>A minimum and how many fits ended there.</summary>
/// <param name="Minimum">The first of these fits.</param>
/// <param name="Fits">How many fits ended there. Range: 1 or more.</param>
public sealed record LocalMinimum(BoxMinimum Minimum, int Fits);

/// <summary>The minima that fits from several starts found.</summary>
public sealed record LocalMinimumSearch
{
    /// <summary>Distinct minima, the lowest first. Two are the same where values agree and no parameter differs by a hundredth of its
    /// error.</summary>
    public required IReadOnlyList<LocalMinimum> Minima { get; init; }

    /// <summary>Why fits failed, one sentence for each that did.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>By how much the lowest minimum is below the one from the initial values: 0 where that was it; NaN where that fit
    /// failed.</summary>
    public required double Gain { get; init; }

    /// <summary>How many fits ended at the lowest minimum.</summary>
    public int AtLowest => Minima[0].Fits;

    /// <summary>How many fits ended at higher minima.</summary>
    public int AtHigher => Minima.Skip(1).Sum(minimum => minimum.Fits);

    /// <summary>How many fits failed.</summary>
    public int Failed => Failures.Count;

    /// <summary>The counts in one sentence.</summary>
    public override string ToString() => Text(
        $"Of {AtLowest + AtHigher + Failed} fits {AtLowest} ended at the lowest minimum, {Minima[0].Minimum.Value:G8}, {AtHigher} at "
            + $"{Minima.Count - 1} others and {Failed} failed.");
}

/// <summary>Where fits that look for lower minima start.</summary>
internal sealed class SearchStarts
{
    private readonly IReadOnlyList<FitParameter> _parameters;
    private readonly LocalMinimumSearchOptions _options;
    private readonly Seed _seed;

    /// <summary>Starts for the free ones of some parameters.</summary>
    public SearchStarts(IReadOnlyList<FitParameter> parameters, LocalMinimumSearchOptions options, Seed seed) =>
        (_parameters, _options, _seed) = (parameters, options, seed.Child("starts"));

    /// <summary>The start with a given number; it does not depend on earlier draws.</summary>
    /// <param name="number">Number of the start.</param>
    /// <param name="around">All parameters at the first fit's end.</param>
    /// <param name="errors">Their errors; NaN where there is none.</param>
    public double[] Draw(int number, IReadOnlyList<double> around, IReadOnlyList<double> errors)
    {
        double[] start = [.. around];
        for (int i = 0; i < start.Length; i++)
        {
            if (!_parameters[i].IsFixed)
            {
                (double low, double high) = Range(_parameters[i], around[i], errors[i]);
                start[i] = low + ((high - low) * _seed.Child(number).Uniform(i));
            }
        }

        return start;
    }

    private (double Low, double High) Range(FitParameter parameter, double best, double error)
    {
        if (parameter.Constraint is { } constraint)
        {
            return Inside(constraint.BestValue, constraint.Width);
        }

        return double.IsFinite(parameter.Lower) && double.IsFinite(parameter.Upper)
            ? (parameter.Lower, parameter.Upper)
            : Inside(best, double.IsNaN(error) ? 0 : error);

        (double Low, double High) Inside(double centre, double unit) => (
            Math.Clamp(centre - (_options.HalfWidth * unit), parameter.Lower, parameter.Upper),
            Math.Clamp(centre + (_options.HalfWidth * unit), parameter.Lower, parameter.Upper));
    }
}

/// <summary>Distinct minima of a function, as fits find them.</summary>
internal sealed class DistinctMinima(ISmoothFunction twiceNll, int[] free)
{
    // Values that agree within this, relative and in units of −2 ln L, and parameters within this share of their errors are the same.
    private const double SameValue = 1e-9;
    private const double SameUnits = 1e-6;
    private const double SameErrors = 0.01;

    private readonly List<(BoxMinimum Minimum, double[] Errors, int Fits)> _entries = [];

    /// <summary>The minima, the lowest first; of equal ones that found first.</summary>
    public IReadOnlyList<LocalMinimum> Lowest =>
        [.. _entries.OrderBy(entry => entry.Minimum.Value).Select(entry => new LocalMinimum(entry.Minimum, entry.Fits))];

    /// <summary>Counts a fit at the minimum where it ended.</summary>
    public void Add(BoxMinimum found)
    {
        int at = _entries.FindIndex(entry => IsSame(entry.Minimum, entry.Errors, found));
        if (at >= 0)
        {
            _entries[at] = _entries[at] with { Fits = _entries[at].Fits + 1 };
        }
        else
        {
            _entries.Add((found, HessianErrors.At(twiceNll, [.. found.Parameters], free).Errors, 1));
        }
    }

    private bool IsSame(BoxMinimum known, double[] errors, BoxMinimum found) =>
        Math.Abs(known.Value - found.Value) <= SameUnits + (SameValue * Math.Abs(known.Value))
        && Array.TrueForAll(
            free, i => double.IsNaN(errors[i]) || Math.Abs(known.Parameters[i] - found.Parameters[i]) <= SameErrors * errors[i]);
}
