using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Models;

/// <summary>How a ratio by networks is read and run.</summary>
public sealed record OnnxRatioOptions
{
    /// <summary>Device and blocks.</summary>
    public OnnxOptions Execution { get; init; } = new();

    /// <summary>
    /// The features in the order in which the network takes them; null for those that the file names. A file that names others, or the
    /// same in another order, is refused.
    /// </summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Values of theta for all events, by name; a theta that is not among them is a column of the events.</summary>
    public IReadOnlyDictionary<string, double> Theta { get; init; } = new Dictionary<string, double>();

    /// <summary>Largest |log r| passed on; larger values are clipped and counted. Range: (0, ∞).</summary>
    public double MaxAbsLogRatio
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxAbsLogRatio), value, "MaxAbsLogRatio must be above 0: it bounds |log r|.");
    } = 20;
}
