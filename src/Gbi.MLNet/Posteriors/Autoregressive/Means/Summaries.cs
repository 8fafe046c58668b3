using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// Learnt summaries of an observation: the means E[cₖ|x] of the parameters' coordinates and the products of their distances
/// E[(cₖ−E[cₖ|x])(cₗ−E[cₗ|x])|x]; those that do not depend on x are left out.
/// </summary>
/// <param name="first">
/// Rounds of polynomials that lead to the means; none where x has few features. Each round has products of the means of the round before
/// with x as further terms.
/// </param>
/// <param name="means">The means, in x and the last of the first means.</param>
/// <param name="products">The products that depend on x.</param>
internal sealed class Summaries(ConditionalMean[][] first, ConditionalMean[] means, Summaries.Product[] products)
{
    private const string ParameterMeanPrefix = "mean_";
    private const string MeanPrefix = "#mean";
    private const char LearntPrefix = '#';


    // Above this many coordinates only squares are learnt: the products grow with the square of their number.
    private const int MostCoordinatesOfProducts = 5;

    // The first one is linear in most features; each later one describes how the weights of features change with the parameters.
    private const int FirstRounds = 2;

    /// <summary>E[(cₖ−E[cₖ|x])(cₗ−E[cₗ|x])|x].</summary>
    public sealed record Product(int First, int Second, ConditionalMean Mean)
    {
        /// <summary>Name of its column.</summary>
        public string Name => $"#product{First},{Second}";
    }

    public ConditionalMean[][] First => first;

    public ConditionalMean[] Means => means;

    public Product[] Products => products;

    /// <summary>Whether a column holds a learnt mean.</summary>
    public static bool IsMean(string column) => column.StartsWith(MeanPrefix, StringComparison.Ordinal);

    /// <summary>Whether a column holds what was learnt of the features, or of parameters.</summary>
    public static bool IsLearnt(string column) => column[0] == LearntPrefix;

    /// <summary>Learns the summaries.</summary>
    /// <param name="coordinates">Coordinates of the parameters, a column each.</param>
    /// <param name="features">x.</param>
    /// <param name="set">Weights and folds.</param>
    /// <param name="options">How trees are grown.</param>
    /// <returns>The summaries, and those of the training events by fits without them.</returns>
    public static (Summaries Summaries, SummarisedEvents OutOfFold) Fit(
        float[][] coordinates, EventTable features, TrainingSet set, TreeOptions options)
    {
        (ConditionalMean[][] first, EventTable refined) = FitFirst(coordinates, features, set);
        BinnedEvents binned = FeatureBins.Learn(refined, refined.ColumnNames, options.MaxBins).Apply(refined);
        int width = coordinates.Length;
        var means = new ConditionalMean[width];
        float[][] ofMeans = new float[width][];
        EventBlocks.ForEachIndex(
            width,
            k => (means[k], ofMeans[k]) = ConditionalMean.FitLocation(refined, binned, coordinates[k], set, options),
            set.Cancellation);
        float[][] distances = [.. Enumerable.Range(0, width).Select(k => (float[])[.. coordinates[k].Zip(ofMeans[k], (a, b) => a - b)])];
        (int First, int Second)[] pairs = Pairs(width);
        var products = new Product[pairs.Length];
        float[][] ofProducts = new float[pairs.Length][];
        EventBlocks.ForEachIndex(
            pairs.Length,
            i =>
            {
                (int one, int other) = pairs[i];
                float[] target = [.. distances[one].Zip(distances[other], (a, b) => a * b)];
                (ConditionalMean mean, ofProducts[i]) = ConditionalMean.Fit(refined, binned, target, set, options);
                products[i] = new Product(one, other, mean);
            },
            set.Cancellation);
        int[] kept = [.. Enumerable.Range(0, pairs.Length).Where(i => !products[i].Mean.IsConstant)];
        var summaries = new Summaries(first, means, [.. kept.Select(i => products[i])]);
        return (summaries, new SummarisedEvents(
            summaries.Named(ofMeans, [.. kept.Select(i => ofProducts[i])])
                .Aggregate(features, (all, column) => all.WithNew(column.Name, column.Values)),
            ofMeans));
    }

    /// <summary>The summaries of observations.</summary>
    public SummarisedEvents Predict(EventTable features)
    {
        EventTable refined = features;
        foreach (ConditionalMean[] round in first)
        {
            EventTable before = refined;
            refined = Refined(features, round, [.. round.Select(mean => mean.Predict(before))]);
        }

        float[][] ofMeans = [.. means.Select(mean => mean.Predict(refined))];
        float[][] ofProducts = [.. products.Select(product => product.Mean.Predict(refined))];
        return new SummarisedEvents(
            Named(ofMeans, ofProducts).Aggregate(features, (all, column) => all.WithColumn(column.Name, column.Values)), ofMeans);
    }

