namespace Gbi.Posteriors.Sampling;

/// <summary>How draws are made from a density of which only values are known.</summary>
public enum SamplingMethod
{
    /// <summary>
    /// Importance resampling where its proposals are good; otherwise a grid for one or two parameters and differential evolution for more.
    /// </summary>
    Automatic,

    /// <summary>Cells of a grid, and a uniform point in the cell. For one or two parameters.</summary>
    Grid,

    /// <summary>Proposals, kept with a probability proportional to density over proposal density; none is handed out twice.</summary>
    ImportanceResampling,

    /// <summary>Chains whose steps are differences of other chains; one draw a chain.</summary>
    DifferentialEvolution,

    /// <summary>
    /// Importance resampling whose proposals are normal kernels, which densities p L^β, β from 0 to 1, lead to from the prior p. For real
    /// parameters and a density that costs much: it takes some thousands of values.
    /// </summary>
    AnnealedKernels,
}

/// <summary>How a density is sampled.</summary>
public sealed record SamplingOptions
{
    /// <summary>The method.</summary>
    public SamplingMethod Method { get; init; } = SamplingMethod.Automatic;

    /// <summary>Proposals of importance resampling, at most. Range: 1000 or more.</summary>
    public int MaxProposals
    {
        get;
        init => field = value >= 1000 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxProposals), value, "MaxProposals must be 1,000 or more: fewer do not show how well the proposals fit.");
    } = 200_000;

    /// <summary>Proposals that show how many are needed.</summary>
    internal int FirstProposals { get; init; } = 4096;

    /// <summary>Cells of each axis of a grid of two parameters; one parameter has 20 times as many. Range: 10 or more.</summary>
    public int CellsOfAnAxis
    {
        get;
        init => field = value >= 10 ? value : throw new ArgumentOutOfRangeException(
            nameof(CellsOfAnAxis), value, "CellsOfAnAxis must be 10 or more: a draw is uniform in its cell.");
    } = 500;

    /// <summary>Steps of a chain of differential evolution, at most. Range: 100 or more.</summary>
    public int MaxSteps
    {
        get;
        init => field = value >= 100 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxSteps), value, "MaxSteps must be 100 or more: a chain has to forget where it began.");
    } = 3200;
}
