using Gbi.Events;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>An input column: a number, or a vector of <paramref name="Size"/> numbers.</summary>
/// <param name="Name">The user's name of the column.</param>
/// <param name="Size">Size of the vector; 0 for a number.</param>
internal sealed record InputColumn(string Name, int Size)
{
    /// <summary>Numbers that the column gives for a row.</summary>
    public int Width => Math.Max(Size, 1);

    public DataViewType Type => Size == 0
        ? NumberDataViewType.Single
        : new VectorDataViewType(NumberDataViewType.Single, Size);
}

/// <summary>Which columns a transformer reads, in order, and which columns it appends.</summary>
internal sealed record ColumnBinding(IReadOnlyList<InputColumn> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>Numbers that a row has over all inputs.</summary>
    public int Width => Inputs.Sum(input => input.Width);

    /// <summary>Names of the inputs, for messages.</summary>
    public string InputNames => string.Join(", ", Inputs.Select(input => input.Name));

    /// <summary>The inputs as columns of <paramref name="schema"/>.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public DataViewSchema.Column[] Resolve(DataViewSchema schema) =>
        [.. Inputs.Select(input => InputColumns.Require(schema, input.Name, input.Type))];

    /// <summary>A schema of the inputs alone.</summary>
    public DataViewSchema InputSchema()
    {
        var builder = new DataViewSchema.Builder();
        foreach (InputColumn input in Inputs)
        {
            builder.AddColumn(input.Name, input.Type);
        }

        return builder.ToSchema();
    }

    /// <summary>A schema of the appended columns alone.</summary>
    /// <param name="outputs">Their names.</param>
    /// <param name="roles">Their roles from the first one on; the others are numbers.</param>
    /// <param name="scoreSet">Number of the score set, if the columns of a classifier are among them.</param>
    public static DataViewSchema OutputSchema(IReadOnlyList<string> outputs, IReadOnlyList<ColumnRole> roles, uint scoreSet = 1)
    {
        var builder = new DataViewSchema.Builder();
        for (int output = 0; output < outputs.Count; output++)
        {
            ColumnRole role = output < roles.Count ? roles[output] : ColumnRole.Number;
            builder.AddColumn(outputs[output], ColumnAnnotations.TypeOf(role), ColumnAnnotations.Of(role, scoreSet));
        }

        return builder.ToSchema();
    }
}
