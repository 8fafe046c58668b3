using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Ratios;

/// <summary>
/// g(θ|x) = ½ p(θ) + ½ q₀(θ|x), q₀ a product of normal densities about the learnt means, cut at the prior's bounds; a parameter of a few
/// values has its frequencies and an angle is uniform. Half of the draws are where a narrow posterior is, and none is missed, as g ≥ p/2.
/// </summary>
internal sealed class ReferenceDensity(Prior prior, ReferenceDensity.Part[] parts, bool isPrior)
{
    // A part of the overall standard deviation that a predicted one does not fall below.
    private const double LeastScale = 0.05;

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

    /// <summary>Whether g is the prior: no mean of a parameter says much.</summary>
    public bool IsPrior => isPrior;

    /// <summary>Learns q₀ from simulations and their summaries.</summary>
    public static ReferenceDensity Of(
        Prior prior, float[][] parameters, SummarisedEvents events, TrainingSet set, RatioContrast contrast)
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
            coordinate += ParameterScale.Of(prior, k).IsPeriodic ? 2 : 1;
        }

        // Where no mean says much, q₀ would only have to be learnt away.
        bool knowsLittle = parts.Zip(parameters).All(pair => !(pair.First.Deviation < MostDeviation * Deviation(pair.Second)));
        return new ReferenceDensity(prior, parts, contrast == RatioContrast.Prior || knowsLittle);

        double Deviation(float[] values)
        {
            double mean = set.Mean(row => values[row]);
            return Math.Sqrt(set.Mean(row => Square(values[row] - mean)));
        }

        static double Square(double value) => value * value;
    }

    /// <summary>The density at observations.</summary>
    public AtObservations At(SummarisedEvents events) => new(this, events);

    /// <summary>g at some observations.</summary>
    internal sealed class AtObservations
    {
        private readonly ReferenceDensity _of;
        private readonly Part[] _parts;
        private readonly (double Low, double High)[] _ranges;
        private readonly (double Mean, double Deviation, double Below, double Inside)[][] _normals;

        public AtObservations(ReferenceDensity of, SummarisedEvents events)
        {
            (_of, _parts) = (of, of.Parts);
            _ranges = [.. Enumerable.Range(0, _parts.Length).Select(of.Prior.Range)];
            _normals = [.. _parts.Select((part, k) => Normals(part, k, events))];
        }

        /// <summary>Whether g is the prior.</summary>
        public bool IsPrior => _of.IsPrior;

        /// <summary>Predicted standard deviations of a parameter, one an observation; null where they are all the same.</summary>
        public double[]? Deviations(int parameter) => _parts[parameter].Variance is null || _normals[parameter].Length == 0
            ? null
            : Array.ConvertAll(_normals[parameter], normal => normal.Deviation);

        /// <summary>ln q₀ of a point at an observation.</summary>
        public double LogNear(int observation, ReadOnlySpan<double> point)
        {
            double sum = 0;
            for (int k = 0; k < point.Length; k++)
            {
                (double low, double high) = _ranges[k];
                if (_parts[k].Values.Length > 0)
                {
                    int index = Array.FindIndex(_parts[k].Values, IsValue(point[k]));
                    sum += index < 0 ? double.NegativeInfinity : _parts[k].LogFrequencies[index];
                }
                else if (_of.IsPeriodic(k))
                {
                    sum -= Math.Log(high - low);
                }
                else
                {
                    (double mean, double deviation, _, double inside) = _normals[k][observation];
                    double z = (point[k] - mean) / deviation;
                    sum += point[k] >= low && point[k] <= high
                        ? -(0.5 * z * z) - Math.Log(deviation * inside * Math.Sqrt(Math.Tau))
                        : double.NegativeInfinity;
                }
            }

            return sum;
        }

        /// <summary>ln g of a point at an observation, from ln q₀ of it.</summary>
        public double LogDensity(ReadOnlySpan<double> point, double logNear)
        {
            double logPrior = _of.Prior.LogDensity(point);
            if (_of.IsPrior || double.IsNegativeInfinity(logNear))
            {
                return logPrior - (_of.IsPrior ? 0 : Math.Log(2));
            }

            return logNear + LogMath.Softplus(logPrior - logNear) - Math.Log(2);
        }

        /// <summary>A draw of g at an observation.</summary>
        public void Draw(int observation, Seed seed, Span<double> point)
        {
            if (_of.IsPrior || seed.Uniform(0) < 0.5)
            {
                _of.Prior.Draw(seed.Child(1).CreateRandom(), point);
                Round(point);
                return;
            }

            for (int k = 0; k < point.Length; k++)
            {
                double uniform = seed.Uniform(k + 1);
                (double low, double high) = _ranges[k];
                if (_parts[k].Values.Length > 0)
                {
                    int index = 0;
                    for (double left = uniform; index < _parts[k].Values.Length - 1; index++)
                    {
                        left -= Math.Exp(_parts[k].LogFrequencies[index]);
                        if (left < 0)
                        {
                            break;
                        }
                    }

                    point[k] = _parts[k].Values[index];
                }
                else if (_of.IsPeriodic(k))
                {
                    point[k] = low + (uniform * (high - low));
                }
                else
                {
                    (double mean, double deviation, double below, double inside) = _normals[k][observation];
                    double probability = Math.Clamp(below + (uniform * inside), 1e-300, 1 - 1e-16);
                    point[k] = Math.Clamp(mean + (deviation * TailProbability.NormalQuantile(probability)), low, high);
                }
            }

            Round(point);
        }

        private void Round(Span<double> point)
        {
            for (int k = 0; k < point.Length; k++)
            {
                point[k] = SinglePrecision.Within(point[k], _ranges[k]);
            }
        }

        private (double Mean, double Deviation, double Below, double Inside)[] Normals(Part part, int parameter, SummarisedEvents events)
        {
            if (part.Values.Length > 0 || _of.IsPeriodic(parameter))
            {
                return [];
            }

            (double low, double high) = _ranges[parameter];
            float[] means = events.Means[part.Coordinate];
            float[]? variances = part.Variance is null ? null : events.Features[part.Variance].ToArray();
            return [.. means.Select((value, row) =>
            {
                double mean = Math.Clamp(value, low, high);
                double deviation = variances is null
                    ? part.Deviation
                    : Math.Sqrt(Math.Max(variances[row], part.Deviation * part.Deviation * LeastScale * LeastScale));
                double below = TailProbability.OfNormal((mean - low) / deviation);
                return (mean, deviation, below, 1 - below - TailProbability.OfNormal((high - mean) / deviation));
            })];
        }

        private static Predicate<double> IsValue(double value) => other => (float)other == (float)value;
    }

    private Part[] Parts => parts;

    private bool IsPeriodic(int parameter) => prior.Kind(parameter) == ParameterKind.Periodic;
}

