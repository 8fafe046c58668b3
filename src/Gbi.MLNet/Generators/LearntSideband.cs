using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Generators;

/// <summary>
/// A sideband generator together with the events that it was learnt from. Each of them is weighted by a model that did not see
/// it, and together they are what the generator draws from.
/// </summary>
public sealed class LearntSideband : IEventGenerator
{
    private readonly EventTable _sideband;
    private readonly float[] _coefficients;
    private readonly int[] _foldOf;

    internal LearntSideband(SidebandGenerator generator, EventTable sideband, float[] coefficients, int[] foldOf)
    {
        Generator = generator;
        _sideband = sideband;
        _coefficients = coefficients;
        _foldOf = foldOf;
    }

    /// <summary>The generator, without events.</summary>
    public SidebandGenerator Generator { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Features => Generator.Features;

    /// <summary>
    /// The background in the signal region: every event of the sidebands once, in their order, with weights that sum to the
    /// expected background.
    /// </summary>
    public EventTable Background()
    {
        double[] weights = new double[_sideband.Count];
        EventBlocks.ForEach(weights.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                weights[row] = _sideband.Weight(row) * Generator.SignalRegionRatio(_foldOf[row], CoefficientsOf(row));
            }
        });
        double sum = weights.Sum();
        double expected = Generator.ExpectedBackground.Value;
        return _sideband.WithWeights(Array.ConvertAll(weights, weight => weight * expected / sum));
    }

    /// <summary>Every event of the sidebands once, with the weight w times the mean of r(x,m) over some masses.</summary>
    internal EventTable At(IReadOnlyList<double> masses)
    {
        double[] weights = new double[_sideband.Count];
        EventBlocks.ForEach(weights.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                double sum = 0;
                foreach (double mass in masses)
                {
                    sum += Generator.RatioAt(_foldOf[row], CoefficientsOf(row), mass);
                }

                weights[row] = _sideband.Weight(row) * sum / masses.Count;
            }
        });
        return _sideband.WithWeights(weights);
    }

    /// <summary>One event for each mass: features of a random event of the sidebands, with the weight w r(x,m), mean 1.</summary>
    /// <param name="masses">In the unit of the sidebands' mass.</param>
    /// <param name="seed">Same seed, same events.</param>
    public EventTable Generate(ReadOnlySpan<float> masses, Seed seed)
    {
        int[] rows = new int[masses.Length];
        double[] weights = new double[masses.Length];
        double meanWeight = Generator.SidebandWeight / _sideband.Count;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = seed.Below(_sideband.Count, i);
            rows[i] = row;
            weights[i] = _sideband.Weight(row) / meanWeight * Generator.RatioAt(_foldOf[row], CoefficientsOf(row), masses[i]);
        }

        EventTable chosen = _sideband.Select(rows);
        var features = Features.Select(name => KeyValuePair.Create(name, chosen.Memory(name)));
        return new EventTable(features, rows.Length, weights);
    }

    private ReadOnlySpan<float> CoefficientsOf(int row) => _coefficients.AsSpan(3 * row, 3);
}
