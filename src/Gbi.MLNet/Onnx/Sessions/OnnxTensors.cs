namespace Gbi.Onnx.Sessions;

/// <summary>An input of a graph, [events × width], single precision.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Width">Numbers of an event.</param>
internal sealed record OnnxInput(string Name, int Width)
{
    public long[] Shape(int count) => [count, Width];
}

/// <summary>Which shapes an output may have.</summary>
internal enum OutputForm
{
    /// <summary>[events] or [events × 1].</summary>
    Number,

    /// <summary>[events], [events × 1] or [members × events].</summary>
    Members,

    /// <summary>[events × columns].</summary>
    Columns,
}

/// <summary>An output of a graph, single precision.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rank">Its dimensions, 1 or 2.</param>
/// <param name="Slots">Numbers of an event: columns, or members.</param>
/// <param name="IsMemberMajor">Whether all events of a member stand together, [members × events].</param>
internal sealed record OnnxOutput(string Name, int Rank, int Slots, bool IsMemberMajor)
{
    public long[] Shape(int count) => Rank == 1 ? [count] : IsMemberMajor ? [Slots, count] : [count, Slots];

    /// <summary>The output that has this shape for so many events; null where the form does not allow it.</summary>
    public static OnnxOutput? Of(string name, OutputForm form, ReadOnlySpan<long> shape, int count) => shape switch
    {
        [var events] when events == count => new OnnxOutput(name, 1, 1, false),
        [var events, var columns] when events == count && (form == OutputForm.Columns || columns == 1) =>
            new OnnxOutput(name, 2, (int)columns, false),
        [var members, var events] when events == count && form == OutputForm.Members && members > 0 =>
            new OnnxOutput(name, 2, (int)members, true),
        _ => null,
    };

    public static string Allowed(OutputForm form, int count) => form switch
    {
        OutputForm.Number => $"[{count}] or [{count}, 1]",
        OutputForm.Members => $"[{count}], [{count}, 1] or [members, {count}]",
        _ => $"[{count}, columns]",
    };
}

/// <summary>What a model asks of a graph.</summary>
/// <param name="Kind">The kind that the metadata must name, where they name one.</param>
/// <param name="Inputs">Inputs that must be there, with the width that the metadata say, or null where they do not.</param>
/// <param name="OptionalInputs">The same for inputs that may be there.</param>
/// <param name="Outputs">Outputs that must be there.</param>
/// <param name="OptionalOutputs">Outputs that may be there.</param>
internal sealed record OnnxRequest(
    string Kind,
    IReadOnlyList<(string Name, int? Width)> Inputs,
    IReadOnlyList<(string Name, int? Width)> OptionalInputs,
    IReadOnlyList<(string Name, OutputForm Form)> Outputs,
    IReadOnlyList<(string Name, OutputForm Form)> OptionalOutputs);
