using Gbi.Inference;
using Gbi.Systematics;

namespace Gbi.Tests.Inference;

/// <summary>The unbinned likelihood written down as its formula, event by event, without derivatives.</summary>
internal static class PlainLikelihood
{
    public static double Evaluate(UnbinnedModel model, int count, double[] point)
    {
        string[] names = [.. model.Parameters];
        double value = model.Processes.Sum(Yield);
        for (int i = 0; i < count; i++)
        {
            double density = model.Processes.Sum(process => Yield(process) * Shape(process, i));
            value -= (model.Weights.IsEmpty ? 1 : model.Weights.Span[i]) * Math.Log(density);
        }

        return value + model.Nuisances.Sum(nuisance => nuisance.Constraint.At(Of(nuisance.Name)).Value);

        double Of(string name) => point[Array.IndexOf(names, name)];

        double Yield(Process process) =>
            process.YieldFactors.Aggregate(process.ExpectedYield, (product, factor) => product * factor.At(Of(factor.Parameter)).Value);

        double Shape(Process process, int i) => process.ShapeVariations.Aggregate(
            process.Ratio.IsEmpty ? 1.0 : process.Ratio.Span[i],
            (product, shape) => product * (shape switch
            {
                ExponentialVariation exponential => Math.Exp(exponential.Terms.Sum(
                    term => term.Factors.Aggregate((double)term.Column.Span[i], (monomial, factor) => monomial * Of(factor)))),
                UpDownVariation upDown => Interpolation.Evaluate(upDown.Law, upDown.Down.Span[i], upDown.Up.Span[i], Of(upDown.Parameter)).Value,
                _ => throw new NotSupportedException(),
            }));
    }
}
