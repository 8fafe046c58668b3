using Gbi.Events;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Searches.Family.Scans;
using Gbi.Searches.Options;

namespace Gbi.Searches.Family.Fits;

/// <summary>
/// Fits signal fraction μ and parameters θ of a family to data: a scan finds starts, and fits go from them, from one centre to the next,
/// until the minimum lies well inside a segment. Made once for a family, it keeps what does not depend on the data.
/// </summary>
/// <remarks>
/// Data are scored fold by fold, as the background was, so that both follow the same law and the normalisation κ(θ) = 1/E_B[r] holds for
/// them. The maximum of the learnt likelihood is as biased as the ratio is wrong; estimates and errors are those for which samples of the
/// fitted parameters have the mean score of the data. Method: arXiv:2506.00119.
/// </remarks>
public sealed class SignalFamilyFitter
{
    // A start that explains less than this share of what the best one does is hardly the way to a lower minimum.
    private const double LeastShare = 0.3;

    // Points of the scan are two half-widths apart: a neighbour of a minimum leads to it.
    private const double SameBasin = 3;

    private readonly CrossFittedFamily _family;
    private readonly FamilyFitOptions _options;
    private readonly Seed _seed;
    private readonly FamilyGrid _grid;
    private readonly Lazy<FoldedEvents> _background;
    private readonly Lazy<FamilyScan> _scan;
    private readonly Lazy<FamilyExpansions> _expansions;

    /// <summary>A fitter with the background that the family was learnt against as its reference.</summary>
    /// <param name="family">The family.</param>
    /// <param name="options">Scan and restarts.</param>
    /// <param name="seed">For the folds that score the data.</param>
    public SignalFamilyFitter(CrossFittedFamily family, FamilyFitOptions options, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(options);
        (_family, _options, _seed) = (family, options, seed);
        _grid = new FamilyGrid(family.Model.Coordinates);

        // Made at the first fit, when all options are set.
        _background = new(Background);
        _scan = new(() => new FamilyScan(Family, options.ScanEvents, _background.Value));
        _expansions = new(() => new FamilyExpansions(family, options, _background.Value));
    }

    /// <summary>The family.</summary>
    public SignalFamily Family => _family.Model;

    /// <summary>
    /// Simulates signal at given parameters, so many events as the estimates shall rest on: the same seed with other parameters may give
    /// the same random numbers. Null for the held-out signal events of the family near the fitted point, of which there must be many.
    /// </summary>
    public Func<IReadOnlyList<double>, Seed, EventTable>? Simulator { get; init; }

    /// <summary>
    /// Background events besides those that the family was learnt from, of the same law: estimates and errors rest on both, which costs no
    /// training.
    /// </summary>
    public EventTable? FurtherBackground { get; init; }

    /// <summary>
    /// Bootstrap members of the generator that made the background: ln of each one's density over that of the background's events,
    /// [members][events]. Their spread widens the errors of the estimates. Empty for none; not together with
    /// <see cref="FurtherBackground"/>.
    /// </summary>
    public IReadOnlyList<float[]> BackgroundMembers { get; init; } = [];

    /// <summary>Fits data.</summary>
    /// <exception cref="DataException">A feature is not a column of the data.</exception>
    /// <exception cref="FitException">No fit found a minimum.</exception>
    /// <exception cref="InvalidOperationException"><see cref="BackgroundMembers"/> are not of the background's events.</exception>
    public SignalFamilyFit Fit(EventTable data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (BackgroundMembers.Any(member => member.Length != _background.Value.Events.Count))
        {
            throw new InvalidOperationException(
                $"BackgroundMembers have {BackgroundMembers[0].Length:N0} events, expected one number for each of the "
                    + $"{_background.Value.Events.Count:N0} background events.");
        }

        FoldedEvents folded = FoldedOf(data);
        var scored = new FamilyData(folded, _expansions.Value, Family.Coordinates.IsWhole);
        IReadOnlyList<FamilyScanPoint> scan = _scan.Value.Run(folded);
        List<FamilyMinimum> minima = [];
        List<string> failures = [];
        List<FamilyScanPoint> started = [];
        foreach (FamilyScanPoint start in scan.Where((point, at) => at == 0 || point.Gain >= LeastShare * scan[0].Gain))
        {
            if (started.Count == _options.Restarts)
            {
                break;
            }

            if (started.Exists(before => IsNear(start.Theta, before.Theta)) || minima.Exists(minimum => IsNear(start.Theta, minimum.Theta)))
            {
                continue;
            }

            started.Add(start);
            TryDescend(scored, start.Theta, start.Fraction, minima, failures);
        }

        if (minima.Count == 0)
        {
            throw new FitException($"None of {failures.Count} fits found a minimum. The first: {failures[0]}");
        }

        FamilyMinimum lowest = minima.MinBy(minimum => minimum.TwiceNll)!;
        FamilyMinimum? swapped = Swapped(lowest) is { } theta ? TryDescend(scored, theta, lowest.Fraction, minima, failures) : null;
        FamilyMinimum best = minima.MinBy(minimum => minimum.TwiceNll)!;
        return new SignalFamilyFit(scored, best, Family, Calibrate(scored, best))
        {
            Scan = scan,
            Minima = [.. minima.OrderBy(minimum => minimum.TwiceNll)],
            Failures = failures,
            LabelSwap = swapped is null ? null : LabelSwap.Of(lowest, swapped, Family),
        };
    }

