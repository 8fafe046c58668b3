using Gbi.Events;

namespace Gbi.Onnx.Adoption;

/// <summary>All that a network lacks to be a ratio, and the command line that says it.</summary>
/// <param name="source">Path or name of the network.</param>
internal sealed class AdoptionProblems(string source)
{
    private readonly List<string> _sentences = [];
    private readonly SortedDictionary<int, string> _options = [];
    private bool _canBeMended = true;

    public bool Any => _sentences.Count > 0;

    /// <summary>Something that options say: a part of a sentence.</summary>
    public void Missing(string what) => _sentences.Add(what);

    /// <summary>Something that no option mends.</summary>
    public void Impossible(string what)
    {
        _sentences.Add(what);
        _canBeMended = false;
    }

    /// <summary>An option of the command line that mends it.</summary>
    /// <param name="order">Where it stands.</param>
    /// <param name="option">The option with its value; words in capitals stand for what the user knows.</param>
    public void Option(int order, string option) => _options[order] = option;

    /// <summary>One message with everything.</summary>
    public DataException ToException()
    {
        string list = _sentences.Count == 1
            ? _sentences[0]
            : string.Join("; ", _sentences.Select((sentence, i) => $"({i + 1}) {sentence}"));
        string name = Path.GetFileName(source);
        string remedy = _canBeMended
            ? $" Say it with: gbi adopt {Quoted(source)} {string.Join(' ', _options.Values)} --out ratio.onnx"
            : "";
        return new DataException($"{name} cannot be taken as a ratio as it is: {list}.{remedy}");
    }

    /// <summary>A word of a command line, in quotation marks where a shell would change it.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "._-/,=:@%+".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
