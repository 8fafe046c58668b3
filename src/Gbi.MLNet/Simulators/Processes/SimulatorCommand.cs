using System.Security.Cryptography;
using System.Text;
using Gbi.Events;

namespace Gbi.Simulators.Processes;

/// <summary>A command with the names of its files left open: {in} and {out} for Parquet, {in.csv} and {out.csv} for text, {seed}.</summary>
internal sealed class SimulatorCommand
{
    private static readonly string[] Inputs = ["{in}", "{in.parquet}", "{in.csv}"];
    private static readonly string[] Outputs = ["{out}", "{out.parquet}", "{out.csv}"];
    private const string SeedMark = "{seed}";

    private readonly string[] _words;

    /// <exception cref="DataException">The command cannot be split, names no program, or lacks a file.</exception>
    public SimulatorCommand(string command)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        Text = command;
        _words = CommandWords.Split(command);
        InputEnding = EndingOf(Inputs, "{in}", "the file of parameters");
        OutputEnding = EndingOf(Outputs, "{out}", "the file of observations");
        HasSeed = _words.Any(word => word.Contains(SeedMark, StringComparison.Ordinal));
        _words[0] = CommandWords.Program(_words[0]);
    }

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>".parquet" or ".csv".</summary>
    public string InputEnding { get; }

    /// <summary>".parquet" or ".csv".</summary>
    public string OutputEnding { get; }

    /// <summary>Whether the first row's seed stands in the command, so that the rows of a batch belong together.</summary>
    public bool HasSeed { get; }

    /// <summary>The words for one batch.</summary>
    public string[] Words(string input, string output, string seed) =>
    [
        .. _words.Select(word =>
        {
            string filled = Inputs.Aggregate(word, (text, mark) => text.Replace(mark, input, StringComparison.Ordinal));
            filled = Outputs.Aggregate(filled, (text, mark) => text.Replace(mark, output, StringComparison.Ordinal));
            return filled.Replace(SeedMark, seed, StringComparison.Ordinal);
        }),
    ];

    /// <summary>SHA-256 of the command and of the content of the files that its words name, such as a script.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(Encoding.UTF8.GetBytes(Text));
        foreach (string word in CommandWords.Split(Text).Where(File.Exists))
        {
            try
            {
                Add(File.ReadAllBytes(word));
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                throw new DataException(
                    $"{word}, a file of the simulator's command, cannot be read ({cause.Message.Trim().TrimEnd('.')}).", cause);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(byte[] bytes)
        {
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    private string EndingOf(string[] marks, string plain, string what)
    {
        string[] found = [.. marks.Where(mark => _words.Any(word => word.Contains(mark, StringComparison.Ordinal)))];
        string endings = string.Join(", ", marks.Where(mark => mark.Contains('.')));
        return found.Length == 1
            ? found[0].Contains(".csv", StringComparison.Ordinal) ? ".csv" : ".parquet"
            : throw new DataException(
                $"The command of the simulator has {(found.Length == 0 ? $"no {plain}" : string.Join(" and ", found))} ({Text}), "
                    + "expected one "
                    + $"of {plain}, {endings}: it stands for {what}, in Parquet or CSV.");
    }
}