/// <summary>g at one observation as a proposal.</summary>
internal sealed class ReferenceProposal(ReferenceDensity.AtObservations reference, IReadOnlyList<string> parameters) : IProposal
{
    public EventTable Draw(int count, Seed seed)
    {
        float[][] columns = [.. parameters.Select(_ => new float[count])];
        EventBlocks.ForEach(count, (start, length) =>
        {
            Span<double> point = stackalloc double[columns.Length];
            for (int row = start; row < start + length; row++)
            {
                reference.Draw(0, seed.Child(row), point);
                for (int k = 0; k < point.Length; k++)
                {
                    columns[k][row] = (float)point[k];
                }
            }
        }, blockSize: 1024);
        return EventTable.FromColumns([.. parameters.Zip(columns)]);
    }

    public double[] LogDensity(EventTable table)
    {
        ReadOnlyMemory<float>[] columns = [.. parameters.Select(table.Memory)];
        double[] densities = new double[table.Count];
        EventBlocks.ForEach(densities.Length, (start, length) =>
        {
            Span<double> point = stackalloc double[columns.Length];
            for (int row = start; row < start + length; row++)
            {
                for (int k = 0; k < point.Length; k++)
                {
                    point[k] = columns[k].Span[row];
                }

                densities[row] = reference.LogDensity(point, reference.LogNear(0, point));
            }
        }, blockSize: 1024);
        return densities;
    }
}
