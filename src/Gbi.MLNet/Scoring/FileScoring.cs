using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Appending;
using Gbi.Events.IO.Outputs;
using Gbi.Events.IO.Parts;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Scoring;

/// <summary>How files are scored.</summary>
public sealed record FileScoringOptions
{
    /// <summary>Columns of the inputs to copy, in this order; null for all of them in their own.</summary>
    public IReadOnlyList<string>? KeepColumns { get; init; }

    /// <summary>A number that stands for a missing value, such as −25; null for the one that the models were trained with.</summary>
    public double? MissingValue { get; init; }

    /// <summary>Whether existing outputs may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether outputs that the same models made of inputs of the same content are left as they are.</summary>
    public bool Resumes { get; init; }
}

/// <summary>A file to score and where its scores go.</summary>
/// <param name="Input">File of events, Parquet or text (.csv, .tsv, either also .gz), or a folder or a glob of such parts.</param>
/// <param name="Output">File to write, text where it is named so, otherwise Parquet.</param>
public sealed record ScoringTask(string Input, string Output);

/// <summary>How far the scoring of some files is.</summary>
/// <param name="Events">Events scored.</param>
/// <param name="TotalEvents">Events to score.</param>
/// <param name="EventsPerSecond">Throughput so far, from reading to writing.</param>
public readonly record struct ScoringProgress(long Events, long TotalEvents, double EventsPerSecond);

/// <summary>What was done to a file.</summary>
/// <param name="Task">The file.</param>
/// <param name="Events">Its events.</param>
/// <param name="WasThere">Whether its output was complete before, so that nothing was done.</param>
public sealed record ScoredFile(ScoringTask Task, long Events, bool WasThere)
{
    /// <summary>Columns of the input that the output cannot hold and that are left out, where none are named to be kept.</summary>
    public IReadOnlyList<ParquetColumn> LeftOut { get; init; } = [];
}

/// <summary>
/// Appends the columns of one or several models to files of events, one row group after another: each file is read once for all models, an
/// output appears when it is whole, and memory does not grow with the files.
/// </summary>
public sealed class FileScoring
{
    /// <summary>Key of an output's metadata with a hash of what it was made with.</summary>
    public const string MadeWithKey = OutputMark.Key;

    private readonly IReadOnlyList<ScoringModel> _models;
    private readonly FileScoringOptions _options;
    private readonly string[] _features;
    private readonly NewColumn[] _columns;

    /// <summary>A job with these models.</summary>
    /// <exception cref="DataException">Two models give columns of the same name.</exception>
    public FileScoring(IReadOnlyList<ScoringModel> models, FileScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        _models = models;
        _options = options ?? new FileScoringOptions();
        _options = _options with { MissingValue = _options.MissingValue ?? MissingValueOf(models) };
        _features = [.. models.SelectMany(model => model.Features).Distinct(StringComparer.Ordinal)];
        string[] names = [.. models.SelectMany(model => model.Columns)];
        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        _columns = twice is null ? [.. names.Select(NewColumn.Single)] : throw new DataException(
            $"Two models give a column '{twice}'; score with one after the other, or give one of them a prefix.");
    }

    /// <summary>What stood for a missing value when the models were trained.</summary>
    private static double? MissingValueOf(IReadOnlyList<ScoringModel> models)
    {
        double?[] values = [.. models.Select(model => model.MissingValue).Where(value => value is not null).Distinct()];
        return values.Length < 2 ? values.FirstOrDefault() : throw new DataException(Text(
            $"The models were trained with different numbers for a missing value, {values[0]} and {values[1]}; score with one after the "
                + $"other, or give the number for all of them."));
    }

    /// <summary>Scores files in their order.</summary>
    /// <param name="tasks">The files.</param>
    /// <param name="progress">Told after each row group.</param>
    /// <param name="cancellation">Stops between blocks; outputs that were finished stay, the one under way does not.</param>
    /// <exception cref="DataException">A file cannot be read, scored or written; outputs that were finished before stay.</exception>
    public IReadOnlyList<ScoredFile> Run(
        IReadOnlyList<ScoringTask> tasks, IProgress<ScoringProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        PlannedFile[] plan = [.. tasks.Select(task => Plan(task, cancellation))];
        RequireSpace(plan);
        var meter = new Meter(plan.Where(file => !file.IsThere).Sum(file => file.Events), progress);
        return [.. plan.Select(file => new ScoredFile(file.Task, file.Events, file.IsThere)
        {
            LeftOut = file.IsThere ? [] : Score(file, meter, cancellation),
        })];
    }

