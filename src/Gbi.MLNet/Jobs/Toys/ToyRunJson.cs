using System.Text.Encodings.Web;
using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Jobs.Toys;

/// <summary>A test by toys as JSON, with the numbers of every toy: read and written without loss.</summary>
internal static class ToyRunJson
{
    private const string Format = "gbi-toys/1";

    private static readonly (string Name, TestStatistic Statistic)[] Statistics =
        [("q-tilde", TestStatistic.QTildeMu), ("q", TestStatistic.QMu), ("t", TestStatistic.TMu), ("q0", TestStatistic.Q0)];

    // Reasons with σ stay readable; the document is not embedded in HTML.
    private static readonly ToyRunContext Context = new(
        new JsonSerializerOptions(ToyRunContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Names of the test statistics in documents and on the command line.</summary>
    public static IReadOnlyList<string> StatisticNames { get; } = [.. Statistics.Select(known => known.Name)];

    /// <summary>The statistic of a name.</summary>
    /// <exception cref="DataException">There is none of this name.</exception>
    public static TestStatistic StatisticOf(string name) => Array.FindIndex(Statistics, known => known.Name == name) is >= 0 and var at
        ? Statistics[at].Statistic
        : throw new DataException($"There is no test statistic '{name}'; expected one of {string.Join(", ", StatisticNames)}.");

    /// <summary>The name of a statistic.</summary>
    public static string NameOf(TestStatistic statistic) => Statistics.Single(known => known.Statistic == statistic).Name;

    /// <summary>The document, with a line feed at its end.</summary>
    public static string Write(ToyRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ToyTestResult result = run.Result;
        return JsonSerializer.Serialize(new ToyRunDocument(
            Format,
            run.PackageVersion,
            run.Model,
            run.ParameterOfInterest,
            NameOf(result.Options.Statistic),
            result.Mu,
            run.Seed,
            result.Options.ToyCount,
            result.Options.Shard.Number,
            result.Options.Shard.Of,
            result.Observed,
            result.MuHat,
            Of(result.Tested),
            result.Background is { } background ? Of(background) : null,
            run.Measurement,
            run.File,
            run.QAsimov,
            run.IsBounded), Context.ToyRunDocument) + "\n";
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="DataException">It is no such document.</exception>
    public static ToyRun Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            ToyRunDocument document = JsonSerializer.Deserialize(text, Context.ToyRunDocument)
                ?? throw new DataException("It holds null, expected what 'gbi toys --out' writes.");
            return document.Format == Format
                ? Of(document)
                : throw new DataException($"Its format is '{document.Format}', expected '{Format}', which 'gbi toys --out' writes.");
        }
        catch (JsonException cause)
        {
            throw new DataException($"It is not what 'gbi toys --out' writes: {JsonText.Fault(cause)}.", cause);
        }
        catch (ArgumentException cause)
        {
            throw new DataException($"It is not what 'gbi toys --out' writes ({cause.Message.TrimEnd('.')}).", cause);
        }
    }

    private static ToyRun Of(ToyRunDocument document)
    {
        TestStatistic statistic = StatisticOf(document.Statistic);
        var options = new ToyTestOptions
        {
            Statistic = statistic,
            ToyCount = document.Toys,
            Shard = new ToyShard(document.Shard, document.Shards)
        };
        if ((document.Background is not null) != options.HasBackground)
        {
            throw new DataException(
                $"It has {(options.HasBackground ? "no toys" : "toys")} without signal, which does not go with the statistic "
                    + $"{document.Statistic}.");
        }

        var result = new ToyTestResult
        {
            Mu = document.Mu,
            Options = options,
            Observed = document.Observed,
            MuHat = document.MuHat,
            Tested = Of(document.Tested, document, options),
            Background = document.Background is { } background ? Of(background, document, options) : null,
        };
        return new ToyRun(result, document.ParameterOfInterest, document.Model, document.Seed, document.PackageVersion)
        {
            Measurement = document.Measurement,
            File = document.File,
            QAsimov = document.QAsimov,
            IsBounded = document.IsBounded,
        };
    }

    private static ToyFits Of(ToyFitsDocument toys, ToyRunDocument document, ToyTestOptions options)
    {
        (long first, int count) = options.Shard.Range(options.ToyCount);
        if (toys.First != first || toys.Values.Count != count || toys.MuHat.Count != count
            || toys.Values.Count(value => value is null) != toys.Failures.Count)
        {
            throw new DataException(Text(
                $"It holds {toys.Values.Count} toys from number {toys.First} with {toys.Failures.Count} failures, expected {count} from "
                    + $"number {first}, a failure for each toy without a value; the file was changed."));
        }

        return new ToyFits
        {
            Mu = document.Mu,
            Statistic = options.Statistic,
            First = toys.First,
            Values = [.. toys.Values.Select(value => value ?? double.NaN)],
            MuHat = [.. toys.MuHat.Select(value => value ?? double.NaN)],
            Failures = [.. toys.Failures.Select(failure => new ToyFailure(failure.Toy, failure.Reason))],
        };
    }

    private static ToyFitsDocument Of(ToyFits toys) => new(
        toys.First,
        [.. toys.Values.Select(Finite)],
        [.. toys.MuHat.Select(Finite)],
        [.. toys.Failures.Select(failure => new ToyFailureDocument(failure.Number, failure.Reason))]);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
