using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Sessions.Trials;

namespace Gbi.Onnx.Sessions;

/// <summary>Graphs with the same inputs, run together on blocks of events by several workers. May be used from several threads at
/// once.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly IdlePool<OnnxLane> _idle = new();
    private int _lanes;
    private int _isTried;
    private bool _isDisposed;

    private OnnxNetwork(OnnxGraphFile[] graphs, OnnxOptions options)
    {
        Graphs = graphs;
        Options = options;
        Name = graphs.Length == 1 ? graphs[0].Name : $"{graphs[0].Name} and {graphs.Length - 1} more";
        FixedBatch = graphs.Select(graph => graph.FixedBatch).FirstOrDefault(batch => batch is not null);
        Provider = string.Join(", ", graphs.Select(graph => graph.Provider).Distinct());
        UsesCuda = graphs.Any(graph => graph.UsesCuda);
        BlockSize = FixedBatch ?? options.BlockSize
            ?? (UsesCuda ? OnnxOptions.GpuBlockSize : graphs.Length > 1 ? OnnxOptions.EnsembleBlockSize : OnnxOptions.CpuBlockSize);
    }

    public string Name { get; }

    public OnnxOptions Options { get; }

    public IReadOnlyList<OnnxGraphFile> Graphs { get; }

    public IReadOnlyList<OnnxInput> Inputs => Graphs[0].Inputs;

    /// <summary>Where it runs.</summary>
    public string Provider { get; }

    /// <summary>Why not on a GPU, where one was looked for; otherwise null.</summary>
    public string? ProviderReason => Graphs[0].ProviderReason;

    public bool UsesCuda { get; }

    public int? FixedBatch { get; }

    /// <summary>Whether one event alone is run as two.</summary>
    public bool PadsSingle => Graphs.Any(graph => graph.PadsSingle);

    /// <summary>Events in a block.</summary>
    public int BlockSize { get; private set; }

    /// <summary>Opens graphs that take the same inputs.</summary>
    /// <exception cref="DataException">A file is not as asked for, or their inputs differ; the message says in what.</exception>
    public static OnnxNetwork Open(IReadOnlyList<OnnxSource> sources, OnnxOptions options, Func<OnnxGraphFile, OnnxRequest> ask)
    {
        var graphs = new List<OnnxGraphFile>();
        try
        {
            foreach (OnnxSource source in sources)
            {
                graphs.Add(OnnxGraphFile.Open(source, options, ask));
                RequireAlike(graphs[0], graphs[^1]);
            }

            var network = new OnnxNetwork([.. graphs], options);
            network.BlockSize = options.ProbesBlockSize && network.FixedBatch is null ? BlockSizeProbe.Fastest(network) : network.BlockSize;
            return network;
        }
        catch
        {
            graphs.ForEach(graph => graph.Dispose());
            throw;
        }
    }

    /// <summary>Requires that each event's outputs depend on that event alone, on the first events that are given; once.</summary>
    /// <param name="count">Number of events.</param>
    /// <param name="write">Writes events (start, length) to the inputs, [events × width] each.</param>
    /// <exception cref="DataException">They do not; the message holds an event.</exception>
    public void RequireIndependence(int count, Action<int, float[][]> write)
    {
        int trial = FixedBatch ?? Math.Min(count, TrialEvents.Count);
        if (count < trial || trial < 2 || Interlocked.Exchange(ref _isTried, 1) == 1)
        {
            return;
        }

        float[][] inputs = [.. Inputs.Select(input => new float[trial * input.Width])];
        write(trial, inputs);
        foreach (OnnxGraphFile graph in Graphs)
        {
            graph.RequireIndependence(inputs, trial);
        }
    }

    /// <summary>Goes through the blocks of some events, several at a time.</summary>
    /// <param name="count">Number of events.</param>
    /// <param name="work">Runs the events (start, length) on a lane that no other thread uses meanwhile.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public void ForEachBlock(int count, Action<OnnxLane, int, int> work, CancellationToken cancellation = default)
    {
        int blocks = EventBlocks.CountOf(count, BlockSize);
        int workers = Math.Min(blocks, Options.Workers ?? (UsesCuda ? 2 : EventBlocks.MaxThreads));
        int next = -1;
        EventBlocks.ForEachIndex(workers, _ => WithLane(lane =>
        {
            for (int block = Interlocked.Increment(ref next); block < blocks; block = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                int start = block * BlockSize;
                work(lane, start, Math.Min(BlockSize, count - start));
            }
        }), cancellation);
    }

    private void WithLane(Action<OnnxLane> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_idle.TryRent(out OnnxLane? lane))
        {
            // On a GPU one session and one binding a worker; the sessions of the graphs themselves belong to the first.
            lane = new OnnxLane(this, ownsSessions: UsesCuda && Interlocked.Increment(ref _lanes) > 1);
        }

        try
        {
            work(lane);
        }
        finally
        {
            _idle.Return(lane);
        }
    }

    /// <summary>The same graphs in other blocks; its lanes are to be closed, its graphs are these.</summary>
    public OnnxNetwork WithBlocksOf(int size) => new([.. Graphs], Options with { BlockSize = size });

    /// <summary>Gives the buffers back; blocks must not be under way.</summary>
    public void CloseLanes()
    {
        while (_idle.TryRent(out OnnxLane? lane))
        {
            lane.Dispose();
        }

        _lanes = 0;
    }

    /// <summary>Closes the sessions; blocks must not be under way.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        CloseLanes();
        foreach (OnnxGraphFile graph in Graphs)
        {
            graph.Dispose();
        }
    }

    private static void RequireAlike(OnnxGraphFile first, OnnxGraphFile other)
    {
        if (!other.Inputs.SequenceEqual(first.Inputs) || (other.FixedBatch != first.FixedBatch))
        {
            throw new DataException(
                $"{other.Name} takes {Listed(other)}, but {first.Name} takes {Listed(first)}; members of an ensemble must have the same "
                    + $"inputs.");
        }
    }

    private static string Listed(OnnxGraphFile graph) => string.Join(
        ", ",
        graph.Inputs.Select(
            input =>
                $"{input.Name} [{graph.FixedBatch?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "events"}, "
                    + $"{input.Width}]"));
}
