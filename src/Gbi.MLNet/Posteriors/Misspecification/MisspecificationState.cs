namespace Gbi.Posteriors.Misspecification;

/// <summary>
/// What a <see cref="MisspecificationAlarm"/> keeps: plain names and numbers, to be stored in a model. Of d features and at most 2,000
/// reference observations, about 4 (2,000 d + 12,000) bytes.
/// </summary>
public sealed record MisspecificationState
{
    /// <summary>Number of training observations.</summary>
    public required int TrainingCount { get; init; }

    /// <summary>Names of the features, in order.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Smallest value of each feature in training; NaN where it is always missing.</summary>
    public required IReadOnlyList<float> Lowest { get; init; }

    /// <summary>Largest value of each feature in training; NaN where it is always missing.</summary>
    public required IReadOnlyList<float> Highest { get; init; }

    /// <summary>Combinations of missing features in training, one character a feature: 1 for missing, 0 for present.</summary>
    public required IReadOnlyList<string> MissingPatterns { get; init; }

    /// <summary>Number of those combinations that one training observation alone has.</summary>
    public required int RarePatternCount { get; init; }

    /// <summary>Scale and correlation of the features.</summary>
    public required WhiteningState Whitening { get; init; }

    /// <summary>Reference observations in whitened features.</summary>
    public required NeighbourState Neighbours { get; init; }

    /// <summary>Size of residuals of the features.</summary>
    public required ResidualState Residuals { get; init; }

    /// <summary>Names of the summaries, in order; empty for none.</summary>
    public required IReadOnlyList<string> Summaries { get; init; }

    /// <summary>Scale and correlation of the summaries; null for none.</summary>
    public required WhiteningState? SummaryWhitening { get; init; }

    /// <summary>Reference observations in whitened summaries; null for none.</summary>
    public required NeighbourState? SummaryNeighbours { get; init; }
}

/// <summary>Means, standard deviations and correlations of columns.</summary>
/// <param name="Means">Mean of each column.</param>
/// <param name="Deviations">Standard deviation of each column; 1 for a constant.</param>
/// <param name="Correlations">
/// Correlation matrix, row-major, drawn towards the unit matrix by the share d/(n + d) for d columns and n observations, so that it is
/// positive definite.
/// </param>
public sealed record WhiteningState(
    IReadOnlyList<double> Means, IReadOnlyList<double> Deviations, IReadOnlyList<double> Correlations);

/// <summary>Reference observations, and distances of others to their k-th neighbour among them.</summary>
/// <param name="Points">Whitened reference observations, one after the other.</param>
/// <param name="NeighbourCount">k, the root of the number of reference observations.</param>
/// <param name="Distances">Distances of training observations that are no reference, ascending.</param>
public sealed record NeighbourState(IReadOnlyList<float> Points, int NeighbourCount, IReadOnlyList<float> Distances);

/// <summary>How large residuals of features are in training, with and without the other features.</summary>
/// <param name="Quantiles">
/// Quantiles of the absolute residual of each feature, [2 × features × knots]: first of the distance from its mean, then from what the
/// other features predict, both in standard deviations.
/// </param>
/// <param name="Scores">Normal score of each knot: the distance that a normal residual exceeds as often.</param>
/// <param name="Largest">Largest normal score of training observations that the quantiles have not seen, ascending.</param>
public sealed record ResidualState(IReadOnlyList<float> Quantiles, IReadOnlyList<double> Scores, IReadOnlyList<float> Largest);
