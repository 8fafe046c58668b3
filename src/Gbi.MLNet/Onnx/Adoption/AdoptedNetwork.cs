using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Adoption;

/// <summary>A network that others exported, as a ratio of the contract.</summary>
/// <param name="Source">The ratio as an ONNX file.</param>
/// <param name="Features">Columns that it takes.</param>
/// <param name="Output">Name of the network's output.</param>
/// <param name="Slot">Position of the number that counts.</param>
/// <param name="Slots">Numbers of an event in the output.</param>
/// <param name="Label">Name of the slot's class; null where it is not known.</param>
/// <param name="Kind">What the output means.</param>
/// <param name="Batch">The one number of events that it takes; null for any.</param>
/// <param name="Opset">Version of the network's operators.</param>
/// <param name="Producer">The program that wrote it; "" where it does not say.</param>
/// <param name="Remarks">Sentences for the user.</param>
internal sealed record AdoptedNetwork(
    OnnxSource Source,
    IReadOnlyList<string> Features,
    string Output,
    int Slot,
    int Slots,
    string? Label,
    OnnxOutputKind Kind,
    long? Batch,
    long Opset,
    string Producer,
    IReadOnlyList<string> Remarks);
