using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Simulators;
using MathNet.Numerics.Distributions;

namespace Gbi.Benchmarks.Posteriors.Resonances;

/// <summary>
/// −2 ln L of the counts of one sample, multinomial with pᵦ = (1 − f) bᵦ + f sᵦ(m, w). The signal's mass is that of the simulator at m
/// times a normal factor of mean 1 and standard deviation w: sᵦ is a sum of normal probabilities over quantiles of the former.
/// </summary>
internal sealed class ResonanceLikelihood(double[] counts) : ISmoothFunction
{
    private const int Nodes = 100;
    private const double Step = 1e-5;

    private static readonly double[] Background = Masses(DijetSimulator.SpectrumOf(
        new DijetSimulation(), DijetSimulator.LowestMass, DijetSimulator.HighestMass).Quantile, 1_000_000);

    private static readonly double[] UnitMasses =
        [.. Enumerable.Range(0, Nodes).Select(node => DijetSignal.MassAt(Normal.InvCDF(0, 1, (node + 0.5) / Nodes), 1))];

    public int ParameterCount => 3;

    /// <summary>ln L at points of columns mass, width and strength.</summary>
    public double[] LogLikelihood(EventTable points)
    {
        double[] values = new double[points.Count];
        ReadOnlyMemory<float>[] columns = [points.Memory("mass"), points.Memory("width"), points.Memory("strength")];
        EventBlocks.ForEachIndex(values.Length, row =>
            values[row] = -0.5 * Evaluate([columns[0].Span[row], columns[1].Span[row], columns[2].Span[row]], [], []));
        return values;
    }

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        double value = Gradient(parameters, gradient);
        if (!hessian.IsEmpty)
        {
            hessian.Clear();
            double[] point = parameters.ToArray();
            double[] above = new double[3];
            double[] below = new double[3];
            for (int i = 0; i < 3; i++)
            {
                point[i] = parameters[i] + Step;
                Gradient(point, above);
                point[i] = parameters[i] - Step;
                Gradient(point, below);
                point[i] = parameters[i];
                for (int j = 0; j < 3; j++)
                {
                    hessian[(3 * i) + j] += (above[j] - below[j]) / (4 * Step);
                    hessian[(3 * j) + i] += (above[j] - below[j]) / (4 * Step);
                }
            }
        }

        return value;
    }

    private double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double strength = parameters[2];
        var below = new Cumulative(0, 0, 0);
        double value = 0;
        gradient.Clear();
        for (int bin = 0; bin < counts.Length; bin++)
        {
            Cumulative upTo = bin + 1 < counts.Length
                ? Signal(ResonanceSimulation.LowerEdges[bin + 1], parameters[0], parameters[1])
                : new Cumulative(1, 0, 0);
            double signal = upTo.Probability - below.Probability;
            double probability = ((1 - strength) * Background[bin]) + (strength * signal);
            value -= 2 * counts[bin] * Math.Log(probability);
            if (!gradient.IsEmpty)
            {
                double factor = -2 * counts[bin] / probability;
                gradient[0] += factor * strength * (upTo.ByMass - below.ByMass);
                gradient[1] += factor * strength * (upTo.ByWidth - below.ByWidth);
                gradient[2] += factor * (signal - Background[bin]);
            }

            below = upTo;
        }

        return value;
    }

    /// <summary>P(mass of a signal event ≤ edge) and its derivatives.</summary>
    private static Cumulative Signal(double edge, double mass, double width)
    {
        double probability = 0;
        double byMass = 0;
        double byWidth = 0;
        foreach (double unit in UnitMasses)
        {
            double centre = Math.Clamp(mass * unit, DijetSimulator.LowestMass, DijetSimulator.HighestMass);
            double score = ((edge / centre) - 1) / width;
            double density = Normal.PDF(0, 1, score);
            probability += Normal.CDF(0, 1, score);
            byMass -= centre == mass * unit ? density * edge / (centre * mass * width) : 0;
            byWidth -= density * score / width;
        }

        return new Cumulative(probability / Nodes, byMass / Nodes, byWidth / Nodes);
    }

    private static double[] Masses(Func<double, double> quantile, int nodes)
    {
        float[] masses = [.. Enumerable.Range(0, nodes).Select(node => (float)quantile((node + 0.5) / nodes))];
        double[] features = new double[ResonanceSimulation.LowerEdges.Length + 2];
        ResonanceSimulation.Summarise(masses, features);
        return [.. features.Take(ResonanceSimulation.LowerEdges.Length).Select(count => count / nodes)];
    }

    private readonly record struct Cumulative(double Probability, double ByMass, double ByWidth);
}
