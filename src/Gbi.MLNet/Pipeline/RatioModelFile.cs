using Gbi.Events;
using Gbi.IO;
using Gbi.Ratios;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline;

/// <summary>
/// A ratio as a model of ML.NET, which <c>mlContext.Model.Load</c> reads: the features as columns of Single are joined to "Features"
/// and give "log_ratio", "log_ratio_spread" and "log_ratio_uncertainty".
/// </summary>
public static class RatioModelFile
{
    /// <summary>Name of the column with ln r.</summary>
    public const string LogRatioColumn = "log_ratio";

    /// <summary>Name of the column with the spread of the ensemble's members.</summary>
    public const string SpreadColumn = "log_ratio_spread";

    /// <summary>Name of the column with the standard error of ln r, NaN for a ratio with one member.</summary>
    public const string UncertaintyColumn = "log_ratio_uncertainty";

    /// <summary>Writes a ratio. A file of this name is replaced.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Save(RatioModel ratio, string path)
    {
        using var file = new PendingFile(path, overwrite: true);
        Save(ratio, file);
        file.Complete();
    }

    /// <summary>Writes a ratio to an output that was begun before.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Save(RatioModel ratio, PendingFile file)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(file);
        var mlContext = new MLContext(seed: 1);
        DataViewSchema schema = SchemaOf(ratio);
        var options = new RatioTreesOptions
        {
            OutputColumn = LogRatioColumn,
            SpreadColumn = SpreadColumn,
            UncertaintyColumn = UncertaintyColumn,
        };
        ITransformer join = mlContext.Transforms.Concatenate(options.FeatureColumn, [.. ratio.Features]).Fit(new EmptyView(schema));
        var chain = new TransformerChain<ITransformer>(join, mlContext.Gbi.RatioTrees(ratio, options));
        try
        {
            mlContext.Model.Save(chain, schema, file.Stream);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{file.Path} cannot be written ({Reason(cause)}); check that you may write there.", cause);
        }
    }

    /// <summary>The ratio in a model that ML.NET saved: what <see cref="Save(RatioModel, string)"/> wrote, or any chain with one such transformer.</summary>
    /// <exception cref="DataException">The file is missing, no model of ML.NET, or holds no ratio of this package or several.</exception>
    public static RatioModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new DataException($"There is no file {path}; check the path.");
        }

        var mlContext = new MLContext(seed: 1);
        RatioTreesTransformer[] ratios = [.. RatiosIn(mlContext.Gbi.Restore(Read(mlContext, path)))];
        return ratios.Length == 1 ? ratios[0].Ratio : throw new DataException(
            $"{path} holds {ratios.Length} ratios by boosted trees where one is expected; give a model that 'gbi train ratio' or 'gbi search' wrote.");
    }

    private static ITransformer Read(MLContext mlContext, string path)
    {
        try
        {
            return mlContext.Model.Load(path, out _);
        }
        catch (Exception cause) when (cause is not (DataException or OutOfMemoryException))
        {
            // ML.NET and the zip reader throw what they like at a file that is no model.
            throw new DataException(
                $"{path} cannot be read as a model of ML.NET ({Reason(cause)}); it is damaged, incomplete or of another format.", cause);
        }
    }

    private static IEnumerable<RatioTreesTransformer> RatiosIn(ITransformer model) => model switch
    {
        RatioTreesTransformer ratio => [ratio],
        TransformerChain<ITransformer> chain => chain.SelectMany(RatiosIn),
        _ => [],
    };

    private static DataViewSchema SchemaOf(RatioModel ratio)
    {
        var builder = new DataViewSchema.Builder();
        foreach (string feature in ratio.Features)
        {
            builder.AddColumn(feature, NumberDataViewType.Single);
        }

        return builder.ToSchema();
    }

    private static string Reason(Exception cause) => cause.Message.Trim().TrimEnd('.');
}
