using Gbi.Events;

namespace Gbi.Ratios;

/// <summary>
/// A learnt density ratio r(x) = p₁(x)/p₀(x), by trees or by networks, as used by closure tests, fits and the command line.
/// </summary>
public interface IDensityRatio
{
    /// <summary>Name of p₁.</summary>
    string Numerator { get; }

    /// <summary>Name of p₀.</summary>
    string Denominator { get; }

    /// <summary>Columns that an event needs, in the order in which its values are given.</summary>
    IReadOnlyList<string> Features { get; }

    /// <summary>Statistical error of the normalisation, that all events share as an error of ln r; 0 where none is known.</summary>
    double NormalisationError { get; }

    /// <summary>ln r of events that took no part in the training, the spread of the models and the error of their average.</summary>
    /// <exception cref="DataException">A feature is not a column of the table, or the ratio cannot be computed.</exception>
    RatioScores Score(EventTable events);
}
