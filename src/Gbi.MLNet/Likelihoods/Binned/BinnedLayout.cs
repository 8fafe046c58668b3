using Gbi.Numerics.Minima;

namespace Gbi.Likelihoods.Binned;

/// <summary>
/// The shape of a binned likelihood's second derivatives: parameters of single bins are local, in one block where they share a bin; all
/// others, and those of large blocks, are of the border.
/// </summary>
internal static class BinnedLayout
{
    // Below this number of parameters a plain matrix is faster.
    private const int FewParameters = 300;
    private const int LargestBlock = 16;

    /// <summary>The layout; null where there are few parameters, or less than half of them are local.</summary>
    public static ArrowLayout? Of(int count, IReadOnlyList<ChannelTerms> channels)
    {
        if (count < FewParameters)
        {
            return null;
        }

        int[] parent = [.. Enumerable.Range(0, count)];
        bool[] isBorder = new bool[count];
        bool[] isOfBins = new bool[count];
        foreach (ChannelTerms channel in channels)
        {
            foreach (int parameter in channel.WholeParameters)
            {
                isBorder[parameter] = true;
            }

            for (int bin = 0; bin < channel.BinCount; bin++)
            {
                int first = -1;
                foreach (int parameter in channel.BinParameters.Select(slot => slot[bin]).Where(parameter => parameter >= 0))
                {
                    isOfBins[parameter] = true;
                    first = first < 0 ? parameter : first;
                    parent[Root(parent, parameter)] = Root(parent, first);
                }
            }
        }

        int[] size = new int[count];
        for (int i = 0; i < count; i++)
        {
            isBorder[i] |= !isOfBins[i];
            size[Root(parent, i)]++;
        }

        int blocks = 0;
        int[] blockOfRoot = new int[count];
        Array.Fill(blockOfRoot, -1);
        int[] blockOf = new int[count];
        for (int i = 0; i < count; i++)
        {
            int root = Root(parent, i);
            bool isLocal = !isBorder[i] && size[root] <= LargestBlock;
            blockOfRoot[root] = isLocal && blockOfRoot[root] < 0 ? blocks++ : blockOfRoot[root];
            blockOf[i] = isLocal ? blockOfRoot[root] : -1;
        }

        return blockOf.Count(block => block >= 0) * 2 >= count ? new ArrowLayout(blockOf) : null;
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i)
        {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }

        return i;
    }
}
