using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Yields;

/// <summary>
/// Expected numbers of events of all channels and samples, before and after a fit, with the errors √(Jᵀ C J) that the parameters'
/// covariance C gives, J their derivatives.
/// </summary>
public static class ExpectedYields
{
    /// <summary>
    /// Before a fit: constrained parameters where they were measured, independent of each other and with the widths of their constraints,
    /// the others at their initial values and without error.
    /// </summary>
    public static IReadOnlyList<ChannelYields> Before(LikelihoodModel model)
    {
        double[] point = PointBefore(model);
        return Of(model, point, new PropagatedError(
        [
            .. model.Parameters.Select(
                parameter => parameter is { IsFixed: false, Constraint: { } known } ? known.Width * known.Width : 0),
        ]));
    }

    /// <summary>At the best fit, with its covariance; errors are NaN where it has none.</summary>
    public static IReadOnlyList<ChannelYields> After(LikelihoodModel model, FitResult fit)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(fit);
        return Of(model, [.. fit.Parameters], new PropagatedError(fit));
    }

    /// <summary>
    /// The parameters before a fit: constrained ones where they were measured, within their bounds, the others at their initial values.
    /// </summary>
    public static double[] PointBefore(LikelihoodModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return
        [
            .. model.Parameters.Select(parameter => parameter is { IsFixed: false, Constraint: { } known }
                ? Math.Clamp(known.BestValue, parameter.Lower, parameter.Upper)
                : parameter.Initial),
        ];
    }

    private static IReadOnlyList<ChannelYields> Of(LikelihoodModel model, double[] point, PropagatedError errors) =>
    [
        .. model.Channels.Select(channel => channel is BinnedChannel binned
            ? Of(model, binned, point, errors)
            : Of(model, (UnbinnedChannel)channel, point, errors)),
    ];

    private static ChannelYields Of(LikelihoodModel model, BinnedChannel channel, double[] point, PropagatedError errors)
    {
        YieldSlopes all = YieldSlopes.Of(model.TermsOf(channel), point);
        return new ChannelYields(channel.Name, all.Bins(errors), all.Total(errors),
        [
            .. channel.Samples.Select(sample =>
            {
                YieldSlopes own = YieldSlopes.Of(model.TermsOf(new BinnedChannel(channel.Name, [sample])), point);
                return new SampleYields(sample.Name, own.Bins(errors), own.Total(errors));
            }),
        ]);
    }

    /// <summary>The yields of processes: their factors alone change them.</summary>
    private static ChannelYields Of(LikelihoodModel model, UnbinnedChannel channel, double[] point, PropagatedError errors)
    {
        double sum = 0;
        List<(int, double)> slopes = [];
        List<SampleYields> samples = [];
        foreach (Process process in channel.Processes)
        {
            (double value, List<(int, double)> own) = YieldOf(model, process, point);
            sum += value;
            slopes.AddRange(own);
            samples.Add(new SampleYields(process.Name, [], new Estimate(value, errors.Of(own))));
        }

        return new ChannelYields(channel.Name, [], new Estimate(sum, errors.Of(slopes)), samples);
    }

    private static (double Value, List<(int, double)> Slopes) YieldOf(LikelihoodModel model, Process process, double[] point)
    {
        (int Parameter, ValueWithDerivatives At)[] factors =
        [
            .. process.YieldFactors.Select(factor => (Parameter: model.IndexOf(factor.Parameter), Factor: factor))
                .Select(of => (of.Parameter, of.Factor.At(point[of.Parameter]))),
        ];
        double Product(int without) =>
            factors.Where((_, at) => at != without).Aggregate(process.ExpectedYield, (product, factor) => product * factor.At.Value);
        return (Product(-1), [.. factors.Select((factor, at) => (factor.Parameter, factor.At.First * Product(at)))]);
    }
}
