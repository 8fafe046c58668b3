namespace Microsoft.ML.Data;

public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase()
    {
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Bind(input.Schema).Apply(input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Write(ctx);

    private protected abstract RowMap Bind(DataViewSchema input);

    private protected abstract void Write(ModelSaveContext context);

    private protected static DataViewSchema.Column Find(DataViewSchema schema, string name)
        => schema.GetColumnOrNull(name) ?? throw Mismatch.Missing("input", name);
}

/// <summary>Schema annotations by the names that the real package gives them.</summary>
internal static class Notes
{
    public static DataViewSchema.Annotations SlotNames(string[] names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] texts = names.Select(name => name.AsMemory()).ToArray();
        builder.Add(
            "SlotNames",
            new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value)
                => value = new VBuffer<ReadOnlyMemory<char>>(texts.Length, texts.ToArray())));
        return builder.ToAnnotations();
    }

    public static DataViewSchema.Annotations Score(string valueKind, bool isNormalized, uint setId)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("ScoreColumnSetId", new KeyDataViewType(typeof(uint), int.MaxValue), setId);
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, "BinaryClassification".AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, valueKind.AsMemory());
        if (isNormalized)
        {
            builder.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        }

        return builder.ToAnnotations();
    }

    /// <summary>The next free score set, one above the largest of the schema.</summary>
    public static uint NextScoreSet(DataViewSchema schema)
    {
        uint most = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull("ScoreColumnSetId") is { Type: KeyDataViewType })
            {
                uint id = 0;
                column.Annotations.GetValue("ScoreColumnSetId", ref id);
                most = Math.Max(most, id);
            }
        }

        return most + 1;
    }
}
