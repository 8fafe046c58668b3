using Gbi.Events;
using Gbi.Inference.GlobalProbability;
using Gbi.Jobs;

namespace Gbi.Searches.Hunt;

/// <summary>A window of a hunt with what it holds.</summary>
/// <param name="Window">Signal region and sidebands.</param>
/// <param name="Point">What it holds; null where its search gave no result.</param>
/// <param name="Failure">One sentence why it gave none; null where it gave one.</param>
public sealed record BumpWindow(MassWindow Window, BumpPoint? Point, string? Failure);

/// <summary>What a <see cref="BumpHunt"/> found.</summary>
public sealed record BumpHuntResult
{
    /// <summary>All windows, by rising mass.</summary>
    public required IReadOnlyList<BumpWindow> Windows { get; init; }

    /// <summary>The window with the smallest local p-value.</summary>
    public required BumpWindow Best { get; init; }

    /// <summary>The smallest local p-value, before any correction for having looked elsewhere.</summary>
    public double LocalProbability => Best.Point!.LocalProbability;

    /// <summary>Its significance, in standard deviations.</summary>
    public double LocalSignificance => Best.Point!.Significance;

    /// <summary>The global p-value from toys; null without toys.</summary>
    public ToyGlobalProbability? FromToys { get; init; }

    /// <summary>
    /// The upper bound on it from upcrossings of the toys, which presumes that local p-values are right; null where there is none, as
    /// <see cref="Remarks"/> says.
    /// </summary>
    public LookElsewhere? FromUpcrossings { get; init; }

    /// <summary>The mean number of upcrossings of the toys; null where none was seen.</summary>
    public UpcrossingMean? Upcrossings { get; init; }

    /// <summary>The p-value that as many independent windows would have: for comparison, as windows share events.</summary>
    public required LookElsewhere OfIndependentWindows { get; init; }

    /// <summary>Where the toys come from, in a few words; null without toys.</summary>
    public string? ToysFrom { get; init; }

    /// <summary>What the numbers mean and what they do not, in words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Puts a hunt's outcomes together. One set of toys may serve several data sets of the same background.</summary>
    /// <param name="options">Those of the hunt.</param>
    /// <param name="windows">One outcome for each window of the data.</param>
    /// <param name="toys">One for each toy; empty for no global p-value.</param>
    /// <param name="source">Where the toys come from.</param>
    /// <exception cref="DataException">No window, or none of the toys, has a result.</exception>
    public static BumpHuntResult Of(
        BumpHuntOptions options,
        IReadOnlyList<JobOutcome<BumpPoint>> windows,
        IReadOnlyList<JobOutcome<BumpToy>>? toys = null,
        BackgroundToys? source = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(windows);
        BumpWindow[] searched =
            [.. options.Scan.Windows.Zip(windows, (window, outcome) => new BumpWindow(window, outcome.Result, outcome.Failure))];
        BumpWindow best = searched.Where(window => window.Point is not null).MaxBy(window => window.Point!.Significance)
            ?? throw new DataException(
                $"None of {searched.Length} windows could be searched. The first, {searched[0].Window}: {searched[0].Failure}");
        double local = best.Point!.LocalProbability;
        var result = new BumpHuntResult
        {
            Windows = searched,
            Best = best,
            OfIndependentWindows = LookElsewhere.OfIndependentTrials(local, searched.Count(window => window.Point is not null)),
        };
        result = toys is { Count: > 0 } ? result.WithToys(options, toys, source) : result;
        return result with { Remarks = [.. BumpRemarks.Of(options, result, source)] };
    }

    private BumpHuntResult WithToys(BumpHuntOptions options, IReadOnlyList<JobOutcome<BumpToy>> toys, BackgroundToys? source)
    {
        // Windows that the data could not fill count in no toy, either; a toy that lacks one of the others has no result.
        int[] used = [.. Enumerable.Range(0, Windows.Count).Where(window => Windows[window].Point is not null)];
        double[]?[] scans = [.. toys.Select(toy => Scan(toy.Result, used))];
        double[][] whole = [.. scans.OfType<double[]>()];
        ToyGlobalProbability global = ToyGlobalProbability.Of(
            LocalProbability, [.. scans.Select(scan => scan is null ? double.NaN : BumpPoint.ProbabilityOf(scan.Max()))]);
        double[][] rises = [.. whole.Select(scan => scan.Select(QOf).ToArray())];
        double level = options.UpcrossingLevel;
        UpcrossingMean? upcrossings = rises.Any(scan => UpcrossingMean.Count(scan, level) > 0) ? UpcrossingMean.Of(rises, level) : null;
        return this with
        {
            FromToys = global,
            Upcrossings = upcrossings,
            FromUpcrossings = upcrossings is not null && QOf(LocalSignificance) >= level
                ? LookElsewhere.OfUpcrossings(LocalProbability, QOf(LocalSignificance), upcrossings)
                : null,
            ToysFrom = source?.Name,
        };
    }

    private static double[]? Scan(BumpToy? toy, int[] used)
    {
        double[]? scan = toy is null ? null : [.. used.Select(window => toy.Significances[window])];
        return scan is null || scan.Any(double.IsNaN) ? null : scan;
    }

    /// <summary>q₀ = Z² of an excess; 0 for a deficit.</summary>
    private static double QOf(double significance) => significance > 0 ? significance * significance : 0;
}
