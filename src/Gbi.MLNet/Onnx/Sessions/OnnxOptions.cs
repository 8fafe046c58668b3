using System.Text.Json.Serialization;

namespace Gbi.Onnx.Sessions;

/// <summary>Where a network runs.</summary>
public enum OnnxDevice
{
    /// <summary>On a GPU through CUDA where there is one, else on the processor.</summary>
    Auto,

    /// <summary>On the processor.</summary>
    Cpu,

    /// <summary>On a GPU through CUDA; an error where that cannot be.</summary>
    Cuda,
}

/// <summary>How the runtime asks the GPU for more memory.</summary>
public enum OnnxArena
{
    /// <summary>As much as is needed: for a GPU that others use too.</summary>
    AsRequested,

    /// <summary>Up to the next power of two: fewer requests, more memory.</summary>
    PowersOfTwo,
}

/// <summary>How far the runtime rewrites a graph before it runs.</summary>
public enum OnnxOptimisation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Constants folded, nodes without effect left out.</summary>
    Basic,

    /// <summary>Nodes joined as well.</summary>
    Extended,

    /// <summary>Layouts of tensors changed as well.</summary>
    All,
}

/// <summary>How ONNX Runtime runs a network. Results depend on none of these but by rounding.</summary>
public sealed record OnnxOptions
{
    /// <summary>Where it runs.</summary>
    public OnnxDevice Device { get; init; }

    /// <summary>Which GPU. Range: 0 or more.</summary>
    public int DeviceId
    {
        get;
        init => field = AtLeast(0, value, nameof(DeviceId));
    }

    /// <summary>Most bytes of the GPU's memory; null for all of it. Range: 1 or more.</summary>
    public long? GpuMemoryLimit
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(GpuMemoryLimit), value, "GpuMemoryLimit must be above 0: it counts bytes.");
    }

    /// <summary>How the GPU's memory grows.</summary>
    public OnnxArena Arena { get; init; }

    /// <summary>How far the graph is rewritten.</summary>
    public OnnxOptimisation Optimisation { get; init; } = OnnxOptimisation.All;

    /// <summary>
    /// Whether a GPU may multiply with 10 bits of mantissa (TensorFloat-32), which is faster; log ratios then agree to about 1e-3 and
    /// not to 1e-5.
    /// </summary>
    public bool AllowTf32 { get; init; }

    /// <summary>
    /// Events in a block; null for <see cref="GpuBlockSize"/> on a GPU, and <see cref="CpuBlockSize"/> or, for several files that are run
    /// together, <see cref="EnsembleBlockSize"/> on the processor. A graph whose batch is fixed has blocks of that size. Range: 1 or more.
    /// </summary>
    public int? BlockSize
    {
        get;
        init => field = value is { } size ? AtLeast(1, size, nameof(BlockSize)) : null;
    }

    /// <summary>Whether the fastest of some block sizes is found by trying them, once when the network is opened.</summary>
    public bool ProbesBlockSize { get; init; }

    /// <summary>
    /// Blocks at work at the same time; null for two on a GPU, where one is copied while the other is computed, and one for each core
    /// on the processor. Range: 1 or more.
    /// </summary>
    public int? Workers
    {
        get;
        init => field = value is { } workers ? AtLeast(1, workers, nameof(Workers)) : null;
    }

    /// <summary>Threads of the runtime within one node of one block. Range: 1 or more.</summary>
    public int IntraOpThreads
    {
        get;
        init => field = AtLeast(1, value, nameof(IntraOpThreads));
    } = 1;

    /// <summary>
    /// Ends runs of the network, one with a loop without end too; what ran throws <see cref="OperationCanceledException"/>.
    /// </summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }

    /// <summary>Events in a block on a GPU unless the caller says otherwise.</summary>
    public const int GpuBlockSize = 65_536;

    /// <summary>Events in a block on the processor unless the caller says otherwise: what a layer gives stays in the cache.</summary>
    public const int CpuBlockSize = 4096;

    /// <summary>The same for several files that are run together: each has layers of its own, which would drive the others' out.</summary>
    public const int EnsembleBlockSize = 512;

    private static int AtLeast(int least, int value, string name) => value >= least ? value : throw new ArgumentOutOfRangeException(
        name, value, $"{name} must be {least} or more.");
}
