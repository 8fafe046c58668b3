using Gbi.Inference.Contours;
using Gbi.Inference.Fits;

namespace Gbi.Searches.Signal;

/// <summary>Curves of a likelihood of the signal fraction: profile scans, pulls and impacts.</summary>
public sealed record LikelihoodCurves
{
    /// <summary>t_μ over the signal fraction μ, up to four errors from the best fit.</summary>
    public required IReadOnlyList<ScanPoint> Scan { get; init; }

    /// <summary>Contours of the signal fraction and the background's rate at 1, 2 and 3 standard deviations; empty where they were not
    /// found.</summary>
    public required IReadOnlyList<ProfileContour> Contours { get; init; }

    /// <summary>One sentence why there are no contours; null where there are.</summary>
    public string? ContourFailure { get; init; }

    /// <summary>Pulls of the nuisance parameters.</summary>
    public required IReadOnlyList<ParameterPull> Pulls { get; init; }

    /// <summary>The expected significance over the fraction, from 0 in equal steps.</summary>
    public required IReadOnlyList<ExpectedSignificance> Sensitivity { get; init; }
}
