namespace Gbi.Searches.Options;

/// <summary>What the likelihood of a signal fraction takes into account.</summary>
public sealed record SignalInferenceOptions
{
    /// <summary>
    /// Whether the signal that sidebands hold, which a template made of them takes for background, is subtracted in proportion to the
    /// fitted signal, as the signal simulation says.
    /// </summary>
    public bool CorrectsContamination { get; init; } = true;

    /// <summary>Whether the generator's members, each learnt from a bootstrap sample, vary the background as nuisance parameters.</summary>
    public bool VariesGenerator { get; init; } = true;

    /// <summary>Whether the finite number of template and simulated events widens the interval.</summary>
    public bool VariesSamples { get; init; } = true;

    /// <summary>
    /// Whether the background's rate is known from the mass spectrum, within its error; otherwise the events of the signal region alone
    /// determine it.
    /// </summary>
    public bool ConstrainsRate { get; init; } = true;

    /// <summary>
    /// Whether the mass takes part within the signal region, as p_S(m)/p_B(m): the ratio of signal over background is then one of the
    /// features and the mass. The background's masses are those of its events, or drawn from the fitted spectrum where its events are of
    /// the sidebands; the spectrum's shape within the region has no nuisance parameter of its own.
    /// </summary>
    public bool UsesMass { get; init; }
}
