using Gbi.Events;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Misspecification;

/// <summary>
/// Tells observations that the simulator does not make from those that it does, by three comparisons, each with a p-value from training
/// observations that it has not seen: the distance to the k-th nearest training observation (k is the root of their number) in whitened
/// features, and in summaries where these are given; the feature that is farthest from its mean or from what the others predict; values
/// outside the training range and features that were never missing together. Together they alarm at a level by Bonferroni's rule.
/// </summary>
/// <remarks>
/// p = (1 + #{simulated ≥ observed})/(1 + n). A known shift of one of ten independent normal features by 3 standard deviations would be
/// seen at 1 % with a probability of 75 %; where neither feature nor sign is known, no test sees more than about 40 % of them. An
/// observation that passes may still be wrong in a way that its features do not show.
/// </remarks>
public sealed class MisspecificationAlarm
{
    private const int MostFitted = 20_000;
    private const int MostReferences = 2_000;
    private const int MostHeldOut = 4_000;
    private const int FewestRows = 20;

    private readonly FeatureResiduals _residuals;
    private readonly NeighbourDistance _neighbours;
    private readonly NeighbourDistance? _summaries;
    private readonly TrainingRange _range;

    /// <summary>The alarm of a stored state.</summary>
    public MisspecificationAlarm(MisspecificationState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        RequireSound(state);
        State = state;
        var whitening = new Whitening(state.Whitening);
        _residuals = new FeatureResiduals(whitening, state.Residuals);
        _neighbours = new NeighbourDistance(whitening, state.Neighbours);
        _summaries = state.SummaryWhitening is { } ofSummaries && state.SummaryNeighbours is { } neighbours
            ? new NeighbourDistance(new Whitening(ofSummaries), neighbours)
            : null;
        _range = new TrainingRange(state);
    }

    /// <summary>All that an equal alarm needs.</summary>
    public MisspecificationState State { get; }

    /// <summary>The smallest level at which any observation can raise the alarm.</summary>
    public double SmallestLevel => (_summaries is null ? 3.0 : 4.0) / (1 + State.Residuals.Largest.Count);

    /// <summary>
    /// Learns from the observations of a training, without failed simulations. Half of them are compared with the others.
    /// </summary>
    /// <param name="observations">
    /// Columns <paramref name="features"/>; a missing value is NaN. Of weighted ones each is kept with the probability w/(largest w).
    /// </param>
    /// <param name="features">Names of the features.</param>
    /// <param name="seed">Of the halves.</param>
    /// <param name="summaries">
    /// Summaries of the same rows by a model, such as predicted means of the parameters; null for none. Best of simulations that the model
    /// has not seen.
    /// </param>
    /// <exception cref="DataException">
    /// A feature is no column or infinite, there are fewer than 20 rows, or numbers of rows disagree.
    /// </exception>
    public static MisspecificationAlarm Learn(
        EventTable observations, IReadOnlyList<string> features, Seed seed, EventTable? summaries = null)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(features);
        if (observations.Count < FewestRows || features.Count == 0 || (summaries is not null && summaries.Count != observations.Count))
        {
            throw new DataException(
                $"There are {observations.Count:N0} observations of {features.Count} features"
                    + $"{(summaries is null ? "" : $" and {summaries.Count:N0} of summaries")} to learn what is usual from; give "
                    + $"{FewestRows} or more, with at least one feature and as many rows of each.");
        }

        if (observations.HasWeights)
        {
            int[] kept = Unweighted(observations, seed.Child("weights"));
            if (kept.Length < FewestRows)
            {
                throw new DataException(
                    $"{kept.Length:N0} of {observations.Count:N0} observations are kept in proportion to their weights, expected "
                        + $"{FewestRows} or more to learn what is usual from: a few have most of the weight. Simulate where the prior has "
                        + "density.");
            }

            return Learn(observations.Select(kept).WithWeights(null), features, seed, summaries?.Select(kept));
        }