    /// <summary>Refuses what cannot be scored or written, before anything is.</summary>
    private PlannedFile Plan(ScoringTask task, CancellationToken cancellation)
    {
        var inputs = new WatchedInputs([task.Input]);
        ColumnAppender.Require(task.Input, task.Output, _features, _columns, _options.KeepColumns);
        var madeWith = new Lazy<string?>(() => MadeWith(task.Input));
        var file = new PlannedFile(task, TableFile.CountRows(task.Input, cancellation), inputs, madeWith);
        if (!_options.Resumes || OutputPlace.IsWrittenTo(task.Output) || FileStatus.Of(task.Output).Kind == FileKind.Missing)
        {
            return file;
        }

        TemporaryName.Sweep(Path.GetFullPath(task.Output));
        if (!OutputMark.IsCarried(task.Output))
        {
            // It cannot say what it was made with; what is made anew is compared with it.
            return file with { Taken = _options.Overwrite ? null : Taken(task) };
        }

        bool isSame = madeWith.Value is { } mark && FinishedOutput.Is(task.Output, mark, out _);
        return isSame || _options.Overwrite ? file with { IsThere = isSame } : throw new DataException(Taken(task))
        {
            IsOutputTaken = true,
        };
    }

    private static string Taken(ScoringTask task) =>
        $"{task.Output} exists already and was made with other models, columns or events, or by an earlier version; delete it, or allow "
            + "replacing it with --force.";

    private void RequireSpace(PlannedFile[] plan)
    {
        PlannedFile[] missing = [.. plan.Where(file => !file.IsThere)];
        if (missing.Length > 0)
        {
            // Columns that are copied may shrink a little, those of random numbers do not.
            OutputSpace.Require(missing[0].Task.Output, missing.Sum(file =>
                (file.Events * _columns.Length * sizeof(float)) + (_options.KeepColumns is null ? file.Inputs.Length / 2 : 0)));
        }
    }

    private string? MadeWith(string input)
    {
        if (FileContent.HashOf(input) is not { } content)
        {
            return null;
        }

        string text = string.Join('\n', [
            .. _models.SelectMany(model => model.Columns.Prepend(model.Fingerprint)),
            "keeps", .. _options.KeepColumns ?? ["everything"],
            $"{_options.MissingValue:R}", content]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private IReadOnlyList<ParquetColumn> Score(PlannedFile file, Meter meter, CancellationToken cancellation)
    {
        ScoringTask task = file.Task;
        var options = new AppendOptions
        {
            Terms = new OutputTerms(_options.Overwrite)
            {
                MadeWith = () => file.MadeWith.Value,
                Require = file.Inputs.RequireUnchanged,
                AcceptsSame = file.Taken is not null,
                Taken = file.Taken,
            },
            KeepColumns = _options.KeepColumns,
            Read = new EventReadOptions { MissingValue = _options.MissingValue },
        };
        long done = 0;
        try
        {
            return ColumnAppender.Append(task.Input, task.Output, _features, _columns, Compute, options, cancellation);
        }
        catch (DataException cause) when (!cause.Message.Contains(EventParts.NameOf(task.Input), StringComparison.Ordinal))
        {
            throw new DataException($"{EventParts.NameOf(task.Input)}: {cause.Message}", cause);
        }

        Array[] Compute(EventTable events)
        {
            Array[] values = [.. _models.SelectMany(model => model.Score(events, done, cancellation))];
            done += events.Count;
            meter.Add(events.Count);
            return values;
        }
    }

    /// <summary>A file to score as it was found.</summary>
    private sealed record PlannedFile(ScoringTask Task, long Events, WatchedInputs Inputs, Lazy<string?> MadeWith)
    {
        /// <summary>Whether its output is there.</summary>
        public bool IsThere { get; init; }

        /// <summary>What is said of a text that is there and not what is made; null where none is, or it may be replaced.</summary>
        public string? Taken { get; init; }
    }

    private sealed class Meter(long total, IProgress<ScoringProgress>? progress)
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private long _done;

        public void Add(int events)
        {
            _done += events;
            progress?.Report(new ScoringProgress(_done, total, _done / Stopwatch.GetElapsedTime(_started).TotalSeconds));
        }
    }
}
