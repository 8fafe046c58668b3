using System.Collections.Concurrent;
using Gbi.Events;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>An unbinned channel with parameters and columns by number, and what all likelihoods of it share.</summary>
internal sealed class CompiledChannel
{
    private readonly ColumnList _columns = new();
    private readonly ConcurrentBag<TileWork> _work = [];
    private readonly ConcurrentQueue<WeakReference<EventTiles>> _arranged = [];
    private readonly Lazy<ReferenceSample> _reference;

    public CompiledChannel(UnbinnedChannel channel, LikelihoodModel model)
    {
        Channel = channel;
        ParameterCount = model.Parameters.Count;
        Processes = [.. channel.Processes.Select(process => new CompiledProcess(process, model, _columns))];
        Layout = new SumLayout(Processes, ParameterCount);
        _reference = new(() => new ReferenceSample(this, channel.Reference ?? throw new FitException(
            $"Channel '{channel.Name}' has no reference sample, which Asimov data and toys are made of; give it one.")));
    }

    public UnbinnedChannel Channel { get; }

    public int ParameterCount { get; }

    public CompiledProcess[] Processes { get; }

    public SumLayout Layout { get; }

    public int ColumnCount => _columns.Count;

    /// <summary>The reference sample, arranged when it is first needed.</summary>
    /// <exception cref="FitException">There is none.</exception>
    public ReferenceSample Reference => _reference.Value;

    /// <summary>Whether shapes are normalised on the reference.</summary>
    public bool NormalisesShapes => Channel.Reference is not null && Channel.NormalisesShapes;

    /// <summary>The columns of a table in tiles; those of a table with the same columns are not made twice.</summary>
    /// <exception cref="DataException">A column is missing, or a value of it cannot be.</exception>
    public EventTiles Arrange(EventTable events)
    {
        foreach (WeakReference<EventTiles> known in _arranged)
        {
            if (known.TryGetTarget(out EventTiles? tiles) && _columns.AreThoseOf(tiles, events))
            {
                return tiles;
            }
        }

        EventTiles arranged = _columns.Arrange(events, Channel.Name);
        _arranged.Enqueue(new(arranged));
        while (_arranged.Count > 2 * Environment.ProcessorCount && _arranged.TryDequeue(out _))
        {
        }

        return arranged;
    }

    public TileWork RentWork() => _work.TryTake(out TileWork? work) ? work : new TileWork(this);

    public void Return(TileWork work) => _work.Add(work);
}
