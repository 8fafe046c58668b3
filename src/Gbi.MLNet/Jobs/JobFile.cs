using System.Text.Json.Serialization.Metadata;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Inference.Toys;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Jobs;

/// <summary>
/// Runs many long, independent jobs on all cores and keeps each result as it comes, so that a run that was interrupted resumes where it
/// stopped. The file appears when all jobs are done: a line that names the series, then a line of JSON for each job, in their order. It has
/// the same bytes however often the run was interrupted and on however many threads it ran. Until then the lines stand in a journal beside
/// it, its name with .part at the end, in the order in which jobs finished. A file of fewer jobs of the same series, not in shards, is
/// their beginning: its jobs are not run again, and it stays until the longer one is whole.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="series">What is run.</param>
/// <param name="resultType">How a result is written as JSON; numbers must survive it.</param>
/// <remarks>
/// A job's result must depend on its number, the settings and the events alone; take random numbers from <c>seed.Child(job)</c>. Processes
/// on one file would run the same jobs and are kept out; give each a shard and a file of its own, and <see cref="Join"/> them.
/// </remarks>
internal sealed class JobFile<T>(string path, JobSeries series, JsonTypeInfo<T> resultType)
{
    private readonly JobLine<T> _line = new(resultType);

    /// <summary>Runs the jobs that no earlier run finished.</summary>
    /// <param name="job">
    /// The result of a job by its number. A <see cref="DataException"/> or <see cref="FitException"/> is the job's outcome and is kept with
    /// its sentence; any other failure stops the run.
    /// </param>
    /// <param name="progress">Told after every job.</param>
    /// <param name="cancellation">Stops between jobs and is given to each; results that are there stay.</param>
    /// <returns>The outcomes of this shard's jobs, in their order.</returns>
    /// <exception cref="DataException">The file or its journal is of another series, was changed, is in use or cannot be
    /// written.</exception>
    public IReadOnlyList<JobOutcome<T>> Run(
        Func<int, CancellationToken, T> job, IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        string[] beginning = [];
        if (File.Exists(path))
        {
            string[] found = JobHeader.ReadLines(path);
            var header = JobHeader.Parse(found[0], path);
            if (!header.IsBeginningOf(JobHeader.Of(series)))
            {
                JobOutcome<T>[] finished = Read(found, series);
                DeleteFinishedJournal();
                return finished;
            }

            _ = Read(found, series.First(header.Jobs));
            beginning = found[1..];
        }

        SortedDictionary<int, string> lines;
        using (JobJournal journal = JobJournal.Open(JournalPath, series, _line.NumberOf))
        {
            for (int number = 0; number < beginning.Length; number++)
            {
                journal.Lines[number] = beginning[number];
            }

            RunMissing(journal, job, progress, cancellation);
            lines = journal.Lines;
            Complete(lines, overwrite: beginning.Length > 0);
        }

        File.Delete(JournalPath);
        return [.. lines.Values.Select(_line.Read)];
    }

    /// <summary>The outcomes in a finished file.</summary>
    /// <exception cref="DataException">It is not there, of another series, or was changed.</exception>
    public IReadOnlyList<JobOutcome<T>> Read() => Read(JobHeader.ReadLines(path), series);

    private JobOutcome<T>[] Read(string[] lines, JobSeries of)
    {
        JobHeader.Parse(lines[0], path).RequireSame(JobHeader.Of(of), path);
        JobOutcome<T>[] outcomes = [.. lines.Skip(1).Select(line => _line.Read(line, path))];
        return outcomes.Select(outcome => outcome.Job).SequenceEqual(of.Jobs) ? outcomes : throw new DataException(
            $"{path} holds {outcomes.Length} jobs, expected numbers {of.Jobs[0]} to {of.Jobs[^1]} in their order; the file was changed, "
                + $"delete it to run the jobs again.");
    }

    /// <summary>The outcomes of all jobs from the finished files of all shards.</summary>
    /// <param name="paths">One file a shard, in the shards' order.</param>
    /// <param name="series">The series; its own shard does not matter.</param>
    /// <param name="resultType">How a result is written as JSON.</param>
    /// <exception cref="DataException">A file is not there, of another series or of another shard, or was changed.</exception>
    public static IReadOnlyList<JobOutcome<T>> Join(IReadOnlyList<string> paths, JobSeries series, JsonTypeInfo<T> resultType)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(series);
        return [.. paths.SelectMany((path, at) =>
            new JobFile<T>(path, series with { Shard = new ToyShard(at + 1, paths.Count) }, resultType).Read())];
    }

    // Of a run that was killed when the file was whole. One of a longer series goes on.
    private void DeleteFinishedJournal()
    {
        try
        {
            if (File.Exists(JournalPath)
                && File.ReadLines(JournalPath).LastOrDefault(JobHeader.IsHeader) == JobHeader.Of(series).Write())
            {
                File.Delete(JournalPath);
            }
        }
        catch (IOException)
        {
            // Another run is about to delete it.
        }
    }

    private string JournalPath => path + ".part";

    private void RunMissing(
        JobJournal journal, Func<int, CancellationToken, T> job, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        int[] missing = [.. series.Jobs.Where(number => !journal.Lines.ContainsKey(number))];
        int before = journal.Lines.Count;
        Report(before);
        EventBlocks.ForEachIndex(missing.Length, at =>
        {
            cancellation.ThrowIfCancellationRequested();
            Report(journal.Add(missing[at], _line.Write(OutcomeOf(missing[at], job, cancellation))));
        }, cancellation);

        void Report(int finished) => progress?.Report(new SearchProgress(series.Name, (double)finished / series.Jobs.Length)
        {
            Detail = before == 0
                ? Text($"{finished} of {series.Jobs.Length}")
                : Text($"{finished} of {series.Jobs.Length}, {before} of them before"),
        });
    }

    internal static JobOutcome<T> OutcomeOf(int number, Func<int, CancellationToken, T> job, CancellationToken cancellation)
    {
        try
        {
            return new JobOutcome<T>(number, job(number, cancellation), Failure: null);
        }
        catch (Exception failure) when (failure is DataException or FitException)
        {
            return new JobOutcome<T>(number, default, failure.Message);
        }
    }

    private void Complete(SortedDictionary<int, string> lines, bool overwrite)
    {
        using var file = new PendingFile(path, overwrite);
        using (var writer = new StreamWriter(file.Stream, leaveOpen: true) { NewLine = "\n" })
        {
            writer.WriteLine(JobHeader.Of(series).Write());
            foreach (string line in lines.Values)
            {
                writer.WriteLine(line);
            }
        }

        file.Complete();
    }
}
