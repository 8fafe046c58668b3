using System.Text;

namespace Gbi.Likelihoods.Descriptions;

/// <summary>A table as plain text: columns two spaces apart, numbers to the right; columns with nothing in them are left out.</summary>
/// <param name="columns">Titles, and whether numbers stand below.</param>
internal sealed class TextTable(params (string Title, bool IsNumber)[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; a cell may have several lines.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    public void AppendTo(StringBuilder text)
    {
        int[] shown = [.. Enumerable.Range(0, columns.Length).Where(column => _rows.Exists(row => row[column].Length > 0))];
        string[][] all = [[.. columns.Select(column => column.Title)], .. _rows];
        int[] widths = [.. columns.Select((_, column) => all.Max(row => row[column].Split('\n').Max(line => line.Length)))];
        foreach (string[] row in all)
        {
            string[][] lines = [.. row.Select(cell => cell.Split('\n'))];
            for (int line = 0; line < lines.Max(cell => cell.Length); line++)
            {
                IEnumerable<string> padded = shown.Select(
                    column => Padded(lines[column].ElementAtOrDefault(line) ?? "", widths[column], columns[column].IsNumber));
                text.Append(string.Join("  ", padded).TrimEnd()).Append('\n');
            }
        }
    }

    private static string Padded(string line, int width, bool isNumber) => isNumber ? line.PadLeft(width) : line.PadRight(width);
}
