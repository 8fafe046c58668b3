using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;

namespace Gbi.Posteriors.Sampling;

/// <summary>
/// Normal kernels at draws of a density: g(θ) = (1/n) Σᵢ N(θ; cᵢ, h² C), C the covariance of the draws and h = (4/(n(d+2)))^(1/(d+4)). Its
/// tails are wider than those of the density that the draws are of, by 1 + h² in variance, and it has all modes of it.
/// </summary>
/// <remarks>Bandwidth: Silverman, Density Estimation (1986), section 4.3.</remarks>
internal sealed class KernelProposal : IProposal
{
    private const int BlockSize = 256;

    private readonly string[] _parameters;
    private readonly double[] _factor;
    private readonly float[][] _centres;
    private readonly double[][] _whitened;
    private readonly double _logNorm;

    private KernelProposal(string[] parameters, float[][] centres, double[] factor)
    {
        _parameters = parameters;
        _centres = centres;
        _factor = factor;
        int width = parameters.Length;
        _whitened = [.. Enumerable.Range(0, centres[0].Length).Select(i => Whitened([.. centres.Select(column => (double)column[i])]))];
        _logNorm = 0.5 * width * Math.Log(2 * Math.PI);
        for (int k = 0; k < width; k++)
        {
            _logNorm += Math.Log(factor[(k * width) + k]);
        }
    }

    /// <summary>Kernels at all rows; null where the draws have no spread in some direction.</summary>
    /// <param name="draws">The rows.</param>
    /// <param name="bandwidth">h; null for that of the number of draws.</param>
    public static KernelProposal? TryOf(EventTable draws, double? bandwidth = null)
    {
        string[] parameters = [.. draws.ColumnNames];
        int width = parameters.Length;
        float[][] centres = [.. parameters.Select(name => draws[name].ToArray())];
        double[] means = [.. centres.Select(column => column.Average(value => (double)value))];
        double size = bandwidth * bandwidth ?? Math.Pow(4.0 / (draws.Count * (width + 2)), 2.0 / (width + 4));
        double[] covariance = new double[width * width];
        for (int j = 0; j < width; j++)
        {
            for (int k = 0; k < width; k++)
            {
                double sum = 0;
                for (int i = 0; i < draws.Count; i++)
                {
                    sum += (centres[j][i] - means[j]) * (centres[k][i] - means[k]);
                }

                covariance[(j * width) + k] = size * sum / (draws.Count - 1);
            }
        }

        return CholeskyFactor.TryFactorise(covariance, width) ? new KernelProposal(parameters, centres, covariance) : null;
    }

    public EventTable Draw(int count, Seed seed)
    {
        int width = _parameters.Length;
        float[][] columns = [.. _parameters.Select(_ => new float[count])];
        for (int row = 0; row < count; row++)
        {
            Seed ofRow = seed.Child(row);
            int centre = ofRow.Below(_whitened.Length, 2 * width);
            for (int k = 0; k < width; k++)
            {
                double value = _centres[k][centre];
                for (int j = 0; j <= k; j++)
                {
                    value += _factor[(k * width) + j] * ofRow.NormalPair(j).First;
                }

                columns[k][row] = (float)value;
            }
        }

        return EventTable.FromColumns([.. _parameters.Select((name, k) => (name, columns[k]))]);
    }

    public double[] LogDensity(EventTable parameters)
    {
        double[] densities = new double[parameters.Count];
        ReadOnlyMemory<float>[] columns = [.. _parameters.Select(parameters.Memory)];
        EventBlocks.ForEach(densities.Length, (start, length) =>
        {
            double[] ofKernels = new double[_whitened.Length];
            for (int row = start; row < start + length; row++)
            {
                double[] point = Whitened([.. columns.Select(column => (double)column.Span[row])]);
                for (int i = 0; i < ofKernels.Length; i++)
                {
                    double squares = 0;
                    for (int k = 0; k < point.Length; k++)
                    {
                        squares += (point[k] - _whitened[i][k]) * (point[k] - _whitened[i][k]);
                    }

                    ofKernels[i] = -0.5 * squares;
                }

                densities[row] = LogMath.MeanExp(ofKernels) - _logNorm;
            }
        }, BlockSize);
        return densities;
    }

    /// <summary>L⁻¹ θ with L Lᵀ = h² C.</summary>
    private double[] Whitened(double[] point)
    {
        CholeskyFactor.SolveLower(_factor, point.Length, point);
        return point;
    }
}
