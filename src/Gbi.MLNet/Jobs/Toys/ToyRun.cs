using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;

namespace Gbi.Jobs.Toys;

/// <summary>A test by toys, or a shard of one, and what tells which shards belong together.</summary>
/// <param name="Result">The test.</param>
/// <param name="ParameterOfInterest">Name of μ.</param>
/// <param name="Model">Hash of the model and its data (<see cref="ModelFingerprint"/>).</param>
/// <param name="Seed">Origin of the random numbers.</param>
/// <param name="PackageVersion">Version of the package that drew and fitted the toys.</param>
internal sealed record ToyRun(ToyTestResult Result, string ParameterOfInterest, string Model, ulong Seed, string PackageVersion)
{
    /// <summary>Name of the measurement of a workspace that was used; null for a model of gbi.</summary>
    public string? Measurement { get; init; }

    /// <summary>Name of the model's file, without its folder, with those of its patches; null where it is not known.</summary>
    public string? File { get; init; }

    /// <summary>The statistic of the Asimov data without signal; null where its fits failed, or it is not known.</summary>
    public double? QAsimov { get; init; }

    /// <summary>Whether the bounds of fits keep the strength from being negative.</summary>
    public bool IsBounded { get; init; }

    /// <summary>A run of this version of the package.</summary>
    public ToyRun(ToyTestResult result, StrengthTest test, ulong seed)
        : this(
            result,
            (test ?? throw new ArgumentNullException(nameof(test))).Model.Parameters[test.ParameterOfInterest].Name,
            ModelFingerprint.Of(test.Model, test.Data),
            seed,
            JobHeader.ThisVersion)
    {
        QAsimov = QAsimovOf(result, test);
        IsBounded = test.Model.Parameters[test.ParameterOfInterest].Lower >= 0;
    }

    /// <summary>Whether it is what a test with these options gives, by all that decides its toys.</summary>
    public bool IsOf(StrengthTest test, double mu, ToyTestOptions options, ulong seed) =>
        Seed == seed && PackageVersion == JobHeader.ThisVersion && Result.Mu.Equals(mu)
            && Result.Options.Statistic == options.Statistic && Result.Options.ToyCount == options.ToyCount
            && Result.Options.Shard == options.Shard
            && ParameterOfInterest == test.Model.Parameters[test.ParameterOfInterest].Name
            && Model == ModelFingerprint.Of(test.Model, test.Data);

    private static double? QAsimovOf(ToyTestResult result, StrengthTest test)
    {
        try
        {
            return test.Asimov.Statistic(result.Options.Statistic, result.Mu);
        }
        catch (FitException)
        {
            return null;
        }
    }
}
