namespace Gbi.Generators.Sidebands;

/// <summary>How many trees a background's models keep.</summary>
/// <remarks>
/// At the least held-out loss what is not learnt yet is as large as the noise of what is learnt. The noise is known from the members'
/// spread and counted; the rest is not and would be a bias. So more trees are kept, which leave a fraction of the rest for a noise that is
/// a little larger (undersmoothing: P. Hall, Ann. Statist. 20 (1992) 675).
/// </remarks>
internal static class TreeCountChoice
{
    /// <summary>
    /// Times the trees of the least loss for the drift of features with the mass: measured over data without signal, the rest is then less
    /// than half of the error of a count.
    /// </summary>
    public const int TimesForDrift = 2;

    /// <summary>The same for all that a simulation has wrong, which is more.</summary>
    public const int TimesForSimulation = 4;

    /// <summary>
    /// Some times the number of trees at which the held-out loss, averaged over all models, is least; 0 where no tree lowers it.
    /// </summary>
    /// <param name="losses">The held-out loss of each model without a tree, with the first one, and so on; one that stopped early is taken
    /// to stay at its last loss.</param>
    /// <param name="times">How many times.</param>
    public static int Of(IReadOnlyList<IReadOnlyList<double>> losses, int times)
    {
        int most = losses.Max(ofModel => ofModel.Count);
        double[] mean =
            [.. Enumerable.Range(0, most).Select(count => losses.Average(ofModel => ofModel[Math.Min(count, ofModel.Count - 1)]))];
        return times * Array.IndexOf(mean, mean.Min());
    }
}
