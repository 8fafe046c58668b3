using System.Globalization;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>Sentences that name the parameters which a likelihood does not determine, and what it determines of them.</summary>
internal static class UndeterminedParameters
{
    /// <summary>One sentence for each set of parameters that flat directions connect, in the parameters' order.</summary>
    /// <param name="flat">The flat directions.</param>
    /// <param name="names">Names of the variables of <paramref name="flat"/>.</param>
    public static IEnumerable<string> Sentences(FlatDirections flat, IReadOnlyList<string> names)
    {
        var rows = flat.Rows.ToList();
        while (rows.Count > 0)
        {
            int first = Enumerable.Range(0, names.Count).First(i => rows.Exists(row => row[i] != 0));
            List<double[]> group = [];
            HashSet<int> members = [first];
            while (rows.FindIndex(row => members.Any(i => row[i] != 0)) is var found and >= 0)
            {
                group.Add(rows[found]);
                members.UnionWith(Enumerable.Range(0, names.Count).Where(i => rows[found][i] != 0));
                rows.RemoveAt(found);
            }

            yield return Sentence(group, [.. members.Order()], names);
        }
    }

    private static string Sentence(List<double[]> group, int[] members, IReadOnlyList<string> names)
    {
        string[] parts = [.. members.Select(i => names[i])];
        string all = parts.Length == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
        return (members.Length - group.Count) switch
        {
            0 => $"{all} is not determined: the likelihood does not depend on it.",
            1 => $"{all} are not determined separately: only {Combination(group, members, names)} is.",
            int left => $"{all} are not determined separately: only {left} of their {members.Length} combinations are.",
        };
    }

    /// <summary>The one combination Σ wᵢ θᵢ that no flat direction changes, Σ wᵢ vᵢ = 0 for all, with 1 as the first weight.</summary>
    private static string Combination(List<double[]> group, int[] members, IReadOnlyList<string> names)
    {
        // Each row moves one member of its own and the one member that none owns.
        int shared = members.Single(i => group.Count(row => row[i] != 0) == group.Count && (group.Count > 1 || i == members[^1]));
        double Weight(int i) => i == shared ? 1 : group.Where(row => row[i] != 0).Select(row => -row[shared] / row[i]).Single();
        double first = Weight(members[0]);
        string text = names[members[0]];
        foreach (int member in members.Skip(1))
        {
            double weight = Weight(member) / first;
            string size = Math.Abs(weight).ToString("G4", CultureInfo.InvariantCulture);
            text += $" {(weight < 0 ? "−" : "+")} {(size == "1" ? "" : size + " ")}{names[member]}";
        }

        return text;
    }
}
