using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Sampling;

/// <summary>The chains of differential evolution: an even number of points with their densities.</summary>
internal sealed class Ensemble
{
    private const double Jitter = 1e-4;
    private const double ScaleOfSteps = 2.38;
    private const int JumpEvery = 10;

    // How often an integer or a category is drawn anew in place of a difference, which is 0 where all chains agree.
    private const double DrawnAnew = 0.1;

    // Numbers of the random numbers of a chain's step; those of the parameters follow, three each.
    private const int FirstOther = 0;
    private const int SecondOther = 1;
    private const int Length = 2;
    private const int Acceptance = 3;
    private const int OfParameters = 4;

    private readonly SampledDensity _density;
    private readonly double[][] _values;
    private readonly (double Low, double High)[] _ranges;
    private readonly bool[] _isPeriodic;

    public Ensemble(SampledDensity density, EventTable start, double[] logDensities)
    {
        Prior prior = density.Prior;
        _density = density;
        LogDensities = logDensities;
        Points = [.. prior.Parameters.Select(name => start[name].ToArray())];
        _values = [.. Enumerable.Range(0, Points.Length).Select(k => prior.Values(k).ToArray())];
        _ranges = [.. Enumerable.Range(0, Points.Length).Select(prior.Range)];
        _isPeriodic = [.. Enumerable.Range(0, Points.Length).Select(k => prior.Kind(k) == ParameterKind.Periodic)];
    }

    /// <summary>The points, an array a parameter.</summary>
    public float[][] Points { get; }

    /// <summary>ln f of each chain.</summary>
    public double[] LogDensities { get; }

    private int Half => LogDensities.Length / 2;

    public float[][] Copy() => [.. Points.Select(column => (float[])column.Clone())];

    /// <summary>One step of all chains: of the first half by the second one, then the other way round.</summary>
    public void Step(int step, Seed seed)
    {
        double[] scales = Array.ConvertAll(Points, Scale);
        for (int half = 0; half < 2; half++)
        {
            int start = half * Half;
            float[][] proposed = [.. Points.Select(_ => new float[Half])];
            EventBlocks.ForEach(Half, (first, length) =>
            {
                for (int i = first; i < first + length; i++)
                {
                    Propose(step, start + i, Half - start, seed.Child(start + i), scales, (k, value) => proposed[k][i] = value);
                }
            }, blockSize: 1024);
            double[] logs = _density.LogDensity(EventTable.FromColumns([.. _density.Prior.Parameters.Zip(proposed)]));
            for (int i = 0; i < Half; i++)
            {
                if (Math.Log(seed.Child(start + i).Uniform(Acceptance)) < logs[i] - LogDensities[start + i] && IsInSupport(proposed, i))
                {
                    LogDensities[start + i] = logs[i];
                    for (int k = 0; k < Points.Length; k++)
                    {
                        Points[k][start + i] = proposed[k][i];
                    }
                }
            }
        }
    }

    private bool IsInSupport(float[][] points, int index)
    {
        Span<double> point = stackalloc double[points.Length];
        for (int k = 0; k < point.Length; k++)
        {
            point[k] = points[k][index];
        }

        return _density.Prior.Contains(point);
    }

    /// <summary>The proposed point of a chain.</summary>
    private void Propose(int step, int chain, int othersFrom, Seed seed, double[] scales, Action<int, float> set)
    {
        int a = othersFrom + seed.Below(Half, FirstOther);
        int b = othersFrom + seed.Below(Half - 1, SecondOther);
        b += b >= a ? 1 : 0;
        double length = step % JumpEvery == JumpEvery - 1
            ? 1
            : ScaleOfSteps / Math.Sqrt(2 * Points.Length) * (0.3 + (0.8 * seed.Uniform(Length)));
        for (int k = 0; k < Points.Length; k++)
        {
            float[] points = Points[k];
            int number = OfParameters + (3 * k);
            set(k, _values[k].Length > 0
                ? NextValue(_values[k], points, (chain, a, b), length, seed, number)
                : NextNumber(k, points, (chain, a, b), length, scales[k] * Jitter * seed.Child("noise").NormalPair(k).First));
        }
    }

    private float NextNumber(int parameter, float[] points, (int Chain, int A, int B) of, double length, double noise)
    {
        (double low, double high) = _ranges[parameter];
        double difference = (double)points[of.A] - points[of.B];
        if (!_isPeriodic[parameter])
        {
            return (float)(points[of.Chain] + (length * difference) + noise);
        }

        double value = points[of.Chain] + (length * Math.IEEERemainder(difference, high - low)) + noise;
        return SinglePrecision.Within(value - ((high - low) * Math.Floor((value - low) / (high - low))), (low, high));
    }

    /// <summary>A step among the values of an integer or a category, as likely in both directions.</summary>
    private static float NextValue(double[] values, float[] points, (int Chain, int A, int B) of, double length, Seed seed, int number)
    {
        if (seed.Uniform(number) < DrawnAnew)
        {
            return (float)values[seed.Below(values.Length, number + 1)];
        }

        double difference = length * (IndexOf(values, points[of.A]) - IndexOf(values, points[of.B]));
        int index = IndexOf(values, points[of.Chain]) + (int)Math.Round(difference, MidpointRounding.AwayFromZero);

        // Round the ends like a circle: a step that stayed where it was at an end would not be as likely as the one back.
        return (float)values[((index % values.Length) + values.Length) % values.Length];
    }

    private static int IndexOf(double[] values, float value) => Array.FindIndex(values, other => (float)other == value);

    private static double Scale(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
    }
}
