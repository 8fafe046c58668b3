using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Appending;

/// <summary>The columns of a model's outputs, and where each lies among the numbers that the model gives for a row.</summary>
internal sealed class OutputLayout
{
    private readonly IReadOnlyList<string> _names;
    private readonly IRowModel _model;
    private readonly int[] _starts;

    public OutputLayout(IReadOnlyList<string> names, IRowModel model)
    {
        _names = names;
        _model = model;
        _starts = new int[names.Count + 1];
        for (int output = 0; output < names.Count; output++)
        {
            _starts[output + 1] = _starts[output] + (AreVectors ? model.Slots[output].Count : 1);
        }
    }

    public bool AreVectors => _model.Slots.Count > 0;

    /// <summary>Numbers of a row over all outputs.</summary>
    public int Width => _starts[^1];

    /// <summary>Where an output's numbers lie.</summary>
    public (int Start, int Length) Range(int output) => (_starts[output], _starts[output + 1] - _starts[output]);

    /// <summary>A schema of the outputs alone.</summary>
    /// <param name="scoreSet">Number of the score set, if the columns of a classifier are among them.</param>
    public DataViewSchema Schema(uint scoreSet) =>
        AreVectors ? VectorSchema(_names, _model.Slots) : ColumnBinding.OutputSchema(_names, _model.Roles, scoreSet);

    /// <summary>A schema of vectors of Single with named slots.</summary>
    public static DataViewSchema VectorSchema(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<string>> slots)
    {
        var builder = new DataViewSchema.Builder();
        for (int output = 0; output < names.Count; output++)
        {
            ReadOnlyMemory<char>[] named = [.. slots[output].Select(slot => slot.AsMemory())];
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
                "SlotNames", new VectorDataViewType(TextDataViewType.Instance, named.Length),
                (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(named.Length, named).CopyTo(ref value));
            builder.AddColumn(names[output], new VectorDataViewType(NumberDataViewType.Single, named.Length), annotations.ToAnnotations());
        }

        return builder.ToSchema();
    }
}