    /// <summary>E[θ|x] of each parameter, a column each; of an angle the direction of its mean.</summary>
    public EventTable ParameterMeans(Prior prior, EventTable features)
    {
        float[][] ofCoordinates = Predict(features).Means;
        var columns = new (string, float[])[prior.Parameters.Count];
        int first = 0;
        for (int k = 0; k < columns.Length; k++)
        {
            var scale = ParameterScale.Of(prior, k);
            int next = first + scale.CoordinateCount;
            columns[k] = (ParameterMeanPrefix + prior.Parameters[k], scale.FromCoordinates(ofCoordinates[first..next]));
            first = next;
        }

        return EventTable.FromColumns(columns);
    }

    /// <summary>The means alone, those that depend on x; null where none does.</summary>
    public EventTable? MeansOf(SummarisedEvents events)
    {
        (string, float[])[] columns = [.. NamedMeans(means, events.Means)];
        return columns.Length == 0 ? null : EventTable.FromColumns(columns);
    }

    private static (ConditionalMean[][] First, EventTable Refined) FitFirst(float[][] coordinates, EventTable features, TrainingSet set)
    {
        int rounds = features.ColumnNames.Count <= SelectedPolynomial.MostColumnsOfProducts ? 0 : FirstRounds;
        var first = new ConditionalMean[rounds][];
        EventTable refined = features;
        for (int round = 0; round < rounds; round++)
        {
            EventTable before = refined;
            var means = new ConditionalMean[coordinates.Length];
            float[][] outOfFold = new float[means.Length][];
            EventBlocks.ForEachIndex(
                means.Length,
                k =>
                {
                    (SelectedPolynomial polynomial, _) = SelectedPolynomial.Fit(before, coordinates[k], set.Weights, set.Folds);
                    (means[k], outOfFold[k]) = ConditionalMean.Of(polynomial, before, set);
                },
                set.Cancellation);
            first[round] = means;
            refined = Refined(features, means, outOfFold);
        }

        return (first, refined);
    }

    /// <summary>The features with means, and products of these.</summary>
    private static EventTable Refined(EventTable features, ConditionalMean[] means, float[][] values) =>
        NamedMeans(means, values).Concat(NamedSquares(means, values))
            .Aggregate(features, (all, column) => all.WithColumn(column.Name, column.Values));

    private IEnumerable<(string Name, float[] Values)> Named(float[][] ofMeans, float[][] ofProducts) =>
        NamedMeans(means, ofMeans)
            .Concat(first.Length == 0 ? [] : NamedSquares(means, ofMeans))
            .Concat(ofProducts.Select((values, i) => (products[i].Name, values)));

    private static IEnumerable<(string Name, float[] Values)> NamedMeans(ConditionalMean[] means, float[][] values) =>
        Enumerable.Range(0, means.Length).Where(k => !means[k].IsConstant).Select(k => (MeanName(k), values[k]));

    /// <summary>Products of means, each from −1 to 1 in its range.</summary>
    private static IEnumerable<(string Name, float[] Values)> NamedSquares(ConditionalMean[] means, float[][] values) =>
        Pairs(means.Length).Where(pair => !means[pair.First].IsConstant && !means[pair.Second].IsConstant).Select(pair =>
            (SquareName(pair), (float[])[.. values[pair.First].Zip(values[pair.Second], (one, other) =>
                (float)(means[pair.First].Range.Share(one) * means[pair.Second].Range.Share(other)))]));

    /// <summary>Name of the column of a mean.</summary>
    public static string MeanName(int coordinate) => $"{MeanPrefix}{coordinate}";

    /// <summary>Name of the column of a product of means.</summary>
    public static string SquareName((int First, int Second) pair) => $"{MeanPrefix}{pair.First},{pair.Second}";

    /// <summary>Coordinates whose products are learnt.</summary>
    public static (int First, int Second)[] Pairs(int width) =>
    [
        .. Enumerable.Range(0, width).SelectMany(k => Enumerable.Range(0, k + 1).Select(l => (k, l)))
            .Where(pair => width <= MostCoordinatesOfProducts || pair.k == pair.l),
    ];
}

/// <summary>Observations with their learnt summaries.</summary>
/// <param name="Features">x and its summaries.</param>
/// <param name="Means">E[cₖ|x], a column a coordinate, those that do not depend on x too.</param>
internal sealed record SummarisedEvents(EventTable Features, float[][] Means)
{
    /// <summary>Some of the events.</summary>
    public SummarisedEvents Select(int[] rows) =>
        new(Features.Select(rows), [.. Means.Select(mean => Array.ConvertAll(rows, row => mean[row]))]);
}
