using Gbi.Events;
using Gbi.Inference.GlobalProbability;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;

namespace Gbi.Reports.Json.Results;

/// <summary>A bump hunt: same hunt, same bytes.</summary>
[DocumentKind("hunt", "A bump hunt; `hunt.json` of `gbi hunt`, printed with --json")]
internal sealed record HuntDocument(
    [property: Meaning("The window with the smallest local p-value")] BestWindowDocument Best,
    [property: Meaning("Global p-value from toys; null without toys")] GlobalProbabilityDocument? GlobalFromToys,
    [property: Meaning("Upper bound on the global p-value from upcrossings of the toys, if local p-values are right; null without")]
    EstimateDocument? GlobalFromUpcrossings,
    [property: Meaning("Upcrossings of the toys; null where none was seen")] UpcrossingsDocument? Upcrossings,
    [property: Meaning("Global p-value as if the windows were independent, which they are not")] double GlobalOfIndependentWindows,
    [property: Meaning("Where the toys come from; null without toys")] string? ToysFrom,
    [property: Meaning("All windows, by rising mass")] IReadOnlyList<HuntWindowDocument> Windows,
    [property: Meaning("What the numbers mean and what they do not")] IReadOnlyList<string> Remarks,
    [property: Meaning("Options of the run")] HuntOptionsDocument Options,
    [property: Meaning("Seed")] ulong Seed) : ResultDocument
{
    public static HuntDocument Of(HuntRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        BumpHuntResult result = run.Result;
        return new HuntDocument(
            new BestWindowDocument(RangeDocument.OfRegion(result.Best.Window), result.LocalProbability, result.LocalSignificance),
            result.FromToys is { } toys ? GlobalProbabilityDocument.Of(toys) : null,
            result.FromUpcrossings is { } bound ? new EstimateDocument(bound.Value, bound.Error) : null,
            result.Upcrossings is { } mean
                ? new UpcrossingsDocument(mean.Level, new EstimateDocument(mean.Value, mean.Error), mean.ScanCount)
                : null,
            result.OfIndependentWindows.Value,
            result.ToysFrom,
            [.. result.Windows.Select(HuntWindowDocument.Of)],
            result.Remarks,
            HuntOptionsDocument.Of(run),
            run.Options.Seed.Value);
    }
}

internal sealed record BestWindowDocument(
    [property: Meaning("Its signal region")] RangeDocument SignalRegion,
    [property: Meaning("Its local p-value, not corrected for the other windows")] double LocalProbability,
    [property: Meaning("Its local significance", Unit = "σ")] double LocalSignificance);

internal sealed record GlobalProbabilityDocument(
    [property: Meaning("(1 + toys at least as extreme) / (1 + toys)")] double Probability,
    [property: Meaning("Its significance", Unit = "σ")] double Significance,
    [property: Meaning("68.27 % interval of the p-value from the number of toys")] IntervalAtLevelDocument Interval68,
    [property: Meaning("Toys with a result")] int Toys,
    [property: Meaning("Toys whose smallest local p-value is at most that of the data")] int AtLeastAsExtreme,
    [property: Meaning("Toys without a result; they are left out")] int Failed)
{
    public static GlobalProbabilityDocument Of(ToyGlobalProbability toys) => new(
        toys.Value,
        Inference.Tests.Significance.OfProbability(toys.Value),
        IntervalAtLevelDocument.Of(toys.Interval()),
        toys.ToyCount,
        toys.AtLeastAsExtreme,
        toys.FailureCount);
}

internal sealed record UpcrossingsDocument(
    [property: Meaning("Level of q = Z² at which upcrossings are counted")] double Level,
    [property: Meaning("Mean number of upcrossings of a toy")] EstimateDocument Mean,
    [property: Meaning("Toys with a result")] int Toys);

