namespace Gbi.Likelihoods.Unbinned;

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
