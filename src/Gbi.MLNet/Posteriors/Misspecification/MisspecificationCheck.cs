namespace Gbi.Posteriors.Misspecification;

/// <summary>One way in which an observation may be unlike the simulations.</summary>
/// <param name="Name">What was compared: "features", "neighbours", "range" or "summaries".</param>
/// <param name="Probability">p: how often a simulation is as unusual.</param>
/// <param name="Text">What is unusual about this observation.</param>
public sealed record MisspecificationSign(string Name, double Probability, string Text);

/// <summary>
/// Whether an observation is like the simulations that a posterior was trained on. Where it is not, no posterior of that simulator means
/// anything for it, however well calibrated.
/// </summary>
public sealed record MisspecificationCheck
{
    /// <summary>Each comparison, in fixed order.</summary>
    public required IReadOnlyList<MisspecificationSign> Signs { get; init; }

    /// <summary>Level of the alarm: how often it rings for a simulation, at most.</summary>
    public required double Level { get; init; }

    /// <summary>The smallest p of all comparisons times their number (Bonferroni), at most 1.</summary>
    public double Probability => Math.Min(1, Signs.Min(sign => sign.Probability) * Signs.Count);

    /// <summary>Whether the observation is unlike the simulations.</summary>
    public bool IsAlarm => Probability <= Level;

    /// <summary>Whether the training observations are too few for an alarm at this level.</summary>
    public required bool IsInconclusive { get; init; }

    /// <summary>One sentence for each comparison that raises the alarm; one if no comparison could.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. IsInconclusive
            ? (string[])["Whether the observation is like the simulations cannot be checked: there were too few; train with more."]
            : [],
        .. Signs.Where(sign => sign.Probability * Signs.Count <= Level).Select(sign => sign.Text),
    ];
}
