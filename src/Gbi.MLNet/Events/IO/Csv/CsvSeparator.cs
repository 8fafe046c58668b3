using System.Globalization;

namespace Gbi.Events.IO.Csv;

/// <summary>Finds the separator of a text: comma, semicolon, tab, vertical bar, or single spaces between numbers.</summary>
internal static class CsvSeparator
{
    private const string Candidates = ",;\t|";

    /// <summary>
    /// The first candidate that splits the header and the first record into the same number of cells, two or more. Where none does: the
    /// first that the header contains, so that the error speaks of that record; a comma where the header contains none.
    /// </summary>
    /// <param name="text">Beginning of the text.</param>
    public static char Find(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> header = NextRecord(ref text);
        ReadOnlySpan<char> record = NextRecord(ref text);
        foreach (char candidate in Candidates)
        {
            int count = Count(header, candidate);
            if (count > 0 && count == Count(record, candidate))
            {
                return candidate;
            }
        }

        foreach (char candidate in Candidates)
        {
            if (Count(header, candidate) > 0)
            {
                return candidate;
            }
        }

        // A header of one column may be several words: spaces separate only where they separate numbers too.
        return Count(header, ' ') is > 0 and int spaces && spaces == Count(record, ' ') && HoldsNumbers(record) ? ' ' : ',';
    }

    /// <summary>Whether a text without other separators has numbers between runs of spaces, or spaces at the ends of lines.</summary>
    /// <param name="text">Beginning of the text.</param>
    public static bool IsOfSeveralSpaces(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> header = NextRecord(ref text);
        ReadOnlySpan<char> record = NextRecord(ref text);
        if (header.IndexOfAny(Candidates.AsSpan()) >= 0 || header.IndexOf('"') >= 0 || !record.Contains(' '))
        {
            return false;
        }

        string[] names = header.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] cells = record.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 1 && names.Length == cells.Length && HoldsNumbers(string.Join(' ', cells))
            && Count(header, ' ') + Count(record, ' ') > 2 * (names.Length - 1);
    }

    private static ReadOnlySpan<char> NextRecord(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart("\r\n");
        bool isQuoted = false;
        int end = 0;
        while (end < text.Length && (isQuoted || text[end] is not ('\r' or '\n')))
        {
            isQuoted ^= text[end++] == '"';
        }

        ReadOnlySpan<char> record = text[..end];
        text = text[end..];
        return record;
    }

    private static int Count(ReadOnlySpan<char> record, char candidate)
    {
        bool isQuoted = false;
        int count = 0;
        foreach (char c in record)
        {
            isQuoted ^= c == '"';
            count += c == candidate && !isQuoted ? 1 : 0;
        }

        return count;
    }

    private static bool HoldsNumbers(ReadOnlySpan<char> record)
    {
        foreach (Range cell in record.Split(' '))
        {
            if (!double.TryParse(record[cell], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                return false;
            }
        }

        return true;
    }
}
