using Gbi.Diagnostics.Posteriors;
using Gbi.Diagnostics.Posteriors.Repair;
using Gbi.Infer;
using Gbi.Posteriors.Models;

namespace Gbi.Reports.Html.Posteriors;

/// <summary>What a page on a posterior shows: its training, its tests, posteriors of observations.</summary>
/// <param name="Model">The posterior.</param>
/// <param name="Command">The command line that made the page.</param>
internal sealed record PosteriorRun(IPosteriorModel Model, string Command)
{
    /// <summary>How it was learnt; null where it was read from a file.</summary>
    public InferenceResult? Training { get; init; }

    /// <summary>Its tests; null where none were made.</summary>
    public PosteriorReport? Report { get; init; }

    /// <summary>The ranks that were tested.</summary>
    public PosteriorRanks? Ranks { get; init; }

    /// <summary>Levels that regions need; empty where none were computed.</summary>
    public IReadOnlyList<RecalibratedLevel> Levels { get; init; } = [];

    /// <summary>Name of the file of observations; null for none.</summary>
    public string? Observed { get; init; }

    /// <summary>Posteriors of these, in order.</summary>
    public IReadOnlyList<ObservedPosterior> Observations { get; init; } = [];
}

/// <summary>The posterior of an observation.</summary>
/// <param name="Summary">Its numbers.</param>
/// <param name="Warnings">Why it may not be trusted, as where the observation is unlike the simulations.</param>
/// <param name="Draws">Draws, for the figure; null for no figure.</param>
internal sealed record ObservedPosterior(PosteriorSummary Summary, IReadOnlyList<string> Warnings, PosteriorDraws? Draws)
{
    /// <summary>True values of parameters; empty where nobody knows them.</summary>
    public IReadOnlyDictionary<string, double> Truth { get; init; } = new Dictionary<string, double>();
}
