using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Views;

namespace Gbi.Pipeline.Persistence;

/// <summary>
/// All that a lowered transformer must remember, as one text: a line of JSON for kind and columns, then the model's own text.
/// </summary>
internal sealed class LoweredState
{
    // ML.NET's lookup yields the same string object for every row, so what was parsed is found again by reference.
    private static readonly ConditionalWeakTable<string, LoweredState> Parsed = [];

    public LoweredState(TransformerKind kind, ColumnBinding binding, IRowModel model)
    {
        Kind = kind;
        Binding = binding;
        Model = model;
    }

    public TransformerKind Kind { get; }

    public ColumnBinding Binding { get; }

    public IRowModel Model { get; }

    /// <summary>The state that a text holds; the same object as long as the same string is given.</summary>
    /// <exception cref="Events.DataException">The text is no state of ours, or of a kind that is not known.</exception>
    public static LoweredState Of(ReadOnlyMemory<char> text) =>
        MemoryMarshal.TryGetString(text, out string? whole, out int start, out int length) && start == 0 && length == whole.Length
            ? Parsed.GetValue(whole, Read)
            : Parsed.GetValue(text.ToString(), Read);

    public string Write()
    {
        var header = new Header(
            Kind.Name,
            [.. Binding.Inputs.Select(input => input.Name)],
            [.. Binding.Inputs.Select(input => input.Size)],
            [.. Binding.Outputs]);
        return $"{JsonSerializer.Serialize(header)}\n{Model.Serialize()}";
    }

    private static LoweredState Read(string text)
    {
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || JsonSerializer.Deserialize<Header>(text.AsSpan(0, end)) is not { } header)
        {
            throw new Events.DataException(
                "The state of a Gbi transformer in the model has no header line; the model file is damaged, save it again.");
        }

        TransformerKind kind = TransformerKind.Named(header.Kind);
        var inputs = header.Inputs.Zip(header.Sizes, (name, size) => new InputColumn(name, size));
        return new LoweredState(kind, new ColumnBinding([.. inputs], header.Outputs), kind.Parse(text[(end + 1)..]));
    }

    private sealed record Header(string Kind, string[] Inputs, int[] Sizes, string[] Outputs);
}
