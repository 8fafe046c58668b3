namespace Gbi.Cli.Help;

/// <summary>Text in lines that fit a width: paragraphs, two columns, and command lines broken with backslashes.</summary>
internal sealed class HelpLayout(TextWriter output, int width)
{
    private const int Indent = 2;
    private const int Gap = 2;
    private const int ShortestText = 24;

    public void Heading(string text) => output.WriteLine($"{text}:");

    public void Space() => output.WriteLine();

    public void Paragraph(string text, int indent = 0, int hanging = 0)
    {
        foreach (string line in Lines(text, indent, indent + hanging))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>Labels and what they mean, side by side; a label too long for its column has a line of its own.</summary>
    public void Rows(IReadOnlyCollection<(string Label, string Text)> rows)
    {
        int widest = Math.Max(8, Math.Min((width * 2 / 5) - Indent - Gap, width - Indent - Gap - ShortestText));
        int column = rows.Select(row => row.Label.Length).Where(length => length <= widest).DefaultIfEmpty(widest).Max();
        int start = Indent + column + Gap;
        foreach ((string label, string text) in rows)
        {
            string[] lines = [.. Lines(text, start, start)];
            bool isBeside = label.Length <= column && lines.Length > 0;
            if (!isBeside)
            {
                Paragraph(label, Indent, Indent);
            }

            for (int i = 0; i < lines.Length; i++)
            {
                output.WriteLine(
                    i == 0 && isBeside ? $"{new string(' ', Indent)}{label.PadRight(column + Gap)}{lines[0].TrimStart()}" : lines[i]);
            }
        }
    }

    /// <summary>A command line that can be pasted: each line but its last ends with a backslash.</summary>
    public void Command(string command) => Command(command, " \\");

    /// <summary>How a command is called.</summary>
    public void Usage(string usage) => Command(usage, "");

    private void Command(string command, string ending)
    {
        const int Continuation = 3 * Indent;
        string line = new(' ', Indent);
        bool isEmpty = true;
        string[] parts = [.. Parts(command)];
        for (int i = 0; i < parts.Length; i++)
        {
            int room = width - (i == parts.Length - 1 ? 0 : ending.Length);
            if (!isEmpty && line.Length + 1 + parts[i].Length > room)
            {
                output.WriteLine($"{line}{ending}");
                line = new string(' ', Continuation);
                isEmpty = true;
            }

            line += isEmpty ? parts[i] : $" {parts[i]}";
            isEmpty = false;
        }

        output.WriteLine(line);
    }

    /// <summary>Words of a command line, an option together with its value unless both are too long for one line.</summary>
    private IEnumerable<string> Parts(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            bool hasValue = words[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < words.Length && !words[i + 1].StartsWith('-');
            if (hasValue && (3 * Indent) + words[i].Length + 1 + words[i + 1].Length + 2 <= width)
            {
                yield return $"{words[i]} {words[++i]}";
            }
            else
            {
                yield return words[i];
            }
        }
    }

    private IEnumerable<string> Lines(string text, int first, int next)
    {
        string line = new(' ', first);
        bool isEmpty = true;
        foreach (string whole in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string word = whole;
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = new string(' ', next);
                isEmpty = true;
            }

            while (isEmpty && line.Length + word.Length > width && width > line.Length)
            {
                int room = width - line.Length;
                yield return line + word[..room];
                word = word[room..];
                line = new string(' ', next);
            }

            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }

        if (!isEmpty)
        {
            yield return line;
        }
    }
}
