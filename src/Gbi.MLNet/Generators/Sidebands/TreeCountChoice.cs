namespace Gbi.Generators.Sidebands;

/// <summary>How many trees a background's models keep.</summary>
/// <remarks>
/// At the least held-out loss what is not learnt yet is as large as the noise of what is learnt. The noise is known from the members'
/// spread and counted; the rest is not and would be a bias. So twice as many trees are kept, which leaves a fraction of the rest for a
/// noise that is a little larger (undersmoothing: P. Hall, Ann. Statist. 20 (1992) 675).
/// </remarks>
internal static class TreeCountChoice
{
    /// <summary>
    /// Twice the number of trees at which the held-out loss, averaged over all models, is least; 0 where no tree lowers it.
    /// </summary>
    /// <param name="losses">The held-out loss of each model without a tree, with the first one, and so on; one that stopped early is taken
    /// to stay at its last loss.</param>
    public static int Of(IReadOnlyList<IReadOnlyList<double>> losses)
    {
        int most = losses.Max(ofModel => ofModel.Count);
        double[] mean =
            [.. Enumerable.Range(0, most).Select(count => losses.Average(ofModel => ofModel[Math.Min(count, ofModel.Count - 1)]))];
        return 2 * Array.IndexOf(mean, mean.Min());
    }
}
