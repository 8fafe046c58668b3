using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Onnx.Models;
using Gbi.Pipeline.Estimators;
using Gbi.Pipeline.Views;
using Gbi.Ratios;
using Microsoft.ML;

namespace Gbi.Pipeline.Persistence;

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
        using var file = new PendingFile(path, true);
        Save(ratio, file);
        file.Complete();
    }

    /// <summary>Writes a ratio to an output that was begun before.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    internal static void Save(RatioModel ratio, PendingFile file)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(file);
        var mlContext = new MLContext(seed: 1);
        var options = new RatioTreesOptions
        {
            FeatureColumn = ModelFile.FeatureColumn,
            OutputColumn = LogRatioColumn,
            SpreadColumn = SpreadColumn,
            UncertaintyColumn = UncertaintyColumn,
        };
        ModelFile.Save(mlContext, ratio.Features, mlContext.Gbi.RatioTrees(ratio, options), file);
    }

    /// <summary>Writes a ratio by networks, with the networks' bytes in it. A file of this name is replaced.</summary>
    /// <exception cref="DataException">The file cannot be written, or the networks give scores that are not calibrated.</exception>
    public static void Save(OnnxRatio ratio, string path)
    {
        using var file = new PendingFile(path, true);
        Save(ratio, file);
        file.Complete();
    }

    /// <summary>The same to an output that was begun before.</summary>
    /// <exception cref="DataException">As above.</exception>
    internal static void Save(OnnxRatio ratio, PendingFile file)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(file);
        ratio.RequireRatio();
        var columns = new OnnxRatioColumns
        {
            FeatureColumn = ModelFile.FeatureColumn,
            OutputColumn = LogRatioColumn,
            SpreadColumn = SpreadColumn,
            UncertaintyColumn = UncertaintyColumn,
        };
        var binding = new ColumnBinding(NetworkColumns.Of(ModelFile.FeatureColumn, ratio.Features), columns.Outputs);
        var mlContext = new MLContext(seed: 1);
        ModelFile.Save(mlContext, ratio.Features, new OnnxRatioTransformer(mlContext, binding, ratio, columns.OutputKinds), file);
    }

    /// <summary>The ratio in a model that ML.NET saved: what <see cref="Save(RatioModel, string)"/> wrote, or any chain with one such
    /// transformer.</summary>
    /// <exception cref="DataException">The file is missing, no model of ML.NET, or holds no ratio of this package or several.</exception>
    public static RatioModel Load(string path)
    {
        RatioTreesTransformer[] ratios = [.. ModelFile.Load(path).OfType<RatioTreesTransformer>()];
        return ratios.Length == 1 ? ratios[0].Ratio : throw new DataException(
            $"{path} holds {ratios.Length} ratios by boosted trees where one is expected; give a model that 'gbi train ratio' or 'gbi "
                + $"search' wrote.");
    }
}
