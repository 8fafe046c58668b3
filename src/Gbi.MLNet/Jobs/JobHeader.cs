using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Jobs;

/// <summary>The first line of a file of jobs: what its results are of.</summary>
internal sealed record JobHeader(string Format, string PackageVersion, string Series, string Fingerprint, int Jobs, int Shard, int Shards)
{
    private const string FormatNow = "gbi-jobs/1";

    /// <summary>Version of this package.</summary>
    public static string ThisVersion { get; } = typeof(JobHeader).Assembly.GetName().Version?.ToString(3) ?? "";

    public static JobHeader Of(JobSeries series) => new(
        FormatNow,
        ThisVersion,
        series.Name,
        series.Fingerprint,
        series.Count,
        series.Shard.Number,
        series.Shard.Of);

    public string Write() => JsonSerializer.Serialize(this, JobHeaderContext.Default.JobHeader);

    /// <summary>The lines of a finished file.</summary>
    /// <exception cref="DataException">It cannot be read, or is empty.</exception>
    public static string[] ReadLines(string path)
    {
        try
        {
            string[] lines = File.ReadAllLines(path);
            return lines.Length > 0
                ? lines
                : throw new DataException($"{path} is empty, expected the results of jobs; delete it to run them again.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read ({cause.Message.Trim().TrimEnd('.')}).", cause);
        }
    }

    /// <summary>Whether a line of a file of jobs is a header and no job's outcome.</summary>
    public static bool IsHeader(string line) => line.StartsWith("{\"format\":", StringComparison.Ordinal);

    /// <summary>The header in a file's first line.</summary>
    /// <exception cref="DataException">It is none.</exception>
    public static JobHeader Parse(string line, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JobHeaderContext.Default.JobHeader) is { Format: FormatNow } header
                ? header
                : throw new DataException(
                    $"{path} does not begin as a file of jobs of format '{FormatNow}'; choose another name, or delete it.");
        }
        catch (JsonException cause)
        {
            throw new DataException($"{path} is no file of jobs ({cause.Message.TrimEnd('.')}); choose another name, or delete it.", cause);
        }
    }

    /// <summary>Whether the jobs of a file are the first of a longer series, in one shard each: then the file can be resumed.</summary>
    public bool IsBeginningOf(JobHeader longer) => Shards == 1 && Jobs < longer.Jobs && this with { Jobs = longer.Jobs } == longer;

    /// <summary>Refuses results of other settings.</summary>
    /// <exception cref="DataException">They are not of this series; the message says what differs.</exception>
    public void RequireSame(JobHeader expected, string path)
    {
        (string What, object Found, object Expected)[] facts =
        [
            ("the series", Series, expected.Series),
            ("results of gbi", PackageVersion, expected.PackageVersion),
            ("results of options and events", Fingerprint, expected.Fingerprint),
            ("the number of jobs", Jobs, expected.Jobs),
            ("shard", Text($"{Shard}/{Shards}"), Text($"{expected.Shard}/{expected.Shards}")),
        ];
        foreach ((string what, object found, object wanted) in facts)
        {
            if (!found.Equals(wanted))
            {
                throw new DataException(Text(
                    $"{path} holds {what} {found}, expected {wanted}; delete it, or give another name."));
            }
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JobHeader))]
internal sealed partial class JobHeaderContext : JsonSerializerContext;
