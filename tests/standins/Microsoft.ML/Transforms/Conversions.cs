using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML
{
    public static class ConversionsExtensionsCatalog
    {
        public static ValueMappingEstimator<TInputType, TOutputType> MapValue<TInputType, TOutputType>(
            this TransformsCatalog.ConversionTransforms catalog,
            string outputColumnName,
            IEnumerable<KeyValuePair<TInputType, TOutputType>> keyValuePairs,
            string inputColumnName = null,
            bool treatValuesAsKeyType = false)
            => treatValuesAsKeyType
                ? throw new NotSupportedException("This stand-in of Microsoft.ML maps to plain values only.")
                : new ValueMappingEstimator<TInputType, TOutputType>(
                    outputColumnName, inputColumnName ?? outputColumnName, keyValuePairs.ToArray());

        public static TypeConvertingEstimator ConvertType(
            this TransformsCatalog.ConversionTransforms catalog,
            string outputColumnName,
            string inputColumnName = null,
            DataKind outputKind = DataKind.Single)
            => new(outputColumnName, inputColumnName ?? outputColumnName, outputKind);
    }
}

namespace Microsoft.ML.Transforms
{
    public class ValueMappingEstimator : TrivialEstimator<ValueMappingTransformer>
    {
        private readonly ValueMappingTransformer _transformer;

        private protected ValueMappingEstimator(ValueMappingTransformer transformer)
            : base(transformer) => _transformer = transformer;

        public sealed override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            SchemaShape.Column input = inputSchema.Find("input", _transformer.Input);
            if (!input.Accepts(SchemaShape.Column.Of(input.Name, _transformer.KeyType)))
            {
                throw Mismatch.Type("input", input.Name, _transformer.KeyType.ToString(), input.TypeText());
            }

