using Gbi.Events;
using Gbi.Jobs;
using Gbi.Searches.Hunt;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Coverage;

/// <summary>A study of coverage that keeps each search in a file as it comes, so that a run which was interrupted resumes.</summary>
/// <param name="coverage">What to do.</param>
/// <param name="folder">The folder: searches.jsonl.</param>
/// <remarks>See <see cref="JobFile{T}"/> for what the file holds and when it is refused.</remarks>
internal sealed class SearchCoverageFolder(SearchCoverage coverage, string folder)
{
    /// <summary>Name of the file of searches.</summary>
    public const string SearchesFile = "searches.jsonl";

    /// <summary>Does the searches that no earlier run did.</summary>
    /// <exception cref="DataException">The folder holds searches of other options or events, or cannot be written.</exception>
    public SearchCoverageResult Run(IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        SearchCoverageOptions options = coverage.Options;
        var series = new JobSeries(SearchCoverage.Step, Fingerprint(), options.ToyCount);
        IReadOnlyList<JobOutcome<CoverageToy>> outcomes =
            new JobFile<CoverageToy>(Path.Combine(folder, SearchesFile), series, CoverageToyContext.Default.CoverageToy)
                .Run(coverage.Search, progress, cancellation);
        return SearchCoverageResult.Of(options, outcomes);
    }

    private string Fingerprint()
    {
        SearchCoverageOptions options = coverage.Options;
        string[] settings =
        [
            SearchFingerprint.TextOf(options.Search),
            Text($"{options.Search.Window} {options.Search.Window.OuterLow:R} {options.Search.Window.OuterHigh:R}"),
            Text($"{options.InjectedSignal:R}"),
            string.Join(' ', options.Search.BackgroundEfficiencies.Select(cut => Text($"{cut:R}"))), Text($"{options.Search.RunsChecks}"),
            coverage.Background.Name, Text($"{options.Seed.Value}"),
        ];
        return JobSeries.FingerprintOf(settings, [.. coverage.Given, .. SearchFingerprint.EventsOf(options.Search.Background)]);
    }
}
