using Gbi.Ratios.Families;
using Gbi.Searches.Options;

namespace Gbi.Searches.Family.Fits;

/// <summary>The expansions of a family around the centres in use, the latest remembered.</summary>
/// <param name="family">The family.</param>
/// <param name="options">How many are remembered, and how many reference events each has.</param>
/// <param name="background">The background events that estimates rest on.</param>
internal sealed class FamilyExpansions(CrossFittedFamily family, FamilyFitOptions options, FoldedEvents background)
{
    private readonly List<FamilyExpansion> _known = [];

    /// <summary>The expansion around a centre.</summary>
    /// <param name="centre">The centre, in θ.</param>
    public FamilyExpansion At(double[] centre)
    {
        lock (_known)
        {
            int at = _known.FindIndex(known => known.Centre.SequenceEqual(centre));
            FamilyExpansion expansion = at >= 0
                ? _known[at]
                : new FamilyExpansion(family, centre, options.ReferenceEvents, background);
            if (at >= 0)
            {
                _known.RemoveAt(at);
            }

            // The latest first, so that those long unused are forgotten.
            _known.Insert(0, expansion);
            if (_known.Count > options.RememberedCentres)
            {
                _known.RemoveAt(_known.Count - 1);
            }

            return expansion;
        }
    }
}
