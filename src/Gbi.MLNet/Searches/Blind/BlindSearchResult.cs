using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;

namespace Gbi.Searches.Blind;

/// <summary>What a <see cref="BlindSearch"/> expects; nothing in it depends on events of the signal region.</summary>
public sealed record BlindSearchResult
{
    /// <summary>Σ w of the events in the sidebands.</summary>
    public required double EventsInSidebands { get; init; }

    /// <summary>Background in the signal region, from the mass spectrum of the sidebands or from given events.</summary>
    public required Estimate ExpectedBackground { get; init; }

    /// <summary>χ² probability of the spectrum in the sidebands; NaN where the data have none.</summary>
    public required double SpectrumGoodnessOfFit { get; init; }

    /// <summary>What the template takes in of a signal, as the simulation says.</summary>
    public required SignalContamination Contamination { get; init; }

    /// <summary>Expected error and limits of no signal, and what is expected of S = √B; fractions are of the expected background.</summary>
    public required SignalSensitivity Sensitivity { get; init; }

    /// <summary>The expected significance over the fraction, from 0 in equal steps.</summary>
    public required IReadOnlyList<ExpectedSignificance> SensitivityCurve { get; init; }

    /// <summary>Where the expected error comes from; null where the fit has no covariance.</summary>
    public required SignalErrorBudget? ErrorBudget { get; init; }

    /// <summary>How well the ratio closes; its area under the curve, which needs data, is NaN.</summary>
    public required SearchClosure Closure { get; init; }

    /// <summary>The checks that need no event of the signal region.</summary>
    public required IReadOnlyList<ClosureCheck> Checks { get; init; }

    /// <summary>Curves and histograms of the background and the signal simulation.</summary>
    public required SearchCurves Curves { get; init; }

    /// <summary>A sentence for each feature that has one value in all events of the simulation and the sidebands, or of the template where
    /// there are no sidebands.</summary>
    public IReadOnlyList<string> ConstantFeatures { get; init; } = [];

    /// <summary>What the user should know before trusting the numbers: the constant features, and one sentence or two for each check that
    /// failed.</summary>
    public IReadOnlyList<string> Warnings => [.. ConstantFeatures, .. CheckSentence.OfFailed(Checks)];

    /// <summary>Checks that say nothing, one sentence each: the samples are too small, or the check does not apply.</summary>
    public IReadOnlyList<string> Inconclusive => CheckSentence.OfInconclusive(Checks);

    /// <summary>What the numbers mean, in sentences.</summary>
    public IReadOnlyList<string> Statements { get; } =
    [
        "The signal region is blinded: its data are replaced by Asimov data of the background template. Signal fractions are relative to "
            + "the expected background, S/B.",
        "Significances and limits are medians over experiments, for a signal distributed as in the simulation; a single experiment "
            + "fluctuates around them by about 1 σ.",
    ];
}