    /// <summary>By how much −2 ln L falls from no signal to the best point of a grid over the family, in data and in some data sets
    /// without signal, drawn from the background.</summary>
    /// <param name="data">The data.</param>
    /// <param name="count">How many data sets.</param>
    /// <param name="progress">Told the finished fraction.</param>
    /// <param name="cancellation">Stops between data sets.</param>
    /// <returns>What the data gain, and each data set; in units of one event of the same error where the data are weighted.</returns>
    internal (double Observed, double[] WithoutSignal) Gains(
        EventTable data, int count, IProgress<double>? progress, CancellationToken cancellation)
    {
        double squares = Enumerable.Range(0, data.Count).Sum(row => data.Weight(row) * data.Weight(row));
        double eventScale = squares / data.SumOfWeights;
        double expected = data.SumOfWeights / eventScale;
        FamilyToys toys = _scan.Value.ToysFor(FoldedOf(data), BackgroundMembers, cancellation);
        Seed seed = _seed.Child("toys");
        double[] gains = new double[count];
        int finished = 0;
        EventBlocks.ForEachIndex(count, toy =>
        {
            gains[toy] = toys.LargestGain(toy, expected, seed.Child(toy));
            progress?.Report((double)Interlocked.Increment(ref finished) / count);
        }, cancellation);
        return (toys.Observed / eventScale, gains);
    }

    private FoldedEvents FoldedOf(EventTable data) => new(data, _seed.Child("data").Folds(data.Count, Family.FoldCount));

    private FoldedEvents Background()
    {
        if (FurtherBackground is not { } further)
        {
            return new FoldedEvents(_family.Background, _family.FoldOf);
        }

        string[] features = [.. Family.Features];
        return new FoldedEvents(
            _family.Background.WithColumns(features).Append(further.WithColumns(features)),
            [.. _family.FoldOf, .. _seed.Child("further background").Folds(further.Count, Family.FoldCount)]);
    }

    /// <summary>The estimates by the samples; null where μ ended at a bound or the samples are too small.</summary>
    private FamilyEstimate? Calibrate(FamilyData data, FamilyMinimum best)
    {
        if (best.Fraction is <= 0 or >= 1 || (Simulator is null && !data.At(best.Centre).Expansion.Samples.IsEnough))
        {
            return null;
        }

        SignalSimulator? simulator = Simulator is { } draw ? new SignalSimulator(draw, _seed, Family.FoldCount) : null;
        return new FamilyEstimator(data, Family, simulator, BackgroundMembers).Solve(best);
    }

    // Fits from two points of one segment end at one minimum.
    private bool IsNear(IReadOnlyList<double> theta, IReadOnlyList<double> minimum) =>
        !Family.Coordinates.IsWhole && Family.LocalCoordinates(theta, minimum).All(coordinate => Math.Abs(coordinate) <= SameBasin);

    /// <summary>The other order of two parameters whose order means something, as far as the family goes.</summary>
    private double[]? Swapped(FamilyMinimum minimum)
    {
        FamilyCoordinates coordinates = Family.Coordinates;
        return coordinates.IsInterchangeable || minimum.Theta.Count != 2
            ? null
            : [
                .. minimum.Theta.Reverse()
                    .Select((value, p) => coordinates.Theta(Math.Clamp(coordinates.U(value), coordinates.Low[p], coordinates.High[p])))
            ];
    }

    private FamilyMinimum? TryDescend(
        FamilyData data, IReadOnlyList<double> theta, double fraction, List<FamilyMinimum> minima, List<string> failures)
    {
        try
        {
            FamilyMinimum minimum = Descend(data, theta, fraction);
            minima.Add(minimum);
            return minimum;
        }
        catch (FitException failure)
        {
            failures.Add(failure.Message);
            return null;
        }
    }

    /// <summary>Fits around one centre after another until the minimum is nearest to the centre in use, or was there before.</summary>
    private FamilyMinimum Descend(FamilyData data, IReadOnlyList<double> theta, double fraction)
    {
        FamilyMinimum? lowest = null;
        List<double[]> visited = [];
        for (int move = 0; move < _options.MostMoves; move++)
        {
            double[] centre = _grid.Nearest(Family.Coordinates.Ordered(theta));
            if (visited.Exists(known => known.SequenceEqual(centre)))
            {
                break;
            }

            visited.Add(centre);
            FamilyMinimum minimum = data.Minimise(centre, theta, fraction);
            lowest = lowest is null || minimum.IsInner || minimum.TwiceNll < lowest.TwiceNll ? minimum : lowest;
            (theta, fraction) = (minimum.Theta, minimum.Fraction);
        }

        return lowest!;
    }
}
