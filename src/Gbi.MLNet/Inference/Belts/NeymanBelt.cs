using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Inference.Belts;

/// <summary>Which values of μ̂ are accepted at a true μ.</summary>
public enum NeymanOrdering
{
    /// <summary>All but the lowest and the highest (1 − CL)/2: two-sided intervals.</summary>
    Central,

    /// <summary>All but the lowest 1 − CL: upper limits.</summary>
    UpperLimit,

    /// <summary>All but the highest 1 − CL: lower limits.</summary>
    LowerLimit,
}

/// <summary>How a belt of the estimator is built.</summary>
public sealed record NeymanBeltOptions
{
    /// <summary>Confidence level of the intervals. Range: (0, 1).</summary>
    public double ConfidenceLevel
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(ConfidenceLevel), value, "The confidence level must lie between 0 and 1.");
    } = Fits.ConfidenceLevel.OneSigma;

    /// <summary>Which values are accepted.</summary>
    public NeymanOrdering Ordering { get; init; } = NeymanOrdering.Central;

    /// <summary>Toys at each value of μ. Range: 10 or more.</summary>
    public int ToyCount
    {
        get;
        init => field = value >= 10 ? value : throw new ArgumentOutOfRangeException(
            nameof(ToyCount), value, "ToyCount must be 10 or more: fewer toys have no quantiles.");
    } = 1000;
}

/// <summary>One true μ of a belt.</summary>
/// <param name="Mu">μ.</param>
/// <param name="Lowest">The lowest accepted μ̂; null where there is none.</param>
/// <param name="Highest">The highest accepted μ̂; null where there is none.</param>
/// <param name="ToyCount">Number of toys drawn.</param>
/// <param name="Failures">The toys whose fits failed; they are in no quantile.</param>
public sealed record NeymanBeltRow(
    double Mu, ToyQuantile? Lowest, ToyQuantile? Highest, int ToyCount, IReadOnlyList<ToyFailure> Failures);

/// <summary>
/// Acceptance regions of the estimator μ̂ for values of the true μ, from toys whose nuisance parameters are at their best for the observed
/// data. An observed μ̂ has the interval of those μ that accept it.
/// </summary>
/// <remarks>
/// Neyman, Phil. Trans. R. Soc. A 236 (1937) 333. Where μ̂ gathers at a bound its region has no lowest value but the bound, and intervals
/// near it may be empty: <see cref="FeldmanCousins"/> orders by the likelihood ratio and has none of that.
/// </remarks>
public sealed class NeymanBelt
{
    private readonly double _lower;
    private readonly double _upper;

    private NeymanBelt(NeymanBeltOptions options, IReadOnlyList<NeymanBeltRow> rows, FitParameter mu) =>
        (Options, Rows, _lower, _upper) = (options, rows, mu.Lower, mu.Upper);

    /// <summary>How it was built.</summary>
    public NeymanBeltOptions Options { get; }

    /// <summary>The values of μ, ascending.</summary>
    public IReadOnlyList<NeymanBeltRow> Rows { get; }

    /// <summary>Builds a belt. The toys at a μ depend on the seed and on that μ alone.</summary>
    /// <param name="model">The model; unbinned channels have reference samples.</param>
    /// <param name="observed">The observed data, to which the toys' nuisance parameters are fitted.</param>
    /// <param name="mus">Values of the true μ, ascending, two or more.</param>
    /// <param name="options">Confidence level, ordering, number of toys.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between toys.</param>
    /// <exception cref="FitException">The observed data cannot be fitted, no toys can be drawn, or all toys of a μ fail.</exception>
    public static NeymanBelt Build(
        LikelihoodModel model,
        ModelData observed,
        IReadOnlyList<double> mus,
        NeymanBeltOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(mus);
        ArgumentNullException.ThrowIfNull(options);
        FitParameter parameter = model.Parameters[ProfileLikelihood.RequireParameterOfInterest(model)];
        IReadOnlyList<double> grid = BeltGrid.Require(mus);
        var rows = new NeymanBeltRow[grid.Count];
        for (int at = 0; at < rows.Length; at++)
        {
            var toys = new ProfiledToys(model, observed, grid[at], seed.Child(BitConverter.DoubleToInt64Bits(grid[at])));
            (double[] muHat, ToyFailure[] failures) = toys.Estimate(
                options.ToyCount, PartialProgress.Of(progress, (double)at / rows.Length, 1.0 / rows.Length), cancellation);
            double outside = (1 - options.ConfidenceLevel) / (options.Ordering == NeymanOrdering.Central ? 2 : 1);
            rows[at] = new NeymanBeltRow(
                grid[at],
                options.Ordering == NeymanOrdering.LowerLimit ? null : ToyQuantile.Of(muHat, outside),
                options.Ordering == NeymanOrdering.UpperLimit ? null : ToyQuantile.Of(muHat, 1 - outside),
                options.ToyCount,
                failures);
        }

        return new NeymanBelt(options, rows, parameter);
    }

    /// <summary>The values of μ that accept an observed μ̂; ends between two values by linear interpolation of the regions' ends.</summary>
    /// <exception cref="FitException">No value accepts it.</exception>
    public BeltInterval Invert(double muHat) =>
        BeltPoint.Invert([.. Rows.Select(row => PointOf(row, muHat))], _lower, _upper, Options.ConfidenceLevel);

    /// <summary>By how much μ̂ lies inside: its distance to the nearer end of the region.</summary>
    private static BeltPoint PointOf(NeymanBeltRow row, double muHat)
    {
        double above = muHat - row.Lowest?.Value ?? double.PositiveInfinity;
        double below = row.Highest?.Value - muHat ?? double.PositiveInfinity;
        return above <= below
            ? new BeltPoint(row.Mu, above, row.Lowest!.Value.Error)
            : new BeltPoint(row.Mu, below, row.Highest!.Value.Error);
    }
}
