using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML
{
    [AttributeUsage(AttributeTargets.Class)]
    public abstract class ExtensionBaseAttribute : Attribute
    {
        private protected ExtensionBaseAttribute(string contractName) => ContractName = contractName;

        public string ContractName { get; }
    }

    public static class CustomMappingCatalog
    {
        public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(
            this TransformsCatalog catalog,
            Action<TSrc, TDst> mapAction,
            string contractName,
            SchemaDefinition inputSchemaDefinition = null,
            SchemaDefinition outputSchemaDefinition = null)
            where TSrc : class, new()
            where TDst : class, new()
            => new(mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition);
    }
}

namespace Microsoft.ML.Transforms
{
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
    {
        public CustomMappingFactoryAttributeAttribute(string contractName)
            : base(contractName)
        {
        }
    }

    internal interface ICustomMappingFactory
    {
        ITransformer Create(string contractName);
    }

    public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
        where TSrc : class, new()
        where TDst : class, new()
    {
        public abstract Action<TSrc, TDst> GetMapping();

        ITransformer ICustomMappingFactory.Create(string contractName)
            => new CustomMappingTransformer<TSrc, TDst>(GetMapping(), contractName, null, null);
    }

    /// <summary>Finds the factory of a saved contract in the assembly that the model names, or in a registered one.</summary>
    internal static class CustomContract
    {
        public static ITransformer Load(LoadContext context)
        {
            string contract = context.Reader.ReadString();
            string assemblyName = context.Reader.ReadString();
            IEnumerable<Assembly> assemblies = [Assembly.Load(assemblyName), .. context.Host.ComponentCatalog.Assemblies];
            Type factory = assemblies
                .SelectMany(assembly => assembly.GetTypes())
                .FirstOrDefault(type => type.GetCustomAttribute<CustomMappingFactoryAttributeAttribute>()?.ContractName == contract)
                ?? throw new InvalidOperationException($"Assembly '{assemblyName}' has no factory for the contract '{contract}'.");
            return ((ICustomMappingFactory)Activator.CreateInstance(factory)).Create(contract);
        }
    }

    public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
        where TSrc : class, new()
        where TDst : class, new()
    {
        internal CustomMappingEstimator(
            Action<TSrc, TDst> mapAction, string contractName, SchemaDefinition input, SchemaDefinition output)
            : base(new CustomMappingTransformer<TSrc, TDst>(mapAction, contractName, input, output))
        {
        }

        public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            foreach (Member<TSrc> member in Member<TSrc>.All(Transformer.InputDefinition, SchemaDefinition.Direction.Both))
            {
                SchemaShape.Column found = inputSchema.Find("input", member.Name);
                SchemaShape.Column wanted = SchemaShape.Column.Of(member.Name, member.Type);
                bool sized = wanted.Kind != SchemaShape.Column.VectorKind.VariableVector;
                bool kindFits = sized ? wanted.Kind == found.Kind : found.Kind != SchemaShape.Column.VectorKind.Scalar;
                if (!kindFits || wanted.ItemType != found.ItemType || wanted.IsKey != found.IsKey)
                {
                    throw Mismatch.Type("input", member.Name, wanted.TypeText(), found.TypeText());
                }
            }

            return inputSchema.With(SchemaShape.Create(Transformer.AddedSchema).ToArray());
        }
    }

    public sealed class CustomMappingTransformer<TSrc, TDst> : RowToRowTransformerBase
        where TSrc : class, new()
        where TDst : class, new()
    {
        private readonly Action<TSrc, TDst> _map;
        private readonly string _contract;
        private readonly SchemaDefinition _output;

        internal CustomMappingTransformer(
            Action<TSrc, TDst> map, string contract, SchemaDefinition input, SchemaDefinition output)
        {
            ArgumentNullException.ThrowIfNull(map);
            _map = map;
            _contract = contract;
            _output = output;
            InputDefinition = input;
            AddedSchema = new ObjectRow<TDst>(output, SchemaDefinition.Direction.Write).Schema;
        }

        internal SchemaDefinition InputDefinition { get; }

        internal DataViewSchema AddedSchema { get; }

        private protected override RowMap Bind(DataViewSchema input)
        {
            var source = new RowFiller<TSrc>(input, ignoreMissingColumns: false, InputDefinition);
            return RowMap.Appending(
                input,
                AddedSchema.Select(column => new DataViewSchema.DetachedColumn(column)).ToArray(),
                _ => source.Columns.Select(column => column.Index),
                (row, active) => Getters(source, row, active));
        }

        private protected override void Write(ModelSaveContext context)
        {
            if (_contract == null)
            {
                throw new InvalidOperationException("A custom mapping without a contract name cannot be saved.");
            }

            context.Sign("Custom");
            context.Writer.Write(_contract);
            context.Writer.Write(_map.Method.DeclaringType.Assembly.FullName);
        }

        private Delegate[] Getters(RowFiller<TSrc> source, DataViewRow row, Func<int, bool> active)
        {
            var getters = new Delegate[AddedSchema.Count];
            if (!Enumerable.Range(0, getters.Length).Any(active))
            {
                return getters;
            }

            Action<TSrc> fill = source.Bind(row);
            var from = new TSrc();
            var to = new TDst();
            var result = new ObjectRow<TDst>(_output, SchemaDefinition.Direction.Write);
            long served = -1;
            Action refresh = () =>
            {
                if (served != row.Position)
                {
                    fill(from);
                    _map(from, to);
                    result.Set(to);
                    served = row.Position;
                }
            };
            for (int i = 0; i < getters.Length; i++)
            {
                if (active(i))
                {
                    getters[i] = (Delegate)TypeMap.Call(
                        typeof(CustomMappingTransformer<TSrc, TDst>), nameof(Refreshed), AddedSchema[i].Type.RawType, result.UntypedGetter(i), refresh);
                }
            }

            return getters;
        }

        private static ValueGetter<T> Refreshed<T>(ValueGetter<T> getter, Action refresh) => (ref T value) =>
        {
            refresh();
            getter(ref value);
        };
    }
}