            return inputSchema.With(SchemaShape.Column.Of(_transformer.Output, _transformer.ValueType));
        }
    }

    public sealed class ValueMappingEstimator<TKey, TValue> : ValueMappingEstimator
    {
        internal ValueMappingEstimator(string output, string input, KeyValuePair<TKey, TValue>[] pairs)
            : base(new ValueMappingTransformer(
                output,
                input,
                TypeMap.Primitive(typeof(TKey)),
                TypeMap.Primitive(typeof(TValue)),
                pairs.ToDictionary(pair => Text(pair.Key), pair => Text(pair.Value))))
        {
        }

        private static string Text<T>(T value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The table holds keys and values as invariant text, which is also how it is saved.</summary>
    public class ValueMappingTransformer : RowToRowTransformerBase
    {
        private readonly Dictionary<string, string> _table;

        internal ValueMappingTransformer(
            string output, string input, PrimitiveDataViewType keyType, PrimitiveDataViewType valueType, Dictionary<string, string> table)
        {
            Output = output;
            Input = input;
            KeyType = keyType;
            ValueType = valueType;
            _table = table;
        }

        internal ValueMappingTransformer(LoadContext context)
            : this(
                context.Reader.ReadString(),
                context.Reader.ReadString(),
                (PrimitiveDataViewType)TypeMap.Read(context.Reader.ReadString()),
                (PrimitiveDataViewType)TypeMap.Read(context.Reader.ReadString()),
                Enumerable.Range(0, context.Reader.ReadInt32())
                    .Select(_ => (Key: context.Reader.ReadString(), Value: context.Reader.ReadString()))
                    .ToDictionary(pair => pair.Key, pair => pair.Value))
        {
        }

        internal string Output { get; }

        internal string Input { get; }

        internal PrimitiveDataViewType KeyType { get; }

        internal PrimitiveDataViewType ValueType { get; }

        private protected override RowMap Bind(DataViewSchema input)
        {
            DataViewSchema.Column source = Find(input, Input);
            if (!source.Type.Equals(KeyType))
            {
                throw Mismatch.Type("input", Input, KeyType.ToString(), source.Type.ToString());
            }

            return RowMap.Appending(
                input,
                [new DataViewSchema.DetachedColumn(Output, ValueType)],
                _ => [source.Index],
                (row, active) => [active(0)
                    ? (Delegate)TypeMap.Call(
                        typeof(ValueMappingTransformer), nameof(Lookup), [KeyType.RawType, ValueType.RawType], row, source, _table)
                    : null]);
        }

        private protected override void Write(ModelSaveContext context)
        {
            context.Sign("Value");
            context.Writer.Write(Output);
            context.Writer.Write(Input);
            context.Writer.Write(TypeMap.Write(KeyType));
            context.Writer.Write(TypeMap.Write(ValueType));
            context.Writer.Write(_table.Count);
            foreach ((string key, string value) in _table)
            {
                context.Writer.Write(key);
                context.Writer.Write(value);
            }
        }

        // Text values stay one object for all rows, as in the real package: callers cache what they parse by reference.
        private static ValueGetter<TValue> Lookup<TKey, TValue>(
            DataViewRow row, DataViewSchema.Column source, Dictionary<string, string> table)
        {
            ValueGetter<TKey> key = row.GetGetter<TKey>(source);
            Dictionary<TKey, TValue> typed = table.ToDictionary(pair => Parse<TKey>(pair.Key), pair => Parse<TValue>(pair.Value));
            return (ref TValue value) =>
            {
                TKey wanted = default;
                key(ref wanted);
                value = typed.GetValueOrDefault(wanted);
            };
        }

        private static T Parse<T>(string text) => typeof(T) == typeof(ReadOnlyMemory<char>)
            ? (T)(object)text.AsMemory()
            : (T)Convert.ChangeType(text, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
    }

    public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
    {
        private readonly TypeConvertingTransformer _transformer;

        internal TypeConvertingEstimator(string output, string input, DataKind kind)
            : this(new TypeConvertingTransformer(output, input, kind))
        {
        }

        private TypeConvertingEstimator(TypeConvertingTransformer transformer)
            : base(transformer) => _transformer = transformer;

        public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            inputSchema.Find("input", _transformer.Input);
            return inputSchema.With(SchemaShape.Column.Of(_transformer.Output, _transformer.Type));
        }
    }

    public sealed class TypeConvertingTransformer : RowToRowTransformerBase
    {
        private readonly DataKind _kind;

        internal TypeConvertingTransformer(string output, string input, DataKind kind)
        {
            Output = output;
            Input = input;
            _kind = kind;
            Type = kind switch
            {
                DataKind.Single => NumberDataViewType.Single,
                DataKind.Double => NumberDataViewType.Double,
                DataKind.Int32 => NumberDataViewType.Int32,
                DataKind.Int64 => NumberDataViewType.Int64,
                DataKind.Boolean => BooleanDataViewType.Instance,
                _ => throw new NotSupportedException($"This stand-in of Microsoft.ML does not convert to {kind}."),
            };
        }

        internal TypeConvertingTransformer(LoadContext context)
            : this(context.Reader.ReadString(), context.Reader.ReadString(), (DataKind)context.Reader.ReadByte())
        {
        }

        internal string Output { get; }

        internal string Input { get; }

        internal PrimitiveDataViewType Type { get; }

        private protected override RowMap Bind(DataViewSchema input)
        {
            DataViewSchema.Column source = Find(input, Input);
            if (source.Type is VectorDataViewType or TextDataViewType)
            {
                throw new NotSupportedException("This stand-in of Microsoft.ML converts scalar numbers and Booleans only.");
            }

            return RowMap.Appending(
                input,
                [new DataViewSchema.DetachedColumn(Output, Type)],
                _ => [source.Index],
                (row, active) => [active(0)
                    ? (Delegate)TypeMap.Call(
                        typeof(TypeConvertingTransformer), nameof(Converted), [source.Type.RawType, Type.RawType], row, source)
                    : null]);
        }

        private protected override void Write(ModelSaveContext context)
        {
            context.Sign("Convert");
            context.Writer.Write(Output);
            context.Writer.Write(Input);
            context.Writer.Write((byte)_kind);
        }

        private static ValueGetter<TTo> Converted<TFrom, TTo>(DataViewRow row, DataViewSchema.Column source)
        {
            ValueGetter<TFrom> getter = row.GetGetter<TFrom>(source);
            return (ref TTo value) =>
            {
                TFrom found = default;
                getter(ref found);
                value = (TTo)Convert.ChangeType(found, typeof(TTo), System.Globalization.CultureInfo.InvariantCulture);
            };
        }
    }
}
