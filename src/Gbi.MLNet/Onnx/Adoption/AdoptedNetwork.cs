using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Adoption;

/// <summary>A network that others exported, as a ratio of the contract.</summary>
internal sealed record AdoptedNetwork
{
    /// <summary>The ratio as an ONNX file.</summary>
    public required OnnxSource Source { get; init; }

    /// <summary>Columns that it takes.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Name of the network's output.</summary>
    public required string Output { get; init; }

    /// <summary>What the output means.</summary>
    public required OnnxOutputKind Kind { get; init; }

    /// <summary>Position of the number that counts.</summary>
    public required int Slot { get; init; }

    /// <summary>Numbers of an event in the output.</summary>
    public required int Slots { get; init; }

    /// <summary>Name of the slot's class; null where it is not known.</summary>
    public required string? Label { get; init; }

    /// <summary>The one number of events that it takes; null for any.</summary>
    public required long? Batch { get; init; }

    /// <summary>Version of the network's operators.</summary>
    public required long Opset { get; init; }

    /// <summary>The program that wrote it; "" where it does not say.</summary>
    public required string Producer { get; init; }

    /// <summary>Sentences for the user.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}