internal sealed record HuntWindowDocument(
    [property: Meaning("Its signal region")] RangeDocument SignalRegion,
    [property: Meaning("Outer limits of its sidebands; null for no limit")] RangeDocument MassRange,
    [property: Meaning("Centre of the signal region")] double Centre,
    [property: Meaning("Local p-value; null where the search gave no result, as all that follows")] double? LocalProbability,
    [property: Meaning("Local significance, negative for a deficit", Unit = "σ")] double? LocalSignificance,
    [property: Meaning("Significance of the cut alone, not corrected for the other cuts", Unit = "σ")] double? CutSignificance,
    [property: Meaning("Share of the background above the cut; 1 where a signal fraction is fitted")] double? BackgroundEfficiency,
    [property: Meaning("Events above the cut, as a sum of weights", Unit = "events")] double? Observed,
    [property: Meaning("Background above the cut", Unit = "events")] EstimateDocument? Expected,
    [property: Meaning("χ² probability of the mass spectrum in the sidebands; null where it was not tested")] double? SpectrumGoodnessOfFit,
    [property: Meaning("A message for each check that failed")] IReadOnlyList<string>? Warnings,
    [property: Meaning("Why the search gave no result; null where it gave one")] string? Failure)
{
    public static HuntWindowDocument Of(BumpWindow found)
    {
        (MassWindow window, BumpPoint? point) = (found.Window, found.Point);
        return new HuntWindowDocument(
            RangeDocument.OfRegion(window),
            RangeDocument.OfMasses(window),
            window.Centre,
            point?.LocalProbability,
            point?.Significance,
            point?.CutSignificance,
            point?.BackgroundEfficiency,
            point?.Observed,
            point is null ? null : EstimateDocument.Of(point.Expected),
            point?.SpectrumGoodnessOfFit,
            point?.Warnings,
            found.Failure);
    }
}

internal sealed record HuntOptionsDocument(
    [property: Meaning("File of events")] string Events,
    [property: Meaning("File of the signal simulation; null without one")] string? Signal,
    [property: Meaning("Column of the mass")] string Mass,
    [property: Meaning("Columns of the features")] IReadOnlyList<string> Features,
    [property: Meaning("Centres of the windows")] HuntScanDocument Scan,
    [property: Meaning("Width of a window")] double Width,
    [property: Meaning("Width of each sideband; null for all masses")] double SidebandWidth,
    [property: Meaning("Ends of the mass spectrum; null for no limit")] RangeDocument MassRange,
    [property: Meaning("Parameters of the mass spectrum")] int SpectrumParameters,
    [property: Meaning("Background efficiencies of the cuts")] IReadOnlyList<double> BackgroundEfficiencies,
    [property: Meaning("How the anomaly score is trained")] TrainingDocument Anomaly,
    [property: Meaning("Toys")] int Toys)
{
    public static HuntOptionsDocument Of(HuntRun run)
    {
        BumpScan scan = run.Options.Scan;
        ResonanceSearchOptions search = run.Options.Search;
        return new HuntOptionsDocument(
            run.Events,
            run.Signal,
            search.Schema.Mass!,
            search.Schema.Features,
            new HuntScanDocument(scan.FirstCentre, scan.LastCentre, scan.Step),
            2 * scan.HalfWidth,
            scan.SidebandWidth,
            new RangeDocument(scan.LowestMass, scan.HighestMass),
            search.Spectrum.ParameterCount,
            run.Options.BackgroundEfficiencies,
            TrainingDocument.Of(search.Anomaly),
            run.Options.ToyCount);
    }
}

internal sealed record HuntScanDocument(
    [property: Meaning("Centre of the first window")] double First,
    [property: Meaning("The last centre is at or below this")] double Last,
    [property: Meaning("Distance of neighbouring centres")] double Step);

/// <summary>A shard of a hunt's toys, where others have yet to run.</summary>
[DocumentKind("huntShard", "A shard of a bump hunt's toys, where others are missing; printed by `gbi hunt --shard --json`")]
internal sealed record HuntShardDocument(
    [property: Meaning("Folder of the hunt")] string Out,
    [property: Meaning("File with the toys, in this folder")] string File,
    [property: Meaning("Number of the shard and of all shards, such as \"1/8\"")] string Shard,
    [property: Meaning("Numbers of the shards that have yet to run")] IReadOnlyList<int> MissingShards) : ResultDocument;
