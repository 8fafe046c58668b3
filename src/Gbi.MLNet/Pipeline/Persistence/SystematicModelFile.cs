using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Pipeline.Estimators;
using Gbi.Ratios.Parametric;
using Microsoft.ML;

namespace Gbi.Pipeline.Persistence;

/// <summary>
/// A systematic as a model of ML.NET, which <c>mlContext.Model.Load</c> reads: the features as columns of Single are joined to "Features"
/// and give one column of coefficients a monomial, such as "Delta_nu" and "Delta_nu^2".
/// </summary>
public static class SystematicModelFile
{
    /// <summary>Most monomials of a model in a file.</summary>
    public const int MaxMonomials = LoweredNames.MaxOutputs;

    /// <summary>Writes a systematic. A file of this name is replaced.</summary>
    /// <param name="ratio">The systematic.</param>
    /// <param name="path">The file.</param>
    /// <param name="prefix">What stands before a monomial's name in the name of its column.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">There are more than <see cref="MaxMonomials"/> monomials.</exception>
    public static void Save(ParametricRatio ratio, string path, string prefix = ParametricRatio.ColumnPrefix)
    {
        using var file = new PendingFile(path, true);
        Save(ratio, file, prefix);
        file.Complete();
    }

    /// <summary>Writes a systematic to an output that was begun before.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">There are more than <see cref="MaxMonomials"/> monomials.</exception>
    internal static void Save(ParametricRatio ratio, PendingFile file, string prefix = ParametricRatio.ColumnPrefix)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(file);
        var mlContext = new MLContext(seed: 1);
        ModelFile.Save(mlContext, ratio.Features, mlContext.Gbi.Systematic(ratio, ModelFile.FeatureColumn, prefix), file);
    }

    /// <summary>The systematic in a model that ML.NET saved: what Save wrote, or any chain with one such transformer.</summary>
    /// <exception cref="DataException">The file is missing, no model of ML.NET, or holds no systematic of this package or
    /// several.</exception>
    public static SystematicTransformer Load(string path)
    {
        SystematicTransformer[] systematics = [.. ModelFile.Load(path).OfType<SystematicTransformer>()];
        return systematics.Length == 1 ? systematics[0] : throw new DataException(
            $"{path} holds {systematics.Length} systematics where one is expected; give a model that 'gbi train systematic' wrote.");
    }
}
