using Gbi.Events.IO.Outputs;

namespace Gbi.Events.IO.Appending;

/// <summary>A column to append.</summary>
internal sealed record NewColumn
{
    private NewColumn(string name, Type type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        ValueType = type;
    }

    /// <summary>Its name, which the input must not have.</summary>
    public string Name { get; }

    /// <summary>Type of its values: float, double or int.</summary>
    public Type ValueType { get; }

    /// <summary>A column of float; NaN is written as NaN.</summary>
    public static NewColumn Single(string name) => new(name, typeof(float));

    /// <summary>A column of double; NaN is written as NaN.</summary>
    public static NewColumn Double(string name) => new(name, typeof(double));

    /// <summary>A column of 32-bit integers.</summary>
    public static NewColumn Int32(string name) => new(name, typeof(int));
}

/// <summary>How columns are appended.</summary>
internal sealed record AppendOptions
{
    /// <summary>Whether an existing output may be replaced, and on what terms.</summary>
    public OutputTerms Terms { get; init; } = false;

    /// <summary>Whether the output is text; null where its name says so.</summary>
    public bool? IsText { get; init; }

    /// <summary>Columns of the input to copy, in this order; null for all that can be copied, in their own.</summary>
    public IReadOnlyList<string>? KeepColumns { get; init; }

    /// <summary>Is told of columns of a text that hold what their type does not say; null where nobody listens.</summary>
    public Action<string>? Remark { get; init; }

    /// <summary>How the features are read that the new columns are computed from.</summary>
    public EventReadOptions Read { get; init; } = new();

    /// <summary>Key-value metadata to add to the input's, where the output is Parquet.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
