using Gbi.Inference.Tests;
using Gbi.Jobs.Toys;

namespace Gbi.Reports.Json.Fits;

/// <summary>A test of one strength by toys.</summary>
[DocumentKind("toys", "A test of one signal strength by toys; printed by `gbi toys --json` and `gbi merge --json`")]
internal sealed record ToysDocument(
    [property: Meaning("Name of the parameter of interest")] string ParameterOfInterest,
    [property: Meaning("Test statistic: \"q-tilde\", \"q\", \"t\" or \"q0\"")] string Statistic,
    [property: Meaning("Tested strength; 0 for \"q0\"")] double Mu,
    [property: Meaning("Best value of the strength")] double MuHat,
    [property: Meaning("Test statistic of the observed data")] double Observed,
    [property: Meaning("P(statistic ≥ observed | tested strength), a share of the toys")] double Probability,
    [property: Meaning("Its binomial error")] double ProbabilityError,
    [property: Meaning("CLs; null for \"t\" and \"q0\"")] double? Cls,
    [property: Meaning("Its binomial error")] double? ClsError,
    [property: Meaning("CLs expected without signal, at −2σ, −1σ, the median, +1σ, +2σ; null for \"t\" and \"q0\"")]
    IReadOnlyList<double>? ExpectedCls,
    [property: Meaning("Their errors from the number of toys")] IReadOnlyList<double>? ExpectedClsError,
    [property: Meaning("The same as probability; null for \"t\" and \"q0\"")] double? Clsb,
    [property: Meaning("P(statistic ≥ observed | no signal); null for \"t\" and \"q0\"")] double? Clb,
    [property: Meaning("Toys of each kind")] int Toys,
    [property: Meaning("Toys whose fits failed; they are left out")] int Failed) : ModelResultDocument
{
    /// <summary>The statistic of the toys in bins.</summary>
    [Meaning("Toys in bins of the statistic; null where none was fitted")]
    public ToyDistributionDocument? Distribution { get; init; }

    /// <summary>The document of a test.</summary>
    /// <param name="run">The test.</param>
    public static ToysDocument Of(ToyRun run)
    {
        ToyTestResult result = run.Result;
        bool hasCls = result.Background is not null;
        return new ToysDocument(
            run.ParameterOfInterest,
            ToyRunJson.NameOf(result.Options.Statistic),
            result.Mu,
            result.MuHat,
            result.Observed,
            result.PTested,
            result.PTestedError,
            hasCls ? result.Cls : null,
            hasCls ? result.ClsError : null,
            hasCls ? [.. result.ExpectedCls.Select(cls => cls.Value)] : null,
            hasCls ? [.. result.ExpectedCls.Select(cls => cls.Error)] : null,
            hasCls ? result.PTested : null,
            hasCls ? result.PBackground : null,
            result.Options.ToyCount,
            result.Failures.Count)
        {
            Measurement = run.Measurement,
            Model = run.File,
            Distribution = ToyDistribution.Of(result, run.QAsimov, run.IsBounded) is { } distribution
                ? ToyDistributionDocument.Of(distribution)
                : null,
        };
    }
}

internal sealed record ToyDistributionDocument(
    [property: Meaning("Borders of the bins, one more than bins")] IReadOnlyList<double> Edges,
    [property: Meaning("Toys with the tested strength in each bin, with √n")] BinContentsDocument Tested,
    [property: Meaning("Toys without signal; null for \"t\" and \"q0\"")] BinContentsDocument? Background,
    [property: Meaning("Toys that asymptotic formulas expect; null where a fit of the Asimov data failed")]
    IReadOnlyList<double>? ExpectedTested,
    [property: Meaning("The same without signal; null then, and for \"t\" and \"q0\"")]
    IReadOnlyList<double>? ExpectedBackground)
{
    public static ToyDistributionDocument Of(ToyDistribution found) => new(
        found.Edges, Counted(found.Tested), found.Background is { } background ? Counted(background) : null, found.ExpectedTested,
        found.ExpectedBackground);

    private static BinContentsDocument Counted(IReadOnlyList<double> counts) => new(counts, [.. counts.Select(Math.Sqrt)]);
}

/// <summary>A shard of such a test, whose toys went to a file.</summary>
[DocumentKind("toyShard", "A shard of a test by toys, whose toys went to a file; printed by `gbi toys --shard --json`")]
internal sealed record ToyShardDocument(
    [property: Meaning("File with the toys")] string Out,
    [property: Meaning("Number of the shard and of all shards, such as \"1/8\"")] string Shard,
    [property: Meaning("Toys of this shard, of each kind")] int Toys,
    [property: Meaning("Toys whose fits failed")] int Failed) : ModelResultDocument
{
    public static ToyShardDocument Of(ToyRun run, string path) =>
        new(path, run.Result.Options.Shard.ToString(), run.Result.Tested.Values.Count, run.Result.Failures.Count)
        {
            Measurement = run.Measurement,
        };
}
