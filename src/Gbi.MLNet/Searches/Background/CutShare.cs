using Gbi.Events;

namespace Gbi.Searches.Background;

/// <summary>The events of data and background above a cut on a score.</summary>
/// <param name="Threshold">The cut on ln r; the mean of the classifiers' cuts where each has its own.</param>
/// <param name="Data">Σ w and Σ w² of the data above it.</param>
/// <param name="Share">Share of the background above it.</param>
/// <param name="TemplateVariance">Variance of the share from the finite number of template events.</param>
/// <param name="GeneratorVariance">Variance of the share among the members of the background generator.</param>
internal readonly record struct CutShare(
    double Threshold, WeightSums Data, double Share, double TemplateVariance, double GeneratorVariance)
{
    /// <summary>Variance of the share.</summary>
    public double Variance => TemplateVariance + GeneratorVariance;

    /// <summary>Σ (share of a member − mean share)²/(members − 1); 0 with fewer than two members.</summary>
    /// <param name="deviations">Share of each member less that of their mean.</param>
    public static double VarianceOf(IReadOnlyCollection<double> deviations)
    {
        if (deviations.Count < 2)
        {
            return 0;
        }

        double mean = deviations.Average();
        return deviations.Sum(deviation => (deviation - mean) * (deviation - mean)) / (deviations.Count - 1);
    }
}

/// <summary>Counts the events of a search above cuts of a given background efficiency.</summary>
internal interface ISearchCuts
{
    /// <summary>Events above the cut that keeps at most a share of the background.</summary>
    /// <param name="efficiency">Range: (0, 1).</param>
    CutShare At(double efficiency);
}
