namespace Gbi.Cli.Options.Parsing;

/// <summary>The word that was probably meant by a misspelt one.</summary>
internal static class NearestWord
{
    /// <summary>"; did you mean 'x'?" where a word is near; else an ending that says where to look.</summary>
    public static string Question(string typed, IEnumerable<string> words, string otherwise) =>
        To(typed, words) is { } word ? $"; did you mean '{word}'?" : otherwise;

    /// <summary>The nearest word, if a third of its letters or less would have to change, or it begins with what was typed.</summary>
    public static string? To(string typed, IEnumerable<string> words)
    {
        (string Word, int Distance)[] near =
        [
            .. words.Select(word => (Word: word, Distance: Distance(typed, word)))
                .Where(pair => pair.Distance <= Math.Max(1, pair.Word.TrimStart('-').Length / 3) || IsBeginning(typed, pair.Word))
                .OrderBy(pair => pair.Distance),
        ];
        return near.Length == 0 ? null : near[0].Word;
    }

    private static bool IsBeginning(string typed, string word) =>
        typed.TrimStart('-').Length >= 3 && word.StartsWith(typed, StringComparison.OrdinalIgnoreCase);

    /// <summary>Edit distance where two neighbours that changed places count once (Damerau 1964); case does not count.</summary>
    private static int Distance(string left, string right)
    {
        int[,] table = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    table[i - 1, j - 1] + (IsSame(i, j) ? 0 : 1), 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && IsSame(i, j - 1) && IsSame(i - 1, j))
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[left.Length, right.Length];

        bool IsSame(int i, int j) => char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
    }
}
