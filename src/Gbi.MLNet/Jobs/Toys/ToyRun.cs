using Gbi.Inference.Tests;
using Gbi.Likelihoods;

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

    /// <summary>A run of this version of the package.</summary>
    public ToyRun(ToyTestResult result, StrengthTest test, ulong seed)
        : this(
            result,
            (test ?? throw new ArgumentNullException(nameof(test))).Model.Parameters[test.ParameterOfInterest].Name,
            ModelFingerprint.Of(test.Model, test.Data),
            seed,
            JobHeader.ThisVersion)
    {
    }
}
