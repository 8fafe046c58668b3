using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>Distinct minima of a function, as fits find them.</summary>
internal sealed class ValleyList(ISmoothFunction twiceNll, int[] free)
{
    // Values that agree within this, relative and in units of −2 ln L, and parameters within this share of their errors are the same.
    private const double SameValue = 1e-9;
    private const double SameUnits = 1e-6;
    private const double SameErrors = 0.01;

    private readonly List<(BoxMinimum Minimum, double[] Errors, int Fits)> _entries = [];

    /// <summary>The minima, the lowest first; of equal ones that found first.</summary>
    public IReadOnlyList<Valley> Lowest =>
        [.. _entries.OrderBy(entry => entry.Minimum.Value).Select(entry => new Valley(entry.Minimum, entry.Fits))];

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
