using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.Yields;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;

namespace Gbi.Reports.Json.Fits;

internal sealed record ChannelDocument(
    [property: Meaning("Its name")] string Name,
    [property: Meaning("Data in each bin; empty for an unbinned channel")] IReadOnlyList<double> Observed,
    [property: Meaning("√n of each bin, the errors with which figures show the data")] IReadOnlyList<double> ObservedErrors,
    [property: Meaning("Sum of the data; of an unbinned channel the sum of the events' weights")] double ObservedTotal,
    [property: Meaning("What is expected before the fit: errors are those of the constraints")] ExpectationDocument Before,
    [property: Meaning("What is expected at the best fit: errors are those of its covariance, null where it has none")]
    ExpectationDocument After)
{
    /// <summary>All channels of a model.</summary>
    public static IReadOnlyList<ChannelDocument> All(LikelihoodModel model, ModelData data, FitResult fit)
    {
        IReadOnlyList<ChannelYields> before = ExpectedYields.Before(model);
        IReadOnlyList<ChannelYields> after = ExpectedYields.After(model, fit);
        List<ChannelDocument> all = [];
        (int bin, int table) = (0, 0);
        for (int at = 0; at < model.Channels.Count; at++)
        {
            double[] observed = [];
            double total;
            if (model.Channels[at] is BinnedChannel binned)
            {
                observed = [.. data.Counts.Skip(bin).Take(binned.BinCount)];
                bin += binned.BinCount;
                total = observed.Sum();
            }
            else
            {
                total = data.Events[table++].SumOfWeights;
            }

            all.Add(new ChannelDocument(
                model.Channels[at].Name, observed, [.. observed.Select(Math.Sqrt)], total, ExpectationDocument.Of(before[at], observed),
                ExpectationDocument.Of(after[at], observed)));
        }

        return all;
    }
}

internal sealed record ExpectationDocument(
    [property: Meaning("All samples together, in each bin; empty for an unbinned channel")] BinContentsDocument Bins,
    [property: Meaning("All bins together")] EstimateDocument Total,
    [property: Meaning("Error over content of each bin; null where that is 0")] IReadOnlyList<double> RelativeErrors,
    [property: Meaning("Data over expectation in each bin, with √n over expectation; null where that is 0")] BinContentsDocument Ratio,
    [property: Meaning("2 Σ [λ − n + n ln(n/λ)] over the bins, without constraints; null for an unbinned channel or an impossible count")]
    double ChiSquared,
    [property: Meaning("Each sample or process")] IReadOnlyList<SampleDocument> Samples)
{
    public static ExpectationDocument Of(ChannelYields yields, double[] observed) => new(
        BinContentsDocument.Of(yields.Bins),
        EstimateDocument.Of(yields.Total),
        [.. yields.Bins.Select(bin => bin.Error / bin.Value)],
        new BinContentsDocument(
            [.. yields.Bins.Select((bin, at) => observed[at] / bin.Value)],
            [.. yields.Bins.Select((bin, at) => Math.Sqrt(observed[at]) / bin.Value)]),
        observed.Length == 0 ? double.NaN : yields.Bins.Select((bin, at) => Deviance(observed[at], bin.Value)).Sum(),
        [.. yields.Samples.Select(SampleDocument.Of)]);

    private static double Deviance(double n, double expected) =>
        n == 0 ? 2 * expected : expected > 0 ? 2 * (expected - n + (n * Math.Log(n / expected))) : double.NaN;
}

internal sealed record BinContentsDocument(
    [property: Meaning("Content of each bin; null where it is not defined")] IReadOnlyList<double> Values,
    [property: Meaning("Standard error of each bin; null where it is not known")] IReadOnlyList<double> Errors)
{
    public static BinContentsDocument Of(IReadOnlyList<Estimate> bins) =>
        new([.. bins.Select(bin => bin.Value)], [.. bins.Select(bin => bin.Error)]);
}

internal sealed record SampleDocument(
    [property: Meaning("Its name")] string Name,
    [property: Meaning("In each bin; empty for a process of an unbinned channel")] BinContentsDocument Bins,
    [property: Meaning("All bins together")] EstimateDocument Total)
{
    public static SampleDocument Of(SampleYields yields) =>
        new(yields.Sample, BinContentsDocument.Of(yields.Bins), EstimateDocument.Of(yields.Total));
}
