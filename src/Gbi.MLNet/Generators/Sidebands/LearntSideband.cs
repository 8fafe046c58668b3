using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Generators.Sidebands;

/// <summary>
/// A sideband generator together with the events that it was learnt from. Each of them is weighted by a model that did not see
/// it, and together they are what the generator draws from.
/// </summary>
public sealed class LearntSideband : IEventGenerator
{
    private readonly EventTable _sideband;
    private readonly ReadOnlyMemory<float>[] _columns;
    private readonly int[] _foldOf;
    private readonly double[] _weights;
    private readonly float[][] _deviations;
    private readonly double _scale;

    /// <summary>Events with what their models gave them.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="sideband">The events that it was learnt from.</param>
    /// <param name="ratios">Their ratio in the signal region by each member, [members][events]; becomes ln of it over the mean.</param>
    /// <param name="foldOf">The fold of each event.</param>
    internal LearntSideband(SidebandGenerator generator, EventTable sideband, float[][] ratios, int[] foldOf)
    {
        Generator = generator;
        _sideband = sideband;
        _columns = [.. generator.Features.Select(sideband.Memory)];
        _foldOf = foldOf;
        _weights = new double[sideband.Count];
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                double mean = 0;
                foreach (float[] member in ratios)
                {
                    mean += member[row] / (double)ratios.Length;
                }

                _weights[row] = sideband.Weight(row) * mean;
                foreach (float[] member in ratios)
                {
                    member[row] = (float)Math.Log(member[row] / mean);
                }
            }
        });
        _deviations = generator.TreeCount == 0 ? [] : ratios;
        _scale = generator.ExpectedBackground.Value / _weights.Sum();
        TensorPrimitives.Multiply<double>(_weights, _scale, _weights);
    }

    /// <summary>The fold of each event, whose models did not see it.</summary>
    internal int[] FoldOf => _foldOf;

    /// <summary>The generator, without events.</summary>
    public SidebandGenerator Generator { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Features => Generator.Features;

    /// <summary>
    /// The background in the signal region: every event of the sidebands once, in their order, with weights that sum to the
    /// expected background.
    /// </summary>
    public EventTable Background() => _sideband.WithWeights(_weights);

    /// <summary>
    /// The background in the signal region with a mass for each event instead of the mean over all masses: weights w r(x,m), features and
    /// this mass as columns.
    /// </summary>
    /// <param name="mass">Name of the mass column.</param>
    /// <param name="masses">One per event of the sidebands, drawn from the spectrum in the signal region.</param>
    internal EventTable BackgroundAt(string mass, float[] masses)
    {
        double[] weights = new double[_sideband.Count];
        EventBlocks.ForEach(weights.Length, (start, length) =>
        {
            Span<float> coefficients = stackalloc float[Width];
            for (int row = start; row < start + length; row++)
            {
                Coefficients(row, coefficients);
                weights[row] = _sideband.Weight(row) * Generator.RatioAt(_foldOf[row], coefficients, masses[row]);
            }
        });
        double scale = Generator.ExpectedBackground.Value / weights.Sum();
        return _sideband.WithColumns(Features).WithColumn(mass, masses).WithWeights(Array.ConvertAll(weights, weight => scale * weight));
    }

    /// <summary>
    /// The weights that other sideband events, which the generator was not trained on, would have in <see cref="Background"/>.
    /// </summary>
    public double[] WeightsOf(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        ReadOnlyMemory<float>[] columns = [.. Features.Select(events.Memory)];
        double[] weights = new double[events.Count];
        EventBlocks.ForEach(weights.Length, (start, length) =>
        {
            Span<float> values = stackalloc float[columns.Length];
            for (int row = start; row < start + length; row++)
            {
                Read(columns, row, values);
                weights[row] = _scale * events.Weight(row) * Generator.SignalRegionRatio(values);
            }
        });
        return weights;
    }

    /// <summary>Every event of the sidebands once, with the weight w times the mean of r(x,m) over some masses.</summary>
    internal EventTable At(IReadOnlyList<double> masses)
    {
        double[] weights = new double[_sideband.Count];
        EventBlocks.ForEach(weights.Length, (start, length) =>
        {
            Span<float> coefficients = stackalloc float[Width];
            for (int row = start; row < start + length; row++)
            {
                Coefficients(row, coefficients);
                double sum = 0;
                foreach (double mass in masses)
                {
                    sum += Generator.RatioAt(_foldOf[row], coefficients, mass);
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
        Span<float> coefficients = stackalloc float[Width];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = seed.Below(_sideband.Count, i);
            rows[i] = row;
            Coefficients(row, coefficients);
            weights[i] = _sideband.Weight(row) / meanWeight * Generator.RatioAt(_foldOf[row], coefficients, masses[i]);
        }

        EventTable chosen = _sideband.Select(rows);
        var features = Features.Select(name => KeyValuePair.Create(name, chosen.Memory(name)));
        return new EventTable(features, rows.Length, weights);
    }

    /// <summary>
    /// Spread of the generator's members in the signal region: ln of each member's ratio over their mean, for every event of the sidebands
    /// by models that were not trained on it, [members][events]; empty where no tree was kept.
    /// </summary>
    public float[][] MemberLogRatios() => _deviations;

    /// <summary>The same for other events, each by the models of its given fold, [members][events].</summary>
    /// <param name="events">Events that the generator was not learnt from, with its features.</param>
    /// <param name="foldOf">One fold an event, from 0 to the number of folds less 1.</param>
    public float[][] MemberLogRatios(EventTable events, int[] foldOf)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(foldOf);
        ReadOnlyMemory<float>[] columns = [.. Features.Select(events.Memory)];
        return Deviations(events.Count, (row, member) =>
        {
            Span<float> values = stackalloc float[columns.Length];
            Read(columns, row, values);
            return Generator.SignalRegionRatio(foldOf[row], member, values);
        });
    }

    private float[][] Deviations(int count, Func<int, int, double> ratioOf)
    {
        if (Generator.TreeCount == 0)
        {
            return [];
        }

        float[][] deviations = [.. Enumerable.Range(0, Generator.MemberCount).Select(_ => new float[count])];
        EventBlocks.ForEach(count, (start, length) =>
        {
            Span<double> ratios = stackalloc double[deviations.Length];
            for (int row = start; row < start + length; row++)
            {
                double mean = 0;
                for (int member = 0; member < ratios.Length; member++)
                {
                    ratios[member] = ratioOf(row, member);
                    mean += ratios[member] / ratios.Length;
                }

                for (int member = 0; member < ratios.Length; member++)
                {
                    deviations[member][row] = (float)Math.Log(ratios[member] / mean);
                }
            }
        });
        return deviations;
    }

    private static void Read(ReadOnlyMemory<float>[] columns, int row, Span<float> values)
    {
        for (int feature = 0; feature < values.Length; feature++)
        {
            values[feature] = columns[feature].Span[row];
        }
    }

    private int Width => JointOverMarginalRatio.CoefficientCount * Generator.MemberCount;

    private void Coefficients(int row, Span<float> coefficients)
    {
        Span<float> values = stackalloc float[_columns.Length];
        Read(_columns, row, values);
        Generator.Coefficients(_foldOf[row], values, coefficients);
    }
}
