using Gbi.Events;
using Gbi.Likelihoods.Factors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Model;

/// <summary>
/// By how much the variations of a process's shape by one parameter change its integral: Σ w r h/Σ w r over the reference sample.
/// </summary>
/// <param name="Process">Name of the process.</param>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="Value">Its value; all others are 0.</param>
/// <param name="Ratio">The changed integral over the nominal one, with the error from the size of the sample.</param>
internal sealed record ShapeIntegral(string Process, string Parameter, double Value, Estimate Ratio)
{
    // Below this a shift of the yield is small beside other uncertainties, and so are the normalisations of most tools.
    private const double Allowed = 0.01;
    private const double AllowedErrors = 5;

    /// <summary>Whether the integral changes, beyond a per cent and five errors.</summary>
    public bool IsChanged => Math.Abs(Ratio.Value - 1) > Math.Max(Allowed, AllowedErrors * Ratio.Error);

    /// <summary>The integrals of a channel that has a reference and does not normalise shapes on it; empty for others.</summary>
    /// <exception cref="DataException">A column is missing.</exception>
    public static IEnumerable<ShapeIntegral> Of(UnbinnedChannel channel) =>
        channel is { NormalisesShapes: false, Reference: { } reference }
            ? channel.Processes.SelectMany(process => Of(process, reference))
            : [];

    /// <summary>What is wrong, as a sentence.</summary>
    public string Sentence() => Text(
        $"Process '{Process}' has {Ratio.Value:G4} ± {Ratio.Error:G2} times its events at {Parameter} = {Value:G3}, but normaliseShapes is "
            + $"false, so that the shape must not change their number; leave normaliseShapes out, and give the rate as a factor.");

    private static IEnumerable<ShapeIntegral> Of(Process process, EventTable reference)
    {
        double[] nominal = [.. Enumerable.Range(0, reference.Count).Select(reference.Weight)];
        Multiply(nominal, process.LogRatio, reference, Math.Exp);
        Multiply(nominal, process.Ratio, reference, ratio => ratio);
        foreach (string parameter in process.ShapeVariations.SelectMany(shape => shape.Parameters).Distinct())
        {
            foreach (double value in (double[])[-1, 1])
            {
                double[] factors = new double[nominal.Length];
                Array.Fill(factors, 1);
                foreach (ShapeVariation shape in process.ShapeVariations)
                {
                    Multiply(factors, shape, parameter, value, reference);
                }

                Estimate ratio = Estimate.OfMean(factors, row => nominal[row], nominal.Sum());
                yield return new ShapeIntegral(process.Name, parameter, value, ratio);
            }
        }
    }

    private static void Multiply(double[] factors, ShapeVariation shape, string parameter, double value, EventTable reference)
    {
        switch (shape)
        {
            case ExponentialVariation exponential:
                foreach (ExponentTerm term in exponential.Terms.Where(term => term.Factors.All(factor => factor == parameter)))
                {
                    double power = term.Factors.Count == 1 ? value : value * value;
                    Multiply(factors, term.Column, reference, column => Math.Exp(power * column));
                }

                break;
            case UpDownVariation pair when pair.Parameter == parameter:
                Multiply(factors, value > 0 ? pair.Up : pair.Down, reference, column => column);
                break;
        }
    }

    private static void Multiply(double[] factors, string? column, EventTable reference, Func<double, double> of)
    {
        if (column is null)
        {
            return;
        }

        ReadOnlySpan<float> values = reference[column];
        for (int row = 0; row < factors.Length; row++)
        {
            factors[row] *= of(values[row]);
        }
    }
}
