using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Ratios;

/// <summary>
/// g(θ|x) = ½ p(θ) + ½ q₀(θ|x), q₀ a product of normal densities about the learnt means, cut at the prior's bounds; a parameter of a few
/// values has its frequencies and an angle is uniform. Half of the draws are where a narrow posterior is, and none is missed, as g ≥ p/2.
/// </summary>
internal sealed class ReferenceDensity(Prior prior, Summaries summaries, ReferenceDensity.Part[] parts, bool isPrior) : IContrast
{
    // A mean that leaves more than this share of the standard deviation of its parameter says little.
    private const double MostDeviation = 0.9;

    /// <summary>What q₀ is of one parameter.</summary>
    /// <param name="Coordinate">Number of its coordinate among the means.</param>
    /// <param name="Deviation">Standard deviation about the mean.</param>
    /// <param name="Variance">Name of the summary that is its variance given x; null where that is the same for all x.</param>
    /// <param name="Values">Values of an integer or a category.</param>
    /// <param name="LogFrequencies">ln of their frequencies.</param>
    public sealed record Part(int Coordinate, double Deviation, string? Variance, double[] Values, double[] LogFrequencies);

    public Prior Prior => prior;

    public Summaries Summaries => summaries;

    public Part[] Parts => parts;

    /// <summary>Whether g is the prior: no mean of a parameter says much.</summary>
    public bool IsPrior => isPrior;

    /// <summary>Learns q₀ from simulations and their summaries.</summary>
    public static ReferenceDensity Of(
        Prior prior, float[][] parameters, Summaries summaries, SummarisedEvents events, TrainingSet set, RatioContrast contrast)
    {
        var parts = new Part[parameters.Length];
        int coordinate = 0;
        for (int k = 0; k < parts.Length; k++)
        {
            int at = coordinate;
            float[] values = parameters[k];
            double[] few = [.. prior.Values(k)];
            string variance = $"#product{at},{at}";
            double[] frequencies = [.. few.Select(value => Math.Log(
                set.Mean(row => values[row] == (float)value ? 1 : 0) + (1.0 / (values.Length + few.Length))))];
            double norm = few.Length == 0 ? 0 : Math.Log(frequencies.Sum(Math.Exp));
            parts[k] = new Part(
                at, Math.Sqrt(set.Mean(row => Square(values[row] - events.Means[at][row]))),
                events.Features.ColumnNames.Contains(variance) ? variance : null, few,
                Array.ConvertAll(frequencies, value => value - norm));
            coordinate += ParameterScale.Of(prior, k).CoordinateCount;
        }

        // Where no mean says much, q₀ would only have to be learnt away.
        bool knowsLittle = parts.Zip(parameters).All(pair => !(pair.First.Deviation < MostDeviation * Deviation(pair.Second)));
        return new ReferenceDensity(prior, summaries, parts, contrast == RatioContrast.Prior || knowsLittle);

        double Deviation(float[] values)
        {
            double mean = set.Mean(row => values[row]);
            return Math.Sqrt(set.Mean(row => Square(values[row] - mean)));
        }

        static double Square(double value) => value * value;
    }

    public IContrastDensity At(SummarisedEvents events) => new ReferenceAtObservations(this, events);

    /// <summary>Whether a parameter is an angle.</summary>
    public bool IsPeriodic(int parameter) => prior.Kind(parameter) == ParameterKind.Periodic;
}