        float[][] columns = Columns(observations, features);
        int[] order = seed.Permutation(observations.Count);
        int half = order.Length / 2;
        int[] fitted = order[..Math.Min(half, MostFitted)];
        int[] references = fitted[..Math.Min(fitted.Length, MostReferences)];
        int[] heldOut = order[half..Math.Min(order.Length, half + MostHeldOut)];
        (float[] lowest, float[] highest, string[] patterns, int rare) = TrainingRange.Learn(features, columns);
        var whitening = Whitening.Learn(columns, fitted);
        string[] names = summaries is null ? [] : [.. summaries.ColumnNames];
        float[][] ofSummaries = summaries is null ? [] : Columns(summaries, names);
        Whitening? summaryWhitening = names.Length > 0 ? Whitening.Learn(ofSummaries, fitted) : null;
        return new MisspecificationAlarm(new MisspecificationState
        {
            TrainingCount = observations.Count,
            Features = [.. features],
            Lowest = lowest,
            Highest = highest,
            MissingPatterns = patterns,
            RarePatternCount = rare,
            Whitening = whitening.State,
            Neighbours = NeighbourDistance.Learn(whitening, columns, references, heldOut).State,
            Residuals = FeatureResiduals.Learn(whitening, columns, fitted, heldOut).State,
            Summaries = names,
            SummaryWhitening = summaryWhitening?.State,
            SummaryNeighbours = summaryWhitening is null
                ? null
                : NeighbourDistance.Learn(summaryWhitening, ofSummaries, references, heldOut).State,
        });
    }

    /// <summary>Compares observations with the simulations.</summary>
    /// <param name="observations">Columns of the features; a missing value is NaN.</param>
    /// <param name="summaries">Columns of the summaries, as many rows, where the alarm was learnt with some.</param>
    /// <param name="level">How often the alarm rings for a simulation, at most. Range: (0, 1).</param>
    /// <returns>One check an observation.</returns>
    /// <exception cref="DataException">A column is missing or infinite, or numbers of rows disagree.</exception>
    public IReadOnlyList<MisspecificationCheck> Check(EventTable observations, EventTable? summaries = null, double level = 0.01)
    {
        ArgumentNullException.ThrowIfNull(observations);
        if (!(level is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level of an alarm must lie between 0 and 1.");
        }

        if (_summaries is not null && summaries?.Count != observations.Count)
        {
            throw new DataException(
                $"There are {observations.Count:N0} observations and {summaries?.Count ?? 0:N0} rows of "
                    + $"{string.Join(", ", State.Summaries)}; the alarm was learnt with these summaries, so give one row an observation.");
        }

        float[][] columns = Finite(Columns(observations, State.Features), State.Features);
        float[][] ofSummaries = _summaries is null ? [] : Finite(Columns(summaries!, State.Summaries), State.Summaries);
        var checks = new MisspecificationCheck[observations.Count];
        EventBlocks.ForEachIndex(checks.Length, row => checks[row] = new MisspecificationCheck
        {
            Signs = Signs(columns, ofSummaries, row),
            Level = level,
            IsInconclusive = SmallestLevel > level,
        });
        return checks;
    }

    private MisspecificationSign[] Signs(float[][] columns, float[][] ofSummaries, int row)
    {
        (float score, int feature, double residual, bool isConditional) = _residuals.Of(columns, row);
        double ofResidual = _residuals.Probability(score);
        double ofNeighbours = _neighbours.Probability(_neighbours.Of(columns, row));
        double ofRange = _range.Probability(columns, row);
        string whence = isConditional ? "what the other features predict" : "its mean among the simulations";
        List<MisspecificationSign> signs =
        [
            new("features", ofResidual, Text(
                $"{State.Features[feature]} lies {residual:+0.0;−0.0} standard deviations from {whence}; p = {ofResidual:G2}.")),
            new("neighbours", ofNeighbours, Text(
                $"The observation lies farther from the simulations than {100 * (1 - ofNeighbours):F1} % of them; p = {ofNeighbours:G2}.")),
            new("range", ofRange, Text($"Unlike any simulation: {_range.Describe(columns, row)}; p = {ofRange:G2}.")),
        ];
        if (_summaries is not null)
        {
            double ofThem = _summaries.Probability(_summaries.Of(ofSummaries, row));
            signs.Add(new("summaries", ofThem, Text(
                $"The summaries lie farther from those of simulations than {100 * (1 - ofThem):F1} % of them; p = {ofThem:G2}.")));
        }

        return [.. signs];
    }

    private static void RequireSound(MisspecificationState state)
    {
        int width = state.Features.Count;
        bool isSound = width > 0 && state.Lowest.Count == width && state.Highest.Count == width
            && state.MissingPatterns.All(pattern => pattern.Length == width)
            && IsSound(state.Whitening, state.Neighbours, width)
            && state.Residuals.Quantiles.Count == 2 * width * state.Residuals.Scores.Count
            && (state.Summaries.Count == 0) == (state.SummaryWhitening is null)
            && (state.SummaryWhitening is null) == (state.SummaryNeighbours is null)
            && (state.SummaryWhitening is null || IsSound(state.SummaryWhitening, state.SummaryNeighbours!, state.Summaries.Count));
        if (!isSound)
        {
            throw new DataException($"Numbers of a misspecification check of {width} features are missing; the model file is damaged.");
        }

        static bool IsSound(WhiteningState whitening, NeighbourState neighbours, int width) =>
            whitening.Means.Count == width && whitening.Deviations.Count == width && whitening.Correlations.Count == width * width
            && neighbours.Points.Count % width == 0
            && neighbours.NeighbourCount >= 1 && neighbours.NeighbourCount <= neighbours.Points.Count / width;
    }

    private static int[] Unweighted(EventTable events, Seed seed)
    {
        double[] weights = events.Weights.ToArray();
        double largest = weights.Max();
        int row = Array.FindIndex(weights, weight => !(weight >= 0) || double.IsInfinity(weight));
        return row >= 0
            ? throw new DataException($"The weight of training observation {row:N0} is {weights[row]}, expected a number of 0 or more.")
            : [.. Enumerable.Range(0, weights.Length).Where(at => seed.Uniform(at) * largest < weights[at])];
    }

    private static float[][] Columns(EventTable table, IReadOnlyList<string> names) => [.. names.Select(name => table[name].ToArray())];

    private static float[][] Finite(float[][] columns, IReadOnlyList<string> names)
    {
        for (int k = 0; k < columns.Length; k++)
        {
            int row = Array.FindIndex(columns[k], float.IsInfinity);
            if (row >= 0)
            {
                throw new DataException(
                    $"'{names[k]}' of observation {row:N0} is infinite; expected a number, or NaN where it is missing.");
            }
        }

        return columns;
    }
}
