using System.Globalization;
using System.IO.Enumeration;

namespace Gbi.Events;

/// <summary>
/// Names of features as they are typed: columns, wildcards such as <c>tau*</c> and <c>pt?</c>, and ranges of numbered names such as
/// <c>pt1..pt4</c>.
/// </summary>
internal static class FeatureNames
{
    private const string To = "..";

    /// <summary>Whether any of the names has to be compared with the columns.</summary>
    public static bool HavePatterns(IReadOnlyList<string> names) => names.Any(name => IsWildcard(name) || IsRange(name));

    /// <summary>
    /// The columns that are meant, in the order of the names, those of a wildcard in the order of the file. A column that a pattern adds a
    /// second time is taken once; one that is typed twice stays twice.
    /// </summary>
    /// <param name="names">As typed.</param>
    /// <param name="columns">The file's columns that can be read as numbers.</param>
    /// <param name="file">Its name, for sentences.</param>
    /// <param name="never">Columns that no wildcard means, such as those of the mass and the weight.</param>
    /// <exception cref="DataException">A pattern fits no column, or a range is none; the message has the columns.</exception>
    public static string[] Expand(
        IReadOnlyList<string> names, IReadOnlyCollection<string> columns, string file, IReadOnlyCollection<string?> never)
    {
        var typed = names.Where(name => columns.Contains(name) || !(IsWildcard(name) || IsRange(name))).ToHashSet(StringComparer.Ordinal);
        List<string> found = [];
        foreach (string name in names)
        {
            if (typed.Contains(name))
            {
                found.Add(name);
                continue;
            }

            found.AddRange(Columns(name, columns, file, never).Where(column => !typed.Contains(column) && !found.Contains(column)));
        }

        return [.. found];
    }

    /// <summary>The columns that a wildcard fits and does not mean, in the order of the file.</summary>
    public static string[] LeftOut(IReadOnlyList<string> names, IReadOnlyCollection<string> columns, IReadOnlyCollection<string?> never) =>
        [.. columns.Where(column => never.Contains(column) && !names.Contains(column)
            && names.Any(name => IsWildcard(name) && FileSystemName.MatchesSimpleExpression(name, column, ignoreCase: false)))];

    private static string[] Columns(string pattern, IReadOnlyCollection<string> columns, string file, IReadOnlyCollection<string?> never)
    {
        if (!IsWildcard(pattern))
        {
            return Range(pattern, columns, file);
        }

        string[] fit =
        [
            .. columns.Where(column => !never.Contains(column)
                && FileSystemName.MatchesSimpleExpression(pattern, column, ignoreCase: false))
        ];
        return fit.Length > 0 ? fit : throw new DataException(
            $"No column of {file} fits '{pattern}', columns of mass, weight and label and those that gbi writes aside; its columns, the "
                + $"most similar first: {NearestNames.List(pattern, columns)}.");
    }

    /// <summary>A prefix, numbers from the first to the last, and a common end.</summary>
    private static string[] Range(string range, IReadOnlyCollection<string> columns, string file)
    {
        int at = range.IndexOf(To, StringComparison.Ordinal);
        (string first, string last) = (range[..at], range[(at + To.Length)..]);
        foreach ((int start, int length) in Numbers(first))
        {
            (string prefix, string end) = (first[..start], first[(start + length)..]);
            if (last.Length >= prefix.Length + end.Length && last.StartsWith(prefix, StringComparison.Ordinal)
                && last.EndsWith(end, StringComparison.Ordinal)
                && int.TryParse(first.AsSpan(start, length), NumberStyles.None, CultureInfo.InvariantCulture, out int low)
                && int.TryParse(last[prefix.Length..^end.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int high)
                && high >= low && high - low < columns.Count)
            {
                string format = "D" + (first[start] == '0' ? length : 1).ToString(CultureInfo.InvariantCulture);
                string[] names =
                [
                    .. Enumerable.Range(low, high - low + 1).Select(
                        number => prefix + number.ToString(format, CultureInfo.InvariantCulture) + end)
                ];
                string? lost = Array.Find(names, name => !columns.Contains(name));
                return lost is null ? names : throw new DataException(
                    $"There is no column '{lost}' of the range {range} in {file}; its columns, the most similar first: "
                        + $"{NearestNames.List(lost, columns)}.");
            }
        }

        throw new DataException(
            $"'{range}' is no range of columns of {file}, expected two names that differ in one number, the lower one first, such as "
                + $"pt1..pt4; its columns, the most similar first: {NearestNames.List(first, columns)}.");
    }

    /// <summary>Where the digits of a name are, the last ones first.</summary>
    private static IEnumerable<(int Start, int Length)> Numbers(string name)
    {
        for (int end = name.Length; end > 0; end--)
        {
            if (!char.IsAsciiDigit(name[end - 1]) || (end < name.Length && char.IsAsciiDigit(name[end])))
            {
                continue;
            }

            int start = end;
            while (start > 0 && char.IsAsciiDigit(name[start - 1]))
            {
                start--;
            }

            yield return (start, end - start);
        }
    }

    private static bool IsWildcard(string name) => name.AsSpan().ContainsAny('*', '?');

    private static bool IsRange(string name) => name.Contains(To, StringComparison.Ordinal);
}
