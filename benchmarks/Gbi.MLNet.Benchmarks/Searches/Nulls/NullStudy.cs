using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Searches;
using Gbi.Searches.Coverage;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Searches.Nulls;

/// <summary>Data and the search of them.</summary>
internal sealed record NullData(EventTable Events, ResonanceSearchOptions Search)
{
    /// <summary>Simulated signal that is fitted; null to count the excess.</summary>
    public EventTable? Signal { get; init; }

    /// <summary>Share of signal in the signal region.</summary>
    public double TrueFraction { get; init; }
}

/// <summary>Whole searches of data sets without signal, one row of a table for each kind of data.</summary>
/// <param name="Name">The kind of data.</param>
/// <param name="Draw">A data set by its number and seed.</param>
internal sealed record NullStudy(string Name, Func<int, Seed, NullData> Draw)
{
    private static readonly Seed Origin = new(16);

    private static readonly JsonTypeInfo<CoverageToy> Line = (JsonTypeInfo<CoverageToy>)new JsonSerializerOptions
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    }.GetTypeInfo(typeof(CoverageToy));

    /// <summary>Runs studies, a file each in the folder, from which a second call resumes, and prints their table.</summary>
    /// <param name="studies">What to run.</param>
    /// <param name="count">Data sets of each.</param>
    /// <param name="folder">Where searches are kept.</param>
    public static void Run(IEnumerable<NullStudy> studies, int count, string folder)
    {
        Directory.CreateDirectory(folder);
        Console.WriteLine(
            "| data | sets | Z without a cut: mean, width | at 10 % | at 1 % | at 0.1 % | false lower limits | checks that failed | no "
                + "result |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (NullStudy study in studies)
        {
            study.Run(count, folder);
        }
    }

    private void Run(int count, string folder)
    {
        Seed origin = Origin.Child(Name);
        IReadOnlyList<JobOutcome<CoverageToy>> outcomes = new JobFile<CoverageToy>(
            Path.Combine(folder, Name + ".jsonl"), new JobSeries("Searches of " + Name, Text($"{Name} {origin.Value}"), count), Line)
            .Run((number, cancellation) => Search(number, origin.Child(number), cancellation));
        ResonanceSearchOptions search = Draw(0, origin.Child(0)).Search;
        var result = SearchCoverageResult.Of(new SearchCoverageOptions { Search = search, ToyCount = count }, outcomes);
        string significances = string.Join(" | ", result.Significances.Select(
            z => Text($"{z.Mean.Value:F2} ± {z.Mean.Error:F2}, {z.Width.Value:F2} ± {z.Width.Error:F2}")));
        string failed = string.Join("; ", result.Checks.Where(check => check.Failed.Count > 0)
            .Select(check => Text($"{check.Name}: {check.Failed.Count}")));
        string claims = result.LimitsAboveZero is { } limits ? Text($"{limits.Count}") : Text(
            $"fraction {result.TrueFraction:F4}, bias {result.Bias.Value:F5} ± {result.Bias.Error:F5}, pulls "
                + $"{result.Pulls.Mean.Value:F2} ± {result.Pulls.Mean.Error:F2}, {result.Pulls.Width.Value:F2} ± "
                + $"{result.Pulls.Width.Error:F2}, 68 %: {result.Coverage68.Count}, 95 %: {result.Coverage95.Count}");
        Console.WriteLine(Text(
            $"| {Name} | {result.ToyCount} | {significances} | {claims} | "
                + $"{result.Warned.Count}{(failed.Length > 0 ? " (" + failed + ")" : "")} | {result.Failures.Count} |"));
        foreach (IGrouping<string, string> failure in result.Failures.GroupBy(sentence => sentence))
        {
            Console.Error.WriteLine(Text($"{Name}: {failure.Count()} × {failure.Key}"));
        }
    }

    private CoverageToy Search(int number, Seed seed, CancellationToken cancellation)
    {
        NullData data = Draw(number, seed.Child("data"));
        return CoverageToy.Of(
            ResonanceSearch.Run(
                data.Events, data.Signal, data.Search with { Seed = seed.Child("search") }, cancellation: cancellation).Result,
            data.TrueFraction);
    }
}
