using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML
{
    public sealed class TransformsCatalog
    {
        internal TransformsCatalog(LocalHost host)
        {
            Host = host;
            Conversion = new ConversionTransforms();
        }

        public ConversionTransforms Conversion { get; }

        internal LocalHost Host { get; }

        public sealed class ConversionTransforms
        {
            internal ConversionTransforms()
            {
            }
        }
    }

    public sealed class InputOutputColumnPair
    {
        public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
            OutputColumnName = outputColumnName;
            InputColumnName = inputColumnName ?? outputColumnName;
        }

        public string InputColumnName { get; }

        public string OutputColumnName { get; }
    }

    public static class TransformExtensionsCatalog
    {
        public static ColumnCopyingEstimator CopyColumns(
            this TransformsCatalog catalog, string outputColumnName, string inputColumnName)
            => new(outputColumnName, inputColumnName);

        public static ColumnConcatenatingEstimator Concatenate(
            this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames)
            => new(outputColumnName, inputColumnNames);

        public static ColumnSelectingEstimator DropColumns(this TransformsCatalog catalog, params string[] columnNames)
            => new(columnNames, keep: false, keepHidden: false);

        public static ColumnSelectingEstimator SelectColumns(
            this TransformsCatalog catalog, string[] columnNames, bool keepHidden)
            => new(columnNames, keep: true, keepHidden);

        public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, params string[] columnNames)
            => catalog.SelectColumns(columnNames, false);
    }
}

namespace Microsoft.ML.Transforms
{
    public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
    {
        private readonly string _output;
        private readonly string _input;

        internal ColumnCopyingEstimator(string output, string input)
            : base(new ColumnCopyingTransformer(output, input))
        {
            _output = output;
            _input = input;
        }

        public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
            => inputSchema.With(inputSchema.Find("input", _input).Renamed(_output));
    }

    public sealed class ColumnCopyingTransformer : RowToRowTransformerBase
    {
        private readonly string _output;
        private readonly string _input;

        internal ColumnCopyingTransformer(string output, string input)
        {
            _output = output;
            _input = input;
        }

        internal ColumnCopyingTransformer(LoadContext context)
            : this(context.Reader.ReadString(), context.Reader.ReadString())
        {
        }

        private protected override RowMap Bind(DataViewSchema input)
        {
            DataViewSchema.Column source = Find(input, _input);
            return RowMap.Appending(
                input,
                [new DataViewSchema.DetachedColumn(_output, source.Type, source.Annotations)],
                _ => [source.Index],
                (row, active) => [active(0) ? Getter(row, source) : null]);
        }

        private protected override void Write(ModelSaveContext context)
        {
            context.Sign("Copy");
            context.Writer.Write(_output);
            context.Writer.Write(_input);
        }

        private static Delegate Getter(DataViewRow row, DataViewSchema.Column source)
            => (Delegate)TypeMap.Call(typeof(ColumnCopyingTransformer), nameof(Same), source.Type.RawType, row, source);

        private static ValueGetter<T> Same<T>(DataViewRow row, DataViewSchema.Column source) => row.GetGetter<T>(source);
    }

    public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
    {
        private readonly string _output;
        private readonly string[] _inputs;

        internal ColumnConcatenatingEstimator(string output, string[] inputs)
        {
            _output = output;
            _inputs = inputs is { Length: > 0 }
                ? inputs
                : throw new ArgumentOutOfRangeException(nameof(inputs), "Concatenate needs at least one input column.");
        }

        public ColumnConcatenatingTransformer Fit(IDataView input)
        {
            ArgumentNullException.ThrowIfNull(input);
            return new ColumnConcatenatingTransformer(_output, _inputs);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            SchemaShape.Column[] columns = _inputs.Select(name => inputSchema.Find("input", name)).ToArray();
            if (columns.FirstOrDefault(c => c.IsKey || !c.ItemType.Equals(columns[0].ItemType)) is { Name: { } odd })
            {
                throw new InvalidOperationException($"Column '{odd}' cannot be joined: it is a key, or of another type than '{_inputs[0]}'.");
            }

            bool sized = columns.All(column => column.Kind != SchemaShape.Column.VectorKind.VariableVector);
            bool named = columns.Any(column => column.Kind == SchemaShape.Column.VectorKind.Scalar
                || column.Annotations.TryFind("SlotNames", out _));
            var names = SchemaShape.Column.Of("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 1));
            return inputSchema.With(new SchemaShape.Column(
                _output,
                sized ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector,
                columns[0].ItemType,
                isKey: false,
                new SchemaShape(named ? [names] : [])));
        }
    }

    public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
    {
        private readonly string[] _names;
        private readonly bool _keep;

        internal ColumnSelectingEstimator(string[] names, bool keep, bool keepHidden)
            : base(new ColumnSelectingTransformer(names, keep, keepHidden))
        {
            _names = names;
            _keep = keep;
        }

        public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            SchemaShape.Column[] named = _names.Select(name => inputSchema.Find("input", name)).ToArray();
            return new SchemaShape(_keep ? named : inputSchema.Where(column => !_names.Contains(column.Name)));
        }
    }

    public sealed class ColumnSelectingTransformer : RowToRowTransformerBase
    {
        private readonly string[] _names;
        private readonly bool _keep;
        private readonly bool _keepHidden;

