using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>
/// Learnt summaries of an observation: the posterior means E[θₖ|x] and the products of residuals E[(θₖ−E[θₖ|x])(θₗ−E[θₗ|x])|x]; those
/// that do not depend on x are left out.
/// </summary>
internal sealed class Summaries
{
    // Above this many parameters only squares are learnt: the products grow with the square of their number.
    private const int MostParametersOfProducts = 5;

    private readonly ConditionalMean[] _means;
    private readonly Product[] _products;

    private Summaries(ConditionalMean[] means, Product[] products)
    {
        _means = means;
        _products = products;
    }

    /// <summary>E[(θₖ−E[θₖ|x])(θₗ−E[θₗ|x])|x].</summary>
    public sealed record Product(int First, int Second, ConditionalMean Mean);

    /// <summary>Learns the summaries.</summary>
    /// <returns>The summaries, x with those of the training events by fits without them, and θ − E[θ|x] of these.</returns>
    public static (Summaries Summaries, EventTable Features, float[][] Residuals) Fit(
        float[][] parameters, EventTable features, TrainingSet set, TreeOptions options)
    {
        BinnedEvents binned = FeatureBins.Learn(features, features.ColumnNames, options.MaxBins).Apply(features);
        int width = parameters.Length;
        var means = new ConditionalMean[width];
        float[][] ofMeans = new float[width][];
        EventBlocks.ForEachIndex(width, k =>
            (means[k], ofMeans[k]) = ConditionalMean.Fit(features, binned, parameters[k], set, options));
        float[][] residuals = [.. Enumerable.Range(0, width).Select(k => Difference(parameters[k], ofMeans[k]))];
        (int First, int Second)[] pairs =
        [
            .. Enumerable.Range(0, width).SelectMany(k => Enumerable.Range(0, k + 1).Select(l => (k, l)))
                .Where(pair => width <= MostParametersOfProducts || pair.k == pair.l),
        ];
        var products = new Product[pairs.Length];
        float[][] ofProducts = new float[pairs.Length][];
        EventBlocks.ForEachIndex(pairs.Length, i =>
        {
            (int first, int second) = pairs[i];
            float[] target = [.. residuals[first].Zip(residuals[second], (a, b) => a * b)];
            (ConditionalMean mean, ofProducts[i]) = ConditionalMean.Fit(features, binned, target, set, options);
            products[i] = new Product(first, second, mean);
        });
        int[] kept = [.. Enumerable.Range(0, pairs.Length).Where(i => !products[i].Mean.IsConstant)];
        var summaries = new Summaries(means, [.. kept.Select(i => products[i])]);
        EventTable table = summaries.Table(ofMeans, [.. kept.Select(i => ofProducts[i])], features.Count);
        return (summaries, table.ColumnNames.Aggregate(features, (all, name) => all.WithNew(name, table[name].ToArray())), residuals);
    }

    /// <summary>The summaries of observations.</summary>
    public (EventTable Table, float[][] Means) Predict(EventTable features)
    {
        float[][] means = [.. _means.Select(mean => mean.Predict(features))];
        return (Table(means, [.. _products.Select(product => product.Mean.Predict(features))], features.Count), means);
    }

    private EventTable Table(float[][] means, float[][] products, int count) => new(
        means.Select((values, k) => (Name: $"#mean{k}", Values: values)).Where((_, k) => !_means[k].IsConstant)
            .Concat(products.Select((values, i) => (Name: $"#product{_products[i].First},{_products[i].Second}", Values: values)))
            .Select(column => KeyValuePair.Create(column.Name, (ReadOnlyMemory<float>)column.Values)),
        count);

    private static float[] Difference(float[] first, float[] second) => [.. first.Zip(second, (a, b) => a - b)];
}
