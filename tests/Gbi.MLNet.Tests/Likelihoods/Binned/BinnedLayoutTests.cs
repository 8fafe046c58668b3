using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Numerics.Minima;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Likelihoods.Binned;

/// <summary>Fits of many parameters of single bins: they are those of the plain matrix.</summary>
public sealed class BinnedLayoutTests
{
    private const int Channels = 20;
    private const int Bins = 10;

    [Test]
    public void Second_derivatives_errors_and_covariance_are_those_of_the_plain_matrix()
    {
        (LikelihoodModel model, Likelihood likelihood) = Made();
        ArrowLayout layout = ((IArrowFunction)likelihood).Layout!;
        double[] point = [.. model.Parameters.Select((parameter, i) => parameter.Initial + (0.02 * Math.Sin(i)))];
        int size = point.Length;
        double[] slope = new double[size];
        double[] plain = new double[size * size];
        double value = likelihood.Evaluate(point, slope, plain);
        var arrow = new ArrowMatrix(layout);
        double[] slopeOfArrow = new double[size];
        double valueOfArrow = ((IArrowFunction)likelihood).Evaluate(point, slopeOfArrow, arrow);
        double[] unit = new double[size];
        double[] column = new double[size];
        Assert.That((valueOfArrow, slopeOfArrow), Is.EqualTo((value, slope)));
        for (int i = 0; i < size; i += 37)
        {
            unit[i] = 1;
            arrow.Multiply(unit, column);
            Assert.That(column, Is.EqualTo(plain.AsSpan(i * size, size).ToArray()).Within(1e-9), model.Parameters[i].Name);
            unit[i] = 0;
        }

        FitResult fit = new ProfileLikelihood(likelihood, model.Parameters, 0).Fit();
        FitResult expected = new ProfileLikelihood(new Plain(likelihood), model.Parameters, 0).Fit();
        Assert.Multiple(() =>
        {
            Assert.That(fit.Minimum.Status, Is.EqualTo(MinimumStatus.Converged));
            Assert.That(fit.TwiceNll, Is.EqualTo(expected.TwiceNll).Within(1e-8));
            Assert.That(fit.Parameters, Is.EqualTo(expected.Parameters).Within(1e-8));
            Assert.That(fit.Errors, Is.EqualTo(expected.Errors).Within(1e-8));
            Assert.That(fit.Covariance![(3 * size) + 250], Is.EqualTo(expected.Covariance![(3 * size) + 250]).Within(1e-10));
        });
    }

    [Test]
    public void Parameters_that_are_not_determined_are_named_and_the_others_keep_their_errors()
    {
        // μ and k only as a product; f and g of ten bins only as products; nothing depends on z.
        (LikelihoodModel model, Likelihood likelihood) = Made(
            """, {"name": "k", "type": "normfactor", "data": null}""",
            """
            , {"name": "f", "type": "shapefactor", "data": null}, {"name": "g", "type": "shapefactor", "data": null}
            """,
            $$"""
            , {"name": "none", "data": [{{string.Join(", ", Enumerable.Repeat(0, Bins))}}],
               "modifiers": [{"name": "z", "type": "normfactor", "data": null}]}
            """);
        Assert.That(((IArrowFunction)likelihood).Layout, Is.Not.Null);
        FitResult fit = new ProfileLikelihood(likelihood, model.Parameters, 0).Fit();
        int[] free = [.. Enumerable.Range(0, model.Parameters.Count).Where(i => !model.Parameters[i].IsFixed)];
        var plain = HessianErrors.At(new Plain(likelihood), [.. fit.Parameters], free);

        Assert.That(fit.Degenerate, Is.EquivalentTo(
            (string[])["mu", "k", "z", .. Enumerable.Range(0, Bins).SelectMany(bin => (string[])[$"f[{bin}]", $"g[{bin}]"])]));
        Assert.That(
            fit.Remarks, Has.Count.EqualTo(Bins + 2).And.Some.EqualTo("z is not determined: the likelihood does not depend on it."));
        Assert.That(fit.Errors, Is.EqualTo(plain.Errors).Within(1e-6));
        Assert.That(fit.Errors.Count(double.IsNaN), Is.EqualTo((2 * Bins) + 3));
        Assert.That(fit.Covariance, Is.Null);
    }

    [Test]
    public void A_cancelled_fit_stops()
    {
        (LikelihoodModel model, Likelihood likelihood) = Made();
        var fits = new ProfileLikelihood(likelihood, model.Parameters, 0) { Cancellation = new CancellationToken(canceled: true) };

        Assert.That(() => fits.Best, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Few_parameters_have_a_plain_matrix()
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Counting(10, 50, 55));
        LikelihoodModel model = workspace.Model();

        Assert.That(((IArrowFunction)new Likelihood(model, workspace.Data(model))).Layout, Is.Null);
    }

    /// <summary>20 channels of 10 bins with statistics and an uncorrelated error in each, and variations that they share.</summary>
    /// <param name="ofSignal">Further modifiers of the signal.</param>
    /// <param name="ofFirst">Further modifiers of the background of the first channel.</param>
    /// <param name="samples">Further samples of every channel.</param>
    private static (LikelihoodModel Model, Likelihood Likelihood) Made(string ofSignal = "", string ofFirst = "", string samples = "")
    {
        string Numbers(Func<int, double> of) => $"[{string.Join(", ", Enumerable.Range(0, Bins).Select(
            bin => FormattableString.Invariant($"{of(bin)}")))}]";
        string channels = string.Join(", ", Enumerable.Range(0, Channels).Select(c => $$"""
            {"name": "c{{c:00}}", "samples": [
              {"name": "s", "data": {{Numbers(bin => 3 + (bin % 3))}}, "modifiers": [
                {"name": "mu", "type": "normfactor", "data": null}{{ofSignal}}]},
              {"name": "b", "data": {{Numbers(bin => 60 + bin + c)}}, "modifiers": [
                {"name": "n{{c % 5}}", "type": "normsys", "data": { "hi": 1.05, "lo": 0.96 } },
                {"name": "h{{c % 3}}", "type": "histosys", "data": {
                  "hi_data": {{Numbers(bin => 62 + (1.02 * bin) + c)}}, "lo_data": {{Numbers(bin => 58 + bin + c)}} } },
                {"name": "st{{c}}", "type": "staterror", "data": {{Numbers(bin => 3 + (0.1 * bin))}} },
                {"name": "sh{{c}}", "type": "shapesys", "data": {{Numbers(bin => 4)}} }{{(c == 0 ? ofFirst : "")}}]}{{samples}}]}
            """));
        string observed = string.Join(", ", Enumerable.Range(0, Channels).Select(
            c => $$"""{"name": "c{{c:00}}", "data": {{Numbers(bin => 64 + bin + c + (5 * Math.Sin(bin + (7 * c))))}} }"""));
        Workspace workspace = Workspace.Parse(SmallWorkspace.Of($"[{channels}]", $"[{observed}]"));
        LikelihoodModel model = workspace.Model();
        return (model, new Likelihood(model, workspace.Data(model)));
    }

    /// <summary>The same function without its shape.</summary>
    private sealed class Plain(Likelihood likelihood) : ISmoothFunction
    {
        public int ParameterCount => likelihood.ParameterCount;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian) =>
            likelihood.Evaluate(parameters, gradient, hessian);
    }
}