        internal ColumnSelectingTransformer(string[] names, bool keep, bool keepHidden)
        {
            _names = names;
            _keep = keep;
            _keepHidden = keepHidden;
        }

        internal ColumnSelectingTransformer(LoadContext context)
            : this(
                Enumerable.Range(0, context.Reader.ReadInt32()).Select(_ => context.Reader.ReadString()).ToArray(),
                context.Reader.ReadBoolean(),
                context.Reader.ReadBoolean())
        {
        }

        private protected override RowMap Bind(DataViewSchema input)
        {
            foreach (string name in _names)
            {
                Find(input, name);
            }

            DataViewSchema.Column[] seen = input.Where(column => _keepHidden || !column.IsHidden).ToArray();
            IEnumerable<DataViewSchema.Column> kept = _keep
                ? _names.SelectMany(name => seen.Where(column => column.Name == name))
                : seen.Where(column => !_names.Contains(column.Name));
            return new RowMap(input, kept.Select(column => column.Index), [], _ => [], (_, _) => []);
        }

        private protected override void Write(ModelSaveContext context)
        {
            context.Sign("Select");
            context.Writer.Write(_names.Length);
            foreach (string name in _names)
            {
                context.Writer.Write(name);
            }

            context.Writer.Write(_keep);
            context.Writer.Write(_keepHidden);
        }
    }
}

namespace Microsoft.ML.Data
{
    public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
    {
        private readonly string _output;
        private readonly string[] _inputs;

        internal ColumnConcatenatingTransformer(string output, string[] inputs)
        {
            _output = output;
            _inputs = inputs;
        }

        internal ColumnConcatenatingTransformer(LoadContext context)
            : this(
                context.Reader.ReadString(),
                Enumerable.Range(0, context.Reader.ReadInt32()).Select(_ => context.Reader.ReadString()).ToArray())
        {
        }

        private protected override RowMap Bind(DataViewSchema input)
        {
            DataViewSchema.Column[] sources = _inputs.Select(name => Find(input, name)).ToArray();
            PrimitiveDataViewType[] items = sources
                .Select(column => column.Type is VectorDataViewType vector ? vector.ItemType : (PrimitiveDataViewType)column.Type)
                .ToArray();
            if (items.Any(item => !item.Equals(items[0])))
            {
                throw Mismatch.Type("input", string.Join(", ", _inputs), items[0].ToString(), "a mixture of types");
            }

            bool sized = sources.All(column => column.Type is not VectorDataViewType vector || vector.IsKnownSize);
            int size = sized ? sources.Sum(column => (column.Type as VectorDataViewType)?.Size ?? 1) : 0;
            DataViewSchema.Annotations notes = sized && sources.Any(column => column.Type is not VectorDataViewType || Named(column))
                ? Notes.SlotNames(sources.SelectMany(SlotNames).ToArray())
                : null;
            return RowMap.Appending(
                input,
                [new DataViewSchema.DetachedColumn(_output, new VectorDataViewType(items[0], size), notes)],
                _ => sources.Select(column => column.Index),
                (row, active) => [active(0)
                    ? (Delegate)TypeMap.Call(typeof(ColumnConcatenatingTransformer), nameof(Join), items[0].RawType, row, sources)
                    : null]);
        }

        private protected override void Write(ModelSaveContext context)
        {
            context.Sign("Concat");
            context.Writer.Write(_output);
            context.Writer.Write(_inputs.Length);
            foreach (string name in _inputs)
            {
                context.Writer.Write(name);
            }
        }

        private static bool Named(DataViewSchema.Column column) => column.Annotations.Schema.GetColumnOrNull("SlotNames") != null;

        private static IEnumerable<string> SlotNames(DataViewSchema.Column column)
        {
            if (column.Type is not VectorDataViewType vector)
            {
                return [column.Name];
            }

            if (!Named(column))
            {
                return Enumerable.Repeat(string.Empty, vector.Size);
            }

            VBuffer<ReadOnlyMemory<char>> names = default;
            column.Annotations.GetValue("SlotNames", ref names);
            return names.DenseValues().Select(name => $"{column.Name}.{name}");
        }

        private static ValueGetter<VBuffer<T>> Join<T>(DataViewRow row, DataViewSchema.Column[] sources)
        {
            Action<List<T>>[] parts = sources.Select(column => Part<T>(row, column)).ToArray();
            var joined = new List<T>();
            return (ref VBuffer<T> value) =>
            {
                joined.Clear();
                foreach (Action<List<T>> part in parts)
                {
                    part(joined);
                }

                VBufferEditor<T> editor = VBufferEditor.Create(ref value, joined.Count);
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(joined).CopyTo(editor.Values);
                value = editor.Commit();
            };
        }

        private static Action<List<T>> Part<T>(DataViewRow row, DataViewSchema.Column column)
        {
            if (column.Type is VectorDataViewType)
            {
                ValueGetter<VBuffer<T>> vector = row.GetGetter<VBuffer<T>>(column);
                VBuffer<T> values = default;
                return joined =>
                {
                    vector(ref values);
                    joined.AddRange(values.DenseValues());
                };
            }

            ValueGetter<T> scalar = row.GetGetter<T>(column);
            return joined =>
            {
                T value = default;
                scalar(ref value);
                joined.Add(value);
            };
        }
    }
}
