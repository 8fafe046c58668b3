using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Ratios;

/// <summary>g at some observations.</summary>
internal sealed class ReferenceAtObservations : IContrastDensity
{
    // A part of the overall standard deviation that a predicted one does not fall below.
    private const double LeastScale = 0.05;

    private const int BlockSize = 1024;

    private readonly ReferenceDensity _of;
    private readonly SummarisedEvents _events;
    private readonly ReferenceDensity.Part[] _parts;
    private readonly (double Low, double High)[] _ranges;
    private readonly (double Mean, double Deviation, double Below, double Inside)[][] _normals;

    public ReferenceAtObservations(ReferenceDensity of, SummarisedEvents events)
    {
        (_of, _events, _parts) = (of, events, of.Parts);
        _ranges = [.. Enumerable.Range(0, _parts.Length).Select(of.Prior.Range)];
        _normals = [.. _parts.Select((part, k) => Normals(part, k, events))];
    }

    /// <summary>Whether g is the prior.</summary>
    public bool IsPrior => _of.IsPrior;

    /// <summary>Predicted standard deviations of a parameter, one an observation; null where they are all the same.</summary>
    public double[]? Deviations(int parameter) => _parts[parameter].Variance is null || _normals[parameter].Length == 0
        ? null
        : Array.ConvertAll(_normals[parameter], normal => normal.Deviation);

    public float[][] Draw(int[] observationOf, Func<int, Seed> seedOf)
    {
        float[][] columns = [.. _parts.Select(_ => new float[observationOf.Length])];
        EventBlocks.ForEach(observationOf.Length, (start, length) =>
        {
            Span<double> point = stackalloc double[columns.Length];
            for (int row = start; row < start + length; row++)
            {
                Draw(observationOf[row], seedOf(row), point);
                for (int k = 0; k < point.Length; k++)
                {
                    columns[k][row] = (float)point[k];
                }
            }
        }, BlockSize);
        return columns;
    }

    public PairFeatures Pairs(float[][] parameters, int[] observationOf) =>
        PairFeatures.Of(this, _of.Prior, _events, parameters, observationOf);

    public double[] LogDensity(float[][] parameters, int[] observationOf)
    {
        double[] densities = new double[observationOf.Length];
        EventBlocks.ForEach(densities.Length, (start, length) =>
        {
            Span<double> point = stackalloc double[parameters.Length];
            for (int row = start; row < start + length; row++)
            {
                for (int k = 0; k < point.Length; k++)
                {
                    point[k] = parameters[k][row];
                }

                densities[row] = LogDensity(point, LogNear(observationOf[row], point));
            }
        }, BlockSize);
        return densities;
    }

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
    private void Draw(int observation, Seed seed, Span<double> point)
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

    private (double Mean, double Deviation, double Below, double Inside)[] Normals(
        ReferenceDensity.Part part, int parameter, SummarisedEvents events)
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
