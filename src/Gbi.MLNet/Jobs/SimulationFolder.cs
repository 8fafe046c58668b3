using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Jobs;

/// <summary>
/// Simulations in a folder, a file each batch, so that a run that was interrupted resumes where it stopped: a finished batch is not
/// simulated again. A batch's file appears when it is whole. The files, and the simulations that come out, have the same bytes however
/// often the run was interrupted and on however many threads it ran. They are Parquet files with the columns of parameters and of
/// features, which <see cref="Simulations.Read"/> reads too. A folder of fewer simulations of the same kind is resumed with more.
/// </summary>
public static class SimulationFolder
{
    private const string HeaderFile = "simulations.json";
    private const string LockFile = ".lock";

    private static readonly ParquetWriteOptions Swept = new() { Terms = new OutputTerms(false) { Sweeps = false } };

    /// <summary>Draws points from a prior and simulates at each, but for those that an earlier run of the same finished.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="simulator">The simulator, with the prior's parameters and a <see cref="ISimulator.Fingerprint"/>.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="count">Number of simulations. Range: 1 or more.</param>
    /// <param name="seed">Origin of all random numbers.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Stops between simulations; finished batches stay.</param>
    /// <exception cref="DataException">
    /// The folder holds simulations of another simulator, prior, seed or batch size, or more of them, was changed, is in use or cannot be
    /// written; or the simulations fail as <see cref="Simulations.Run"/> says.
    /// </exception>
    public static Simulations Run(
        string folder, ISimulator simulator, Prior prior, int count, Seed seed, IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Run(folder, simulator, new SimulationPlan(simulator, prior, count, seed), seed, progress, cancellation);

    /// <summary>The same of simulations that are planned.</summary>
    internal static Simulations Run(
        string folder, ISimulator simulator, SimulationPlan plan, Seed seed, IProgress<SearchProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string fingerprint = simulator.Fingerprint ?? throw new DataException(
            $"The simulator {simulator.GetType().Name} has no fingerprint, so that its simulations could be mixed with those of other "
                + "settings; "
                + "give it one (ISimulator.Fingerprint), or simulate without a folder.");
        using FileStream alone = OpenAlone(folder);
        foreach (string torn in Directory.GetFiles(folder, ".*.tmp"))
        {
            File.Delete(torn);
        }

        Begin(folder, plan, count => SimulationHeader.Of(plan.Points.Slice(0, count), plan.BatchSize, fingerprint, seed));
        var batches = new EventTable?[plan.BatchCount];
        for (int batch = 0; batch < batches.Length; batch++)
        {
            batches[batch] = File.Exists(FileOf(folder, batch)) ? Read(FileOf(folder, batch), plan.PointsOf(batch)) : null;
        }

        int[] missing = [.. Enumerable.Range(0, batches.Length).Where(batch => batches[batch] is null)];
        int done = batches.Length - missing.Length;
        Report(done);
        plan.Run(missing, (batch, observations) =>
        {
            EventTable both = observations.ColumnNames.Aggregate(
                plan.PointsOf(batch), (table, name) => table.WithColumn(name, observations.Memory(name)));
            ParquetEventWriter.Write(FileOf(folder, batch), both, Swept, CancellationToken.None);
            batches[batch] = observations;
            Report(Interlocked.Increment(ref done));
        }, cancellation);
        return plan.Join(batches!);

        void Report(int finished)
        {
            int before = batches.Length - missing.Length;
            progress?.Report(new SearchProgress("Simulating", (double)finished / batches.Length)
            {
                Detail = before == 0
                    ? Text($"{finished} of {batches.Length} batches")
                    : Text($"{finished} of {batches.Length} batches, {before} of them before"),
            });
        }
    }

    /// <summary>Writes the header of a new folder, or compares that of one which is resumed.</summary>
    private static void Begin(string folder, SimulationPlan plan, Func<int, SimulationHeader> headerOf)
    {
        string path = Path.Combine(folder, HeaderFile);
        int count = plan.Points.Count;
        SimulationHeader? found = File.Exists(path) ? SimulationHeader.Read(path) : null;
        if (found is null)
        {
            headerOf(count).Write(path);
        }
        else if (found.Count < count && found.Count > 0 && found == headerOf(found.Count))
        {
            // The last batch of fewer simulations may not be full.
            if (found.Count % plan.BatchSize != 0)
            {
                File.Delete(FileOf(folder, found.Count / plan.BatchSize));
            }

            headerOf(count).Write(path);
        }
        else
        {
            found.RequireSame(headerOf(count), folder);
        }
    }

    private static string FileOf(string folder, int batch) => Path.Combine(folder, Text($"batch-{batch:D6}.parquet"));

    private static FileStream OpenAlone(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(
                Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{folder} cannot be written ({cause.Message.Trim().TrimEnd('.')}); if another run uses it, wait for that one.", cause);
        }
    }

    /// <summary>The observations of a finished batch, whose points must be those that were drawn.</summary>
    private static EventTable Read(string path, EventTable points)
    {
        string[] columns = TableFile.NumberColumns(path);
        EventTable found = TableFile.Read(
            path, columns, new EventReadOptions { MissingValue = double.NaN, KeepsNonFinite = true }, CancellationToken.None);
        bool isSame = found.Count == points.Count
            && points.ColumnNames.All(name => columns.Contains(name) && found[name].SequenceEqual(points[name]));
        return isSame
            ? found.WithColumns([.. columns.Except(points.ColumnNames)])
            : throw new DataException($"{path} has other points than were drawn for it; the file was changed, delete it to simulate it "
                + "again.");
    }
}

/// <summary>What the simulations of a folder are of.</summary>
internal sealed record SimulationHeader(
    string Format, string PackageVersion, string Simulator, string Points, ulong Seed, int Count, int BatchSize)
{
    private const string FormatNow = "gbi-simulations/1";

    public static SimulationHeader Of(EventTable points, int batchSize, string simulator, Seed seed) => new(
        FormatNow, JobHeader.ThisVersion, simulator, JobSeries.FingerprintOf([], points), seed.Value, points.Count, batchSize);

    /// <exception cref="DataException">It is no header.</exception>
    public static SimulationHeader Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(JsonText.Read(path), SimulationHeaderContext.Default.SimulationHeader)
                ?? throw new JsonException("it is null");
        }
        catch (JsonException cause)
        {
            throw new DataException(
                $"{path} is no header of simulations ({cause.Message.TrimEnd('.')}); delete the folder, or give another one.", cause);
        }
    }

    public void Write(string path)
    {
        using var file = new PendingFile(path, true);
        JsonSerializer.Serialize(file.Stream, this, SimulationHeaderContext.Default.SimulationHeader);
        file.Complete();
    }

    /// <summary>Refuses other simulations.</summary>
    /// <exception cref="DataException">They are others; the message says what differs.</exception>
    public void RequireSame(SimulationHeader expected, string folder)
    {
        (string What, object Found, object Expected)[] facts =
        [
            ("of the format", Format, expected.Format),
            ("made by gbi", PackageVersion, expected.PackageVersion),
            ("with the seed", Seed, expected.Seed),
            ("in batches of", BatchSize, expected.BatchSize),
            ("of the simulator", Simulator, expected.Simulator),
            ("in the number", Count, expected.Count),
            ("of the points (of the prior; in rounds also of the observation, members, features and failures)", Points, expected.Points),
        ];
        foreach ((string what, object its, object wanted) in facts)
        {
            if (!its.Equals(wanted))
            {
                throw new DataException(Text(
                    $"{folder} holds simulations {what} {its}, expected {wanted}; delete the folder, or give another one."));
            }
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SimulationHeader))]
internal sealed partial class SimulationHeaderContext : JsonSerializerContext;
