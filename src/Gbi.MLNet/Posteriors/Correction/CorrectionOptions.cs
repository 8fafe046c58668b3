using Gbi.Events;

namespace Gbi.Posteriors.Correction;

/// <summary>ln p(x|θ) of one observation x at many points θ.</summary>
/// <param name="parameters">
/// A column a parameter; points where the prior has density, at most 4,096 rows. Several threads call it at once with other rows: a
/// likelihood that cannot bear that takes a lock.
/// </param>
/// <returns>
/// One number a row, in any order of magnitude: −∞ where the likelihood is 0. A NaN or +∞ is counted and has weight 0. Normalised in x
/// where the evidence matters; a factor that does not depend on θ changes nothing else.
/// </returns>
public delegate double[] LogLikelihood(EventTable parameters);

/// <summary>How many points a correction draws, and where.</summary>
public sealed record CorrectionOptions
{
    /// <summary>
    /// Points are drawn until they are worth so many independent draws. A fifth of them can be drawn as equally weighted ones.
    /// Range: 1 or more.
    /// </summary>
    public double EffectiveSize
    {
        get;
        init => field = value >= 1 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(EffectiveSize), value, "EffectiveSize must be 1 or more: points are drawn until they are worth so many.");
    } = 50_000;

    /// <summary>
    /// Points that are drawn at most, each with one value of the likelihood; those of sources that were given up are among them.
    /// Range: 1 or more.
    /// </summary>
    public int MaxDraws
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxDraws), value, "MaxDraws must be 1 or more: it counts the points that are weighted.");
    } = 1_000_000;

    /// <summary>
    /// δ, the share of points that are drawn from the prior: weights are at most p(x|θ)/δ, and nothing of the prior is missed for ever.
    /// At 0 what the posterior leaves out stays left out, and its density is never replaced by one nearer to the exact posterior.
    /// Range: [0, 1).
    /// </summary>
    public double PriorFraction
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(PriorFraction), value, "PriorFraction must be from 0 to below 1: it is the share of points drawn from the prior.");
    } = 0.05;
}
