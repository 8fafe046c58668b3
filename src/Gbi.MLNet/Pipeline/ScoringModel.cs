using Gbi.Events;
using Gbi.Ratios;
using Gbi.Trees;
using Microsoft.ML;

namespace Gbi.Pipeline;

/// <summary>A ratio or a systematic from a file, applied to tables of events: which columns it reads and which it gives.</summary>
public sealed class ScoringModel
{
    private ScoringModel(RatioModel ratio)
    {
        Ratio = ratio;
        Features = ratio.Features;
        Columns = [RatioModelFile.LogRatioColumn, RatioModelFile.SpreadColumn, RatioModelFile.UncertaintyColumn];
    }

    private ScoringModel(SystematicTransformer systematic)
    {
        Systematic = systematic.Ratio;
        Features = systematic.Ratio.Features;
        Columns = systematic.Columns;
    }

    /// <summary>The ratio; null where the model is a systematic.</summary>
    public RatioModel? Ratio { get; }

    /// <summary>The systematic; null where the model is a ratio.</summary>
    public ParametricRatio? Systematic { get; }

    /// <summary>Columns that the model reads.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Names of the columns that it gives.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Reads what <see cref="RatioModelFile"/> or <see cref="SystematicModelFile"/> wrote, or any chain with one such transformer.</summary>
    /// <exception cref="DataException">The file is missing, no model of ML.NET, or holds no such transformer or several.</exception>
    public static ScoringModel Load(string path)
    {
        ScoringModel[] models = [.. ModelFile.Load(path).Select(Of).OfType<ScoringModel>()];
        return models.Length == 1 ? models[0] : throw new DataException(
            $"{path} holds {models.Length} ratios by boosted trees or systematics where one is expected; give a model that 'gbi train' or 'gbi search' wrote.");
    }

    /// <summary>The columns of some events, in the order of <see cref="Columns"/>; one value an event.</summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public float[][] Score(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (Systematic is not null)
        {
            return Systematic.Columns(events);
        }

        RatioScores scores = Ratio!.Score(events);
        return [scores.LogRatio.ToArray(), scores.Spread.ToArray(), scores.Uncertainty.ToArray()];
    }

    private static ScoringModel? Of(ITransformer transformer) => transformer switch
    {
        RatioTreesTransformer ratio => new ScoringModel(ratio.Ratio),
        SystematicTransformer systematic => new ScoringModel(systematic),
        _ => null,
    };
}
