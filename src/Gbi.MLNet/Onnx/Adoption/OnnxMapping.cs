namespace Gbi.Onnx.Adoption;

/// <summary>What the output of a network means.</summary>
public enum OnnxOutputKind
{
    /// <summary>The probability p of the numerator's class, in [0, 1]: ln r = ln p/(1 − p).</summary>
    Probability,

    /// <summary>
    /// What goes into a sigmoid, ln r = z; or, of several numbers an event, into a softmax (logarithms of probabilities do as well):
    /// ln r = z of the slot − ln Σ over the others of exp z.
    /// </summary>
    Logit,

    /// <summary>ln r itself.</summary>
    LogRatio,

    /// <summary>A number that rises with the ratio; it becomes one by calibration alone.</summary>
    Score,
}

/// <summary>How a feature was standardised in training: the network takes (x − mean)/width.</summary>
/// <param name="Mean">Mean; finite.</param>
/// <param name="Width">Standard deviation, or whatever was divided by; finite, above 0.</param>
public readonly record struct FeatureScale(double Mean, double Width);

/// <summary>
/// What a network that others exported takes and gives. Inputs and outputs that are left out are those of the graph, where it has only one
/// that will do.
/// </summary>
public sealed record OnnxMapping
{
    /// <summary>
    /// Columns in the order in which the network takes them, spread over its inputs: by name where each input is one column and has the
    /// name of one, else in the order of the graph. Null for the names of the inputs, where each is one column.
    /// </summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Ends the runs by which a network is tried.</summary>
    internal CancellationToken Cancellation { get; init; }

    /// <summary>
    /// Columns of single inputs, by the input's name or its position from 0; a number in place of a column is the same for all events.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Inputs { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>
    /// The output: its name or position from 0, and where it has several numbers an event, the slot in brackets: its position from 0, or
    /// the name of its class where that is no number, such as probabilities[1] or output_probability[signal].
    /// </summary>
    public string? Output { get; init; }

    /// <summary>What the output means.</summary>
    public OnnxOutputKind? Kind { get; init; }

    /// <summary>Features that the network takes standardised, by name; the others are passed on as they are.</summary>
    public IReadOnlyDictionary<string, FeatureScale> Standardise
    {
        get;
        init => field = value.Where(scale => !(double.IsFinite(scale.Value.Mean) && scale.Value.Width > 0
            && double.IsFinite(scale.Value.Width))).Select(scale => scale.Key).FirstOrDefault() is { } wrong
            ? throw new ArgumentOutOfRangeException(
                nameof(Standardise), value[wrong], $"The mean of '{wrong}' must be finite and its width finite and above 0.")
            : value;
    } = new Dictionary<string, FeatureScale>();

    /// <summary>Name of the numerator.</summary>
    public string Numerator { get; init; } = "numerator";

    /// <summary>Name of the denominator.</summary>
    public string Denominator { get; init; } = "denominator";
}
