using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Likelihoods.Unbinned;

/// <summary>−2 ln L of a model with one unbinned channel, written down as its formula, event by event, without derivatives.</summary>
internal static class PlainLikelihood
{
    public static double Evaluate(LikelihoodModel model, EventTable events, double[] point)
    {
        UnbinnedChannel channel = model.UnbinnedChannels[0];
        double[] norms = [.. channel.Processes.Select(Norm)];
        double value = channel.Processes.Sum(Yield);
        for (int i = 0; i < events.Count; i++)
        {
            double density = channel.Processes.Select((process, p) => Yield(process) * Shape(process, events, i) / norms[p]).Sum();
            value -= events.Weight(i) * Math.Log(density);
        }

        return 2 * (value + model.Parameters.Sum(parameter => parameter.Constraint is { } constraint
            ? constraint.At(Of(parameter.Name)).Value + constraint.LeastNll(constraint.Observed)
            : 0));

        double Of(string name) => point[model.IndexOf(name)];

        double Yield(Process process) =>
            process.YieldFactors.Aggregate(process.ExpectedYield, (product, factor) => product * factor.At(Of(factor.Parameter)).Value);

        double Norm(Process process) => channel.Reference is { } reference && channel.NormalisesShapes
            ? Enumerable.Range(0, reference.Count).Sum(i => reference.Weight(i) * Shape(process, reference, i)) / reference.SumOfWeights
            : 1;

        double Shape(Process process, EventTable table, int i) => process.ShapeVariations.Aggregate(
            process.Ratio is { } ratio ? table[ratio][i] : process.LogRatio is { } log ? (double)(float)Math.Exp(table[log][i]) : 1,
            (product, shape) => product * (shape switch
            {
                ExponentialVariation exponential => Math.Exp(exponential.Terms.Sum(
                    term => term.Factors.Aggregate((double)table[term.Column][i], (monomial, factor) => monomial * Of(factor)))),
                UpDownVariation upDown =>
                    Interpolation.Evaluate(upDown.Law, table[upDown.Down][i], table[upDown.Up][i], Of(upDown.Parameter)).Value,
                _ => throw new NotSupportedException(),
            }));
    }
}
