using Gbi.Events;
using Gbi.Inference.Toys;
using Gbi.Jobs;

namespace Gbi.Searches.Hunt;

/// <summary>
/// A bump hunt that keeps each window and toy in a folder as it comes, so that a run which was interrupted resumes where it stopped, and
/// toys may be shared among processes.
/// </summary>
/// <param name="hunt">What to do.</param>
/// <param name="data">Events with features and mass.</param>
/// <param name="folder">The folder: windows.jsonl, and toys.jsonl or, for shards, toys-1-of-4.jsonl and so on.</param>
/// <param name="toys">Where toys come from; null for the data (<see cref="BackgroundToys.FromData"/>).</param>
/// <remarks>See <see cref="JobFile{T}"/> for what the files hold and when they are refused.</remarks>
internal sealed class BumpHuntFolder(BumpHunt hunt, EventTable data, string folder, BackgroundToys? toys = null)
{
    private readonly string _fingerprint = BumpHuntFingerprint.Of(hunt, data);
    private IReadOnlyList<JobOutcome<BumpPoint>>? _windows;
    private BackgroundToys? _toys = toys;

    /// <summary>Name of the file of windows.</summary>
    public const string WindowsFile = "windows.jsonl";

    /// <summary>Name of the file of a shard's toys.</summary>
    public static string ToysFile(ToyShard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        return shard.Of == 1 ? "toys.jsonl" : $"toys-{shard.Number}-of-{shard.Of}.jsonl";
    }

    /// <summary>Searches the windows of the data that no earlier run searched.</summary>
    /// <exception cref="DataException">The folder holds windows of other settings or events, or cannot be written.</exception>
    public IReadOnlyList<JobOutcome<BumpPoint>> RunWindows(
        IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default) =>
        _windows ??= new JobFile<BumpPoint>(
            Path.Combine(folder, WindowsFile),
            new JobSeries(BumpHunt.WindowsStep, _fingerprint, hunt.Options.Scan.Count),
            BumpContext.Default.BumpPoint)
            .Run((window, stop) => hunt.Search(data, window, hunt.WindowSeed, stop), progress, cancellation);

    /// <summary>Searches the toys of a shard that no earlier run searched, after the windows of the data.</summary>
    /// <exception cref="DataException">The folder holds toys of other settings or events, cannot be written, or the data make no
    /// toys.</exception>
    public IReadOnlyList<JobOutcome<BumpToy>> RunToys(
        ToyShard shard, IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        BackgroundToys source = Source(progress, cancellation);
        return new JobFile<BumpToy>(Path.Combine(folder, ToysFile(shard)), SeriesOf(source, shard), BumpContext.Default.BumpToy)
            .Run((toy, stop) => hunt.SearchToy(source, toy, stop), progress, cancellation);
    }

    /// <summary>Numbers of the shards whose toys are not there yet.</summary>
    public IReadOnlyList<int> MissingShards(int of) =>
        [.. Enumerable.Range(1, of).Where(number => !File.Exists(Path.Combine(folder, ToysFile(new ToyShard(number, of)))))];

    /// <summary>The result from the windows and the toys of all shards, which are there.</summary>
    /// <param name="shardCount">Number of shards.</param>
    /// <exception cref="DataException">A shard's file is not there or of other settings, or nothing has a result.</exception>
    public BumpHuntResult Result(int shardCount = 1)
    {
        IReadOnlyList<JobOutcome<BumpPoint>> windows = RunWindows();
        if (hunt.Options.ToyCount == 0)
        {
            return hunt.Of(data, BumpHuntResult.Of(hunt.Options, windows));
        }

        BackgroundToys source = Source(null, CancellationToken.None);
        string[] paths =
            [.. Enumerable.Range(1, shardCount).Select(number => Path.Combine(folder, ToysFile(new ToyShard(number, shardCount))))];
        IReadOnlyList<JobOutcome<BumpToy>> outcomes = JobFile<BumpToy>.Join(
            paths, SeriesOf(source, ToyShard.Whole), BumpContext.Default.BumpToy);
        return hunt.Of(data, BumpHuntResult.Of(hunt.Options, windows, outcomes, source));
    }

    private BackgroundToys Source(IProgress<SearchProgress>? progress, CancellationToken cancellation) =>
        _toys ??= hunt.ToysOf(data, RunWindows(progress, cancellation));

    private JobSeries SeriesOf(BackgroundToys source, ToyShard shard) =>
        new(BumpHunt.ToysStep, BumpHuntFingerprint.Of(hunt, data, source.Name), hunt.Options.ToyCount) { Shard = shard };
}
