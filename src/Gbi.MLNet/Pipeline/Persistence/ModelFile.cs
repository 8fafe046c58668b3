using Gbi.Events;
using Gbi.Events.IO.Archives;
using Gbi.Events.IO.Outputs;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Persistence;

/// <summary>
/// A transformer of ours as a model of ML.NET in a file: columns of Single, one per feature, are joined to the vector that it reads.
/// </summary>
internal static class ModelFile
{
    /// <summary>Name of the joined features within a file.</summary>
    public const string FeatureColumn = "Features";

    private static readonly string TemporaryVariable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    /// <summary>Writes a transformer that reads <see cref="FeatureColumn"/>.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Save(MLContext mlContext, IReadOnlyList<string> features, ITransformer transformer, PendingFile file)
    {
        var builder = new DataViewSchema.Builder();
        foreach (string feature in features)
        {
            builder.AddColumn(feature, NumberDataViewType.Single);
        }

        DataViewSchema schema = builder.ToSchema();
        ITransformer join = mlContext.Transforms.Concatenate(FeatureColumn, [.. features]).Fit(new EmptyView(schema));
        try
        {
            // In the folder of the output, which can be written to, and not in the system's, where that may not be so.
            using TemporaryFolder folder = TemporaryFolder.Beside(file.Path);
            mlContext.TempFilePath = folder.Path;
            using var saved = new MemoryStream();
            mlContext.Model.Save(new TransformerChain<ITransformer>(join, transformer), schema, saved);
            ModelArchive.Normalize(saved, file.Stream);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{file.Path} cannot be written ({Reason(cause)}); check that you may write there.", cause);
        }
    }

    /// <summary>The members of a model's chains, one after another, ours restored.</summary>
    /// <exception cref="DataException">The file is missing or no model of ML.NET.</exception>
    public static IReadOnlyList<ITransformer> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new DataException($"There is no file {path}; check the path.");
        }

        return [.. MembersOf(Read(new MLContext(seed: 1), path))];
    }

    private static ITransformer Read(MLContext mlContext, string path)
    {
        try
        {
            using FileStream archive = File.OpenRead(path);
            using TemporaryFolder folder = TemporaryFolder.OfSystem("gbi-model");
            mlContext.TempFilePath = folder.Path;
            ArchiveCheck.Require(archive);
            return mlContext.Gbi.Restore(mlContext.Model.Load(archive, out _));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException && !HasTemporaryFolder())
        {
            throw new DataException(
                $"ML.NET cannot unpack {path}: no files can be written to {Path.GetTempPath()}; set {TemporaryVariable} to a folder where "
                    + "you may write.",
                cause);
        }
        catch (Exception cause) when (cause is not (DataException or OutOfMemoryException))
        {
            // ML.NET and the zip reader throw what they like at a file that is no model.
            throw new DataException(
                $"{path} cannot be read as a model of ML.NET ({Reason(cause)}); it is damaged, incomplete or of another format.", cause);
        }
    }

    private static bool HasTemporaryFolder()
    {
        try
        {
            Directory.CreateTempSubdirectory().Delete();
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<ITransformer> MembersOf(ITransformer model) =>
        model is TransformerChain<ITransformer> chain ? chain.SelectMany(MembersOf) : [model];

    private static string Reason(Exception cause) => cause.Message.Trim().TrimEnd('.');
}
