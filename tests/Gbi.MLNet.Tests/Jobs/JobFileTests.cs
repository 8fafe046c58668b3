using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Inference.Toys;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Tests.Jobs;

[TestFixture]
internal sealed class JobFileTests
{
    private static readonly JobSeries Series = new("toys", JobSeries.FingerprintOf(["seed 1"]), 20);

    private string _folder = "";

    private string Target => Path.Combine(_folder, "toys.jsonl");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gbi-jobs-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_run_that_is_interrupted_again_and_again_writes_the_bytes_of_one_that_is_not()
    {
        string whole = Path.Combine(_folder, "whole.jsonl");
        IReadOnlyList<JobOutcome<ToyNumbers>> expected = File(whole).Run(Toy);
        for (int left = 3; ; left += 3)
        {
            int started = 0;
            try
            {
                IReadOnlyList<JobOutcome<ToyNumbers>> found = File(Target).Run(
                    (job, cancellation) =>
                        Interlocked.Increment(ref started) > 3 ? throw new IOException("interrupted") : Toy(job, cancellation));
                Assert.That(found, Is.EqualTo(expected));
                break;
            }
            catch (IOException)
            {
                Assert.That(left, Is.LessThanOrEqualTo(Series.Count), "No run may do a finished job again.");
                Assert.That(System.IO.File.Exists(Target), Is.False);
            }
        }

        Assert.That(System.IO.File.ReadAllBytes(Target), Is.EqualTo(System.IO.File.ReadAllBytes(whole)));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(2), "The journals are gone.");
    }

    [Test]
    public void Threads_do_not_matter()
    {
        (byte[] one, byte[] two) = ThreadLimit.Compare(() =>
        {
            System.IO.File.Delete(Target);
            File(Target).Run(Toy);
            return System.IO.File.ReadAllBytes(Target);
        });
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void A_half_written_line_is_run_again_and_whole_ones_are_not()
    {
        Interrupt(after: 5);
        string journal = Target + ".part";
        string text = System.IO.File.ReadAllText(journal);
        System.IO.File.WriteAllText(journal, text[..^9]);
        var ran = new System.Collections.Concurrent.ConcurrentBag<int>();
        File(Target).Run((job, cancellation) =>
        {
            ran.Add(job);
            return Toy(job, cancellation);
        });
        Assert.That(ran, Has.Count.EqualTo(Series.Count - 4));
    }

    [Test]
    public void A_finished_file_is_read_and_nothing_is_run()
    {
        IReadOnlyList<JobOutcome<ToyNumbers>> first = File(Target).Run(Toy);
        Assert.That(File(Target).Run((_, _) => throw new InvalidOperationException("It ran.")), Is.EqualTo(first));
    }

    [Test]
    public void A_job_that_fails_for_its_data_or_fit_is_an_outcome_with_its_sentence()
    {
        IReadOnlyList<JobOutcome<ToyNumbers>> outcomes = File(Target).Run((job, cancellation) => job switch
        {
            3 => throw new FitException("No minimum for σ."),
            4 => throw new DataException("No events."),
            _ => Toy(job, cancellation),
        });
        Assert.That(outcomes[3], Is.EqualTo(new JobOutcome<ToyNumbers>(3, null, "No minimum for σ.")));
        Assert.That(outcomes[4].Failure, Is.EqualTo("No events."));
        Assert.That(outcomes.Count(outcome => outcome.Failure is null), Is.EqualTo(Series.Count - 2));
    }

    [Test]
    public void Results_of_other_settings_are_refused_finished_or_not()
    {
        Interrupt(after: 2);
        JobSeries other = new("toys", JobSeries.FingerprintOf(["seed 2"]), Series.Count);
        Assert.That(
            () => File(Target, other).Run(Toy), Throws.TypeOf<DataException>().With.Message.Contains($"expected {other.Fingerprint}"));
        File(Target).Run(Toy);
        Assert.That(() => File(Target, other).Run(Toy), Throws.TypeOf<DataException>().With.Message.Contains("options and events"));
        Assert.That(
            () => File(Target, new JobSeries("toys", Series.Fingerprint, 19)).Run(Toy),
            Throws.TypeOf<DataException>().With.Message.Contains("number of jobs 20, expected 19"));
    }

    [Test]
    public void A_shorter_series_is_the_beginning_of_a_longer_one_and_no_job_of_it_is_run_again()
    {
        JobSeries longer = new("toys", Series.Fingerprint, 26);
        string whole = Path.Combine(_folder, "whole.jsonl");
        File(whole, longer).Run(Toy);
        IReadOnlyList<JobOutcome<ToyNumbers>> shorter = File(Target).Run(Toy);

        Assert.That(RunJobs(longer, after: 2), Is.EqualTo((int[])[20, 21]), "Interrupted before its third job.");
        Assert.That(File(Target).Run(Toy), Is.EqualTo(shorter), "The shorter one stays until the longer one is whole.");
        Assert.That(RunJobs(longer), Is.EqualTo((int[])[22, 23, 24, 25]));
        Assert.That(System.IO.File.ReadAllBytes(Target), Is.EqualTo(System.IO.File.ReadAllBytes(whole)));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(2), "The journal is gone.");
    }

    [Test]
    public void An_interrupted_series_may_go_on_as_a_longer_one_and_not_as_a_shorter_one()
    {
        Interrupt(after: 5);
        JobSeries longer = new("toys", Series.Fingerprint, 23);
        Assert.That(RunJobs(longer, after: 2), Is.EqualTo((int[])[5, 6]));
        Assert.That(() => File(Target).Run(Toy), Throws.TypeOf<DataException>().With.Message.Contains("number of jobs 23, expected 20"));
        Assert.That(RunJobs(longer), Is.EqualTo(Enumerable.Range(7, 16)));
    }

    [Test]
    public void A_shard_is_no_beginning_as_its_jobs_are_others_in_a_longer_series()
    {
        var shard = new ToyShard(1, 2);
        File(Target, Series with { Shard = shard }).Run(Toy);
        Assert.That(
            () => File(Target, new JobSeries("toys", Series.Fingerprint, 26) { Shard = shard }).Run(Toy),
            Throws.TypeOf<DataException>().With.Message.Contains("number of jobs 20, expected 26"));
    }

    [Test]
    public void Another_file_of_that_name_is_refused()
    {
        System.IO.File.WriteAllText(Target, "mass,weight\n1,2\n");
        Assert.That(() => File(Target).Run(Toy), Throws.TypeOf<DataException>().With.Message.Contains("is no file of jobs"));
        Assert.That(System.IO.File.ReadAllText(Target), Does.StartWith("mass"));
    }

    [Test]
    public void A_journal_is_for_one_run_at_a_time() => Assert.That(
        File(Target).Run((_, cancellation) => File(Target).Run(Toy, null, cancellation)[0].Result!).Select(outcome => outcome.Failure),
        Has.All.Contains("if another run uses it"));

    [Test]
    public void Shards_join_to_the_whole()
    {
        IReadOnlyList<JobOutcome<ToyNumbers>> whole = File(Target).Run(Toy);
        string[] paths = [.. Enumerable.Range(1, 3).Select(number => Path.Combine(_folder, $"{number}.jsonl"))];
        for (int at = 0; at < paths.Length; at++)
        {
            File(paths[at], Series with { Shard = new ToyShard(at + 1, 3) }).Run(Toy);
        }

        Assert.That(JobFile<ToyNumbers>.Join(paths, Series, ToyContext.Default.ToyNumbers), Is.EqualTo(whole));
        Assert.That(
            () => JobFile<ToyNumbers>.Join([paths[0], paths[2], paths[1]], Series, ToyContext.Default.ToyNumbers),
            Throws.TypeOf<DataException>().With.Message.Contains("shard 3/3, expected 2/3"));
    }

    [Test]
    public void Progress_tells_what_was_there()
    {
        Interrupt(after: 5);
        var told = new Told();
        File(Target).Run(Toy, told);
        Assert.That(told.All.First().Detail, Is.EqualTo("5 of 20, 5 of them before"));
        Assert.That(told.All.Max(report => report.Fraction), Is.EqualTo(1));
    }

    [Test]
    public void A_fingerprint_tells_settings_and_events_apart()
    {
        EventTable events = EventTable.FromColumns(("x", [1, 2]));
        string[] all =
        [
            JobSeries.FingerprintOf(["a", "b"], events), JobSeries.FingerprintOf(["ab"], events), JobSeries.FingerprintOf(["a", "b"]),
            JobSeries.FingerprintOf(["a", "b"], EventTable.FromColumns(("x", [1, 3]))),
            JobSeries.FingerprintOf(["a", "b"], EventTable.FromColumns(("y", [1, 2]))),
        ];
        Assert.That(all, Is.Unique);
        Assert.That(JobSeries.FingerprintOf(["a", "b"], EventTable.FromColumns(("x", [1, 2]))), Is.EqualTo(all[0]));
    }

    private static ToyNumbers Toy(int job, CancellationToken cancellation)
    {
        (double first, double second) = new Seed(1).Child(job).NormalPair(0);
        return new ToyNumbers(first, [second, first / 3], job % 2 == 0 ? double.NaN : 1);
    }

    private static JobFile<ToyNumbers> File(string path, JobSeries? series = null) =>
        new(path, series ?? Series, ToyContext.Default.ToyNumbers);

    private void Interrupt(int after) => Assert.That(RunJobs(Series, after), Has.Length.EqualTo(after));

    /// <summary>Numbers of the jobs that a run finished; it is interrupted after so many of them.</summary>
    private int[] RunJobs(JobSeries series, int after = int.MaxValue)
    {
        using var limit = ThreadLimit.To(1);
        var ran = new List<int>();
        void Run() => File(Target, series).Run((job, cancellation) =>
        {
            if (ran.Count == after)
            {
                throw new IOException("interrupted");
            }

            ran.Add(job);
            return Toy(job, cancellation);
        });
        Assert.That(Run, after == int.MaxValue ? Throws.Nothing : Throws.TypeOf<IOException>());
        return [.. ran];
    }

    private sealed class Told : IProgress<SearchProgress>
    {
        public System.Collections.Concurrent.ConcurrentQueue<SearchProgress> All { get; } = new();

        public void Report(SearchProgress value) => All.Enqueue(value);
    }
}

internal sealed record ToyNumbers(double First, double[] Others, double Missing)
{
    public bool Equals(ToyNumbers? other) =>
        other is not null && First.Equals(other.First) && Others.SequenceEqual(other.Others) && Missing.Equals(other.Missing);

    public override int GetHashCode() => First.GetHashCode();
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, WriteIndented = true)]
[JsonSerializable(typeof(ToyNumbers))]
internal sealed partial class ToyContext : JsonSerializerContext;
