using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;
using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Fits;

/// <summary>Data that a family is fitted to, with their likelihood around every centre asked for.</summary>
/// <param name="data">The data, each event with the fold that scores it.</param>
/// <param name="expansions">The family's expansions.</param>
/// <param name="hasOneSegment">Whether one segment is the whole family.</param>
internal sealed class FamilyData(FoldedEvents data, FamilyExpansions expansions, bool hasOneSegment)
{
    // A minimum further from the centre than this is fitted again around a nearer one.
    private const double Inner = 0.75;

    private readonly List<FamilyMinimum> _minima = [];
    private readonly List<(FamilyExpansion Expansion, Likelihood Likelihood, float[] Coefficients)> _likelihoods = [];

    public EventTable Events => data.Events;

    /// <summary>Expansion around a centre, and likelihood and coefficients of the data there.</summary>
    public (FamilyExpansion Expansion, Likelihood Likelihood, float[] Coefficients) At(double[] centre)
    {
        int at = _likelihoods.FindIndex(known => known.Expansion.Centre.SequenceEqual(centre));
        if (at < 0)
        {
            FamilyExpansion expansion = expansions.At(centre);
            float[] coefficients = expansion.Coefficients(data.Events, data.FoldOf);
            _likelihoods.Add((expansion, expansion.Of(Events, coefficients), coefficients));
            at = _likelihoods.Count - 1;
        }

        return _likelihoods[at];
    }

    /// <summary>The minimum within the segment around a centre, found once: a segment is so narrow that it has one, but where it is the
    /// whole family.</summary>
    /// <exception cref="FitException">None was found.</exception>
    public FamilyMinimum Minimise(double[] centre, IReadOnlyList<double> theta, double fraction)
    {
        if (!hasOneSegment && _minima.Find(known => known.Centre.SequenceEqual(centre)) is { } before)
        {
            return before;
        }

        (FamilyExpansion expansion, Likelihood likelihood, _) = At(centre);
        BoxMinimum found = expansion.Fits(likelihood, theta, fraction).Best;
        var minimum = new FamilyMinimum
        {
            Theta = expansion.ThetaAt(found.Parameters),
            Fraction = found.Parameters[0],
            TwiceNll = found.Value,
            Centre = centre,
            IsInner = found.Parameters.Skip(1).All(coordinate => Math.Abs(coordinate) < Inner),
        };
        _minima.Add(minimum);
        return minimum;
    }
}
