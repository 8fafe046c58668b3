using System.Text.RegularExpressions;
using Gbi.Tests.Cli;

namespace Gbi.Tests.Docs;

/// <summary>A folder with the files of a page, in which its commands run as they stand there.</summary>
internal sealed partial class PageRun : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public PageRun(DocPage page)
    {
        string[] data = [.. page.Data.Select(SharedData.Path)];
        foreach (string file in data)
        {
            File.Copy(file, _folder[Path.GetFileName(file)]);
        }

        foreach (DocFence file in page.OfKind("file"))
        {
            File.WriteAllText(_folder[file.Name], file.Body);
        }
    }

    public string this[string name] => _folder[name];

    /// <summary>What the commands of a fence print.</summary>
    public string Printed(DocFence commands) =>
        string.Concat(commands.Body.Replace("\\\n", " ").Split('\n').Select(Printed))
            .Replace(_folder.Root + Path.DirectorySeparatorChar, "");

    public void Dispose() => _folder.Dispose();

    private string Printed(string command)
    {
        string[] words = [.. Word().Matches(command).Select(word => word.Value.Trim('\''))];
        Assert.That(words[0], Is.EqualTo("gbi"));
        return CliRun.Done([.. words[1..].Select(InFolder)]).Output;
    }

    /// <summary>A word, or the words of a quotation, with the files of the folder by their paths.</summary>
    private string InFolder(string words) =>
        string.Join(' ', words.Split(' ').Select(word => IsFileOrFolder(word) ? _folder[word] : word));

    private static bool IsFileOrFolder(string word) =>
        word.StartsWith("results", StringComparison.Ordinal)
        || Path.GetExtension(word) is ".parquet" or ".zip" or ".onnx" or ".json" or ".csv" or ".py";

    [GeneratedRegex("'[^']*'|\\S+")]
    private static partial Regex Word();
}
