namespace Gbi.Events;

/// <summary>Names in the order of their likeness to one that is not among them, for sentences about misspelt ones.</summary>
internal static class NearestNames
{
    private const int LongestList = 40;

    /// <summary>The names with commas between them, the nearest first.</summary>
    public static string List(string wanted, IReadOnlyCollection<string> available)
    {
        string[] ordered = [.. available.OrderBy(name => Distance(wanted, name))];
        string more = ordered.Length > LongestList ? $" and {ordered.Length - LongestList} more" : "";
        return $"{string.Join(", ", ordered.Take(LongestList))}{more}";
    }

    /// <summary>Edit distance of two names, letters' case aside (Levenshtein 1966).</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
