using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Estimators.Posteriors;

/// <summary>Prior, columns and training of a posterior.</summary>
public sealed record PosteriorOptions
{
    /// <summary>
    /// What the parameters of the training rows were drawn from. They are in columns of Single with the names of its
    /// <see cref="Prior.Parameters"/>, which only the training reads.
    /// </summary>
    public required Prior Prior { get; init; }

    /// <summary>Vector of Single, size known: the features x; NaN is a missing value.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>Columns of Single with the features instead of <see cref="FeatureColumn"/>; null for the vector.</summary>
    public IReadOnlyList<string>? FeatureColumns
    {
        get;
        init => field = value is null || (value.Count > 0 && value.Distinct().Count() == value.Count)
            ? value
            : throw new ArgumentException(
                $"FeatureColumns is [{string.Join(", ", value)}], expected one column or more, each once.", nameof(FeatureColumns));
    }

    /// <summary>Single column of the weights of the training rows, above 0; null where every row counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>Name of the appended vector with the mean of each parameter; null for none.</summary>
    public string? MeanColumn { get; init; } = "PosteriorMean";

    /// <summary>Name of the appended vector with the standard deviation of each parameter; null for none.</summary>
    public string? DeviationColumn { get; init; } = "PosteriorDeviation";

    /// <summary>
    /// Name of the appended vector with the quantiles of each parameter at <see cref="QuantileLevels"/>, those of the first parameter
    /// first; null for none.
    /// </summary>
    public string? QuantileColumn { get; init; } = "PosteriorQuantiles";

    /// <summary>Posterior probability below each quantile. Range: at least one, in (0, 1).</summary>
    public IReadOnlyList<double> QuantileLevels
    {
        get;
        init => field = value is { Count: > 0 } && value.All(level => level is > 0 and < 1)
            ? value
            : throw new ArgumentException(
                Text($"QuantileLevels is [{string.Join(", ", value ?? [])}], expected at least one level, all above 0 and below 1."),
                nameof(QuantileLevels));
    } = [0.16, 0.5, 0.84];

    /// <summary>
    /// Name of the appended vector with the draws themselves, <see cref="DrawCount"/> of the first parameter first; null for none. Draws of
    /// the same number belong together.
    /// </summary>
    public string? DrawColumn { get; init; }

    /// <summary>
    /// Draws from the posterior of each row, from which all outputs are computed; a mean is known to its standard deviation over the root
    /// of this. Range: 2 or more.
    /// </summary>
    public int DrawCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(DrawCount), value, "DrawCount must be 2 or more: a standard deviation is computed from the draws.");
    } = PosteriorDrawing.DefaultCount;

    /// <summary>How the posterior is learnt.</summary>
    public TreePosteriorOptions Training { get; init; } = new();

    /// <summary>
    /// Of the training and of the draws. A row's draws depend on this and on its features alone: rows with equal features have equal draws,
    /// wherever they are.
    /// </summary>
    public Seed Seed { get; init; } = new(1);

    internal PosteriorDrawing Drawing => new(DrawCount, Seed.Child("draws"), [.. QuantileLevels],
    [
        .. MeanColumn is null ? (PosteriorOutput[])[] : [PosteriorOutput.Mean],
        .. DeviationColumn is null ? (PosteriorOutput[])[] : [PosteriorOutput.Deviation],
        .. QuantileColumn is null ? (PosteriorOutput[])[] : [PosteriorOutput.Quantiles],
        .. DrawColumn is null ? (PosteriorOutput[])[] : [PosteriorOutput.Draws],
    ]);

    internal string[] Outputs => [.. new[] { MeanColumn, DeviationColumn, QuantileColumn, DrawColumn }.OfType<string>()];

    /// <summary>Refuses outputs that no transformer can have.</summary>
    /// <exception cref="ArgumentException">There are none, or two of one name.</exception>
    internal void RequireOutputs()
    {
        string[] names = Outputs;
        if (names.Length == 0 || names.Distinct().Count() < names.Length)
        {
            throw new ArgumentException(names.Length == 0
                ? "No column would be appended; name one in MeanColumn, DeviationColumn, QuantileColumn or DrawColumn."
                : $"Two of the appended columns {string.Join(", ", names)} have the same name; give each its own.");
        }
    }
}
