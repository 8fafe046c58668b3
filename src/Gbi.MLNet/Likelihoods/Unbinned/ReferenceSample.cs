using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>A channel's reference sample: shapes are normalised on it, and Asimov data and toys are made of its events.</summary>
internal sealed class ReferenceSample
{
    private readonly CompiledChannel _channel;

    /// <summary>Arranges the events and normalises the processes that have no variation.</summary>
    /// <exception cref="DataException">The weights do not sum to more than 0, or those of a process do not.</exception>
    public ReferenceSample(CompiledChannel channel, EventTable events)
    {
        _channel = channel;

        // Of the columns of the table, only those that a process reads are wanted in toys.
        Table = new EventTable(
            channel.Channel.Columns.Where(events.ColumnNames.Contains).Select(name => KeyValuePair.Create(name, events.Memory(name))),
            events.Count,
            events.HasWeights ? events.Weights.ToArray() : (ReadOnlyMemory<double>?)null);
        Events = new EventSet(channel, Table);
        WeightSum = Table.SumOfWeights;
        HasVariations = channel.Processes.Any(process => process.ShapeParameters.Length > 0);
        NominalSums = Nominal();
        RequirePositive();
    }

    public EventTable Table { get; }

    public EventSet Events { get; }

    /// <summary>Σ w.</summary>
    public double WeightSum { get; }

    /// <summary>Whether a process depends on a nuisance parameter.</summary>
    public bool HasVariations { get; }

    /// <summary>Sums of a pass with all parameters 0.</summary>
    public double[] NominalSums { get; }

    /// <summary>The reference events, weighted with the expected number of each at a point.</summary>
    public EventTable Expected(ReadOnlySpan<double> parameters)
    {
        var point = new UnbinnedPoint(_channel, Events);
        point.SetFactors(parameters, PassOrder.Value);
        double[] weights = new double[Table.Count];
        Numerics.EventBlocks.ForEachIndex(Events.Tiles.TileCount, tile =>
        {
            TileWork work = _channel.RentWork();
            work.Densities(point, tile, weights);
            _channel.Return(work);
        });
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= Table.Weight(i) / WeightSum;
        }

        return Table.WithWeights(weights);
    }

    private double[] Nominal()
    {
        ShapePoint[] shapes = [.. _channel.Processes.Select(process => new ShapePoint(process))];
        double[] zeros = new double[_channel.ParameterCount];
        foreach (ShapePoint shape in shapes)
        {
            shape.Set(zeros);
        }

        var pass = new BlockSums(Events, _channel.Layout.Count, (firstTile, endTile, sums) =>
        {
            TileWork work = _channel.RentWork();
            work.RunShapes(Events, shapes, PassOrder.Value, variedOnly: false, firstTile, endTile, sums);
            _channel.Return(work);
            return -1;
        });
        pass.Run();
        return pass.Sums.ToArray();
    }

    private void RequirePositive()
    {
        if (!(WeightSum > 0))
        {
            throw new DataException(Text(
                $"The weights of the reference sample of channel '{_channel.Channel.Name}' sum to {WeightSum:G4}, expected more than 0."));
        }

        for (int p = 0; p < _channel.Processes.Length; p++)
        {
            double sum = NominalSums[_channel.Layout.Of(p).Density];
            if (!(sum > 0))
            {
                throw new DataException(Text(
                    $"The ratio of process '{_channel.Processes[p].Process.Name}' sums to {sum:G4} over the reference sample of channel "
                        + $"'{_channel.Channel.Name}', expected more than 0: the reference has no event where the process is."));
            }
        }
    }
}

/// <summary>Σ w r h of every process over the reference sample at one point, with derivatives. Reused from call to call.</summary>
internal sealed class NormalisationPoint
{
    private readonly CompiledChannel _channel;
    private readonly ReferenceSample _reference;
    private readonly BlockSums _pass;
    private ShapePoint[] _shapes = [];
    private PassOrder _order;

    public NormalisationPoint(CompiledChannel channel, ReferenceSample reference)
    {
        (_channel, _reference) = (channel, reference);
        Moments = [.. channel.Processes.Select((process, p) => new ShapeMoments(process, channel.Layout.Of(p)))];
        _pass = new BlockSums(reference.Events, channel.Layout.Count, Block);
    }

    /// <summary>Σ w.</summary>
    public double WeightSum => _reference.WeightSum;

    public ShapeMoments[] Moments { get; }

    /// <summary>Passes over the reference for the processes with variations; the others have had their pass once.</summary>
    public void Run(ShapePoint[] shapes, PassOrder order)
    {
        (_shapes, _order) = (shapes, order);
        if (_reference.HasVariations)
        {
            _pass.Run();
        }

        for (int p = 0; p < Moments.Length; p++)
        {
            Moments[p].Set(_channel.Processes[p].ShapeParameters.Length > 0 ? _pass.Sums : _reference.NominalSums, shapes[p], order);
        }
    }

    private int Block(int firstTile, int endTile, Span<double> sums)
    {
        TileWork work = _channel.RentWork();
        work.RunShapes(_reference.Events, _shapes, _order, variedOnly: true, firstTile, endTile, sums);
        _channel.Return(work);
        return -1;
    }
}
