using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML
{
    /// <summary>One node of a saved model: an entry of the zip whose first string says what kind of transformer it holds.</summary>
    public sealed class ModelSaveContext : IDisposable
    {
        private readonly ZipArchive _archive;
        private readonly string _directory;
        private readonly MemoryStream _content = new();
        private bool _signed;

        internal ModelSaveContext(ZipArchive archive, string directory)
        {
            _archive = archive;
            _directory = directory;
            Writer = new BinaryWriter(_content, Encoding.UTF8);
        }

        internal BinaryWriter Writer { get; }

        public void Dispose() => Writer.Dispose();

        internal static void Save(ZipArchive archive, string directory, ITransformer transformer)
        {
            using var context = new ModelSaveContext(archive, directory);
            ((ICanSaveModel)transformer).Save(context);
            if (!context._signed)
            {
                throw new InvalidOperationException("ModelSignature not specified!");
            }

            context.Writer.Flush();
            using Stream entry = archive.CreateEntry(directory + "/Model.key").Open();
            context._content.WriteTo(entry);
        }

        internal void Sign(string kind)
        {
            Writer.Write(kind);
            _signed = true;
        }

        internal void SaveChild(ITransformer transformer, string name) => Save(_archive, $"{_directory}/{name}", transformer);
    }

    internal sealed class LoadContext(ZipArchive archive, string directory, IHost host, BinaryReader reader)
    {
        private static readonly Dictionary<string, Func<LoadContext, ITransformer>> Kinds = new()
        {
            ["Chain"] = context => context.LoadChain(),
            ["Copy"] = context => new Transforms.ColumnCopyingTransformer(context),
            ["Concat"] = context => new ColumnConcatenatingTransformer(context),
            ["Select"] = context => new Transforms.ColumnSelectingTransformer(context),
            ["Value"] = context => new Transforms.ValueMappingTransformer(context),
            ["Convert"] = context => new Transforms.TypeConvertingTransformer(context),
            ["Custom"] = Transforms.CustomContract.Load,
            ["Linear"] = Trainers.LbfgsLogisticRegressionBinaryTrainer.Load,
        };

        public BinaryReader Reader => reader;

        public IHost Host => host;

        public static ITransformer Load(ZipArchive archive, string directory, IHost host)
        {
            ZipArchiveEntry entry = archive.GetEntry(directory + "/Model.key")
                ?? throw new InvalidOperationException("The stream holds no transformer of this stand-in of Microsoft.ML.");
            using var reader = new BinaryReader(entry.Open(), Encoding.UTF8);
            string kind = reader.ReadString();
            return Kinds.TryGetValue(kind, out Func<LoadContext, ITransformer> load)
                ? load(new LoadContext(archive, directory, host, reader))
                : throw new InvalidOperationException($"This stand-in of Microsoft.ML does not know models of kind '{kind}'.");
        }

        private TransformerChain<ITransformer> LoadChain()
        {
            int count = reader.ReadInt32();
            var scopes = new TransformerScope[count];
            var members = new ITransformer[count];
            for (int i = 0; i < count; i++)
            {
                scopes[i] = (TransformerScope)reader.ReadInt32();
                members[i] = Load(archive, $"{directory}/Transform_{i:000}", host);
            }

            return new TransformerChain<ITransformer>(members, scopes);
        }
    }

    public sealed class ModelOperationsCatalog
    {
        private const string Root = "TransformerChain";
        private const string SchemaEntry = "Schema";
        private readonly LocalHost _host;

        internal ModelOperationsCatalog(LocalHost host) => _host = host;

        public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
        {
            using FileStream stream = File.Create(filePath);
            Save(model, inputSchema, stream);
        }

        public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            ModelSaveContext.Save(archive, Root, model);
            if (inputSchema == null)
            {
                return;
            }

            using var writer = new BinaryWriter(archive.CreateEntry(SchemaEntry).Open(), Encoding.UTF8);
            writer.Write(inputSchema.Count);
            foreach (DataViewSchema.Column column in inputSchema)
            {
                writer.Write(column.Name);
                writer.Write(TypeMap.Write(column.Type));
            }
        }

        public ITransformer Load(string filePath, out DataViewSchema inputSchema)
        {
            using FileStream stream = File.OpenRead(filePath);
            return Load(stream, out inputSchema);
        }

        public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            inputSchema = archive.GetEntry(SchemaEntry) is { } entry ? ReadSchema(entry) : null;
            return LoadContext.Load(archive, Root, _host);
        }

        public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
            ITransformer transformer,
            bool ignoreMissingColumns = true,
            SchemaDefinition inputSchemaDefinition = null,
            SchemaDefinition outputSchemaDefinition = null)
            where TSrc : class
            where TDst : class, new()
            => new(transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);

        public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
            ITransformer transformer, DataViewSchema inputSchema)
            where TSrc : class
            where TDst : class, new()
        {
            SchemaDefinition definition = SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Read);
            foreach (SchemaDefinition.Column column in definition)
            {
                column.ColumnType = inputSchema.GetColumnOrNull(column.ColumnName)?.Type ?? column.ColumnType;
            }

            return new PredictionEngine<TSrc, TDst>(transformer, false, definition, null);
        }

        private static DataViewSchema ReadSchema(ZipArchiveEntry entry)
        {
            using var reader = new BinaryReader(entry.Open(), Encoding.UTF8);
            var schema = new DataViewSchema.Builder();
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                schema.AddColumn(reader.ReadString(), TypeMap.Read(reader.ReadString()));
            }

            return schema.ToSchema();
        }
    }
}
