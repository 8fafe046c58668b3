using System.Text.RegularExpressions;

namespace Gbi.Tests.Architecture;

/// <summary>A source file by its path from the repository's root and its text; what it breaks is named with file and line.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    public const int MaxLines = 300;
    public const int MaxWidth = 140;
    public const int MaxParameters = 7;

    private static readonly string[] Extensions = [".cs", ".py", ".sh", ".csproj", ".props"];

    /// <summary>Folders with sources of ours.</summary>
    private static readonly string[] Roots = ["src", "tests", "samples", "benchmarks"];

    /// <summary>Folders in which a build, Python or an editor leaves files.</summary>
    private static readonly string[] Outputs = ["bin", "obj", "__pycache__", "BenchmarkDotNet.Artifacts"];

    public string Folder => Path[..Path.LastIndexOf('/')];

    /// <summary>Every source file of the repository.</summary>
    public static IEnumerable<SourceFile> All() => Roots.SelectMany(root => Below(new DirectoryInfo(Checkout.File(root)))).Select(Read);

    /// <summary>The file, where it is too long.</summary>
    public IEnumerable<string> Length()
    {
        int count = Text.TrimEnd().Count(character => character == '\n') + 1;
        return count > MaxLines ? [$"{Path}:{count}: {count} lines, allowed {MaxLines}"] : [];
    }

    /// <summary>Lines that are too wide, in characters.</summary>
    public IEnumerable<string> WideLines() => Text.ReplaceLineEndings("\n").Split('\n').Index()
        .Where(line => line.Item.Length > MaxWidth)
        .Select(line => $"{Path}:{line.Index + 1}: {line.Item.Length} characters, allowed {MaxWidth}");

    /// <summary>The first using directive out of order: namespaces, static types, aliases; System first in each, then by name.</summary>
    public IEnumerable<string> UnsortedUsings()
    {
        (int Line, (int, bool, string) Key)[] found =
        [
            .. Text.Split('\n').Index().TakeWhile(line => !line.Item.StartsWith("namespace", StringComparison.Ordinal))
                .Select(line => (line.Index + 1, Using().Match(line.Item))).Where(line => line.Item2.Success)
                .Select(line => (line.Item1, KeyOf(line.Item2)))
        ];
        return found.Zip(found.Skip(1)).Where(pair => pair.First.Key.CompareTo(pair.Second.Key) > 0).Take(1)
            .Select(pair => $"{Path}:{pair.Second.Line}: using directive out of order");

        static (int, bool, string) KeyOf(Match directive)
        {
            string name = directive.Groups["name"].Value;
            int kind = name.Contains('=') ? 2 : directive.Groups["static"].Success ? 1 : 0;
            return (kind, kind < 2 && name.Split('.')[0] != "System", name.ToUpperInvariant());
        }
    }

    /// <summary>Declarations in C# with too many parameters: methods, constructors, delegates, records, functions and tuples.</summary>
    /// <remarks>
    /// A declaration is a list in parentheses whose items are all a type and a name; no call looks like that. A record whose name ends in
    /// Document may have more: it is never called by hand, its parameters are the keys of a JSON document in their order.
    /// </remarks>
    public IEnumerable<string> LongParameterLists()
    {
        if (!Path.EndsWith(".cs", StringComparison.Ordinal))
        {
            yield break;
        }

        string code = CommentOrLiteral().Replace(Text, match => Blank().Replace(match.Value, "_"));
        foreach ((int open, string[] items) in Lists(code))
        {
            if (items.Length > MaxParameters && items.All(item => Parameter().IsMatch(item))
                && !DocumentRecord().IsMatch(code[..open]))
            {
                yield return $"{Path}:{code.AsSpan(0, open).Count('\n') + 1}: {items.Length} parameters, allowed {MaxParameters}";
            }
        }
    }

    private static SourceFile Read(FileInfo file) => new(
        System.IO.Path.GetRelativePath(Checkout.Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName));

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(file => Extensions.Contains(file.Extension))
        .Concat(folder.EnumerateDirectories().Where(inner => !Outputs.Contains(inner.Name) && inner.Name[0] != '.').SelectMany(Below));

    /// <summary>Lists in parentheses: where each opens and its items. Commas in inner brackets and type arguments divide nothing.</summary>
    private static IEnumerable<(int Open, string[] Items)> Lists(string code)
    {
        Stack<(char Bracket, int Open, List<int> Commas)> brackets = [];
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i] is '(' or '[' or '{')
            {
                brackets.Push((code[i], i, []));
            }
            else if (code[i] == ',' && brackets.TryPeek(out var around))
            {
                around.Commas.Add(i);
            }
            else if (code[i] is ')' or ']' or '}' && brackets.TryPop(out var closed) && closed.Bracket == '('
                && closed.Commas.Count >= MaxParameters)
            {
                yield return (closed.Open, Items(code, [closed.Open, .. closed.Commas, i]));
            }
        }
    }

    private static string[] Items(string code, int[] ends)
    {
        List<string> items = [];
        string item = "";
        for (int k = 1; k < ends.Length; k++)
        {
            item += code[(ends[k - 1] + 1)..ends[k]];
            if (item.Count(character => character == '<') <= item.Count(character => character == '>'))
            {
                items.Add(item);
                item = "";
            }
        }

        return [.. items];
    }

    [GeneratedRegex("""
        //.* | /\*[\s\S]*?\*/                                # comments
        | (?<quotes>"{3,})[\s\S]*?\k<quotes>"*               # raw texts
        | (@\$?|\$@)"([^"]|"")*" | "(\\.|[^"\\\n])*"        # verbatim and other texts
        | '(\\.[^'\n]*|[^'\\\n])'                           # characters
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentOrLiteral();

    [GeneratedRegex(@"^using\s+(?<static>static\s+)?(?<name>[^(;]+);")]
    private static partial Regex Using();

    [GeneratedRegex(@"[^\n]")]
    private static partial Regex Blank();

    [GeneratedRegex(@"
        ^[\s_]* (\[[^\]]*\]\s*)* ((this|ref|out|in|params|readonly|scoped)\s+)*  # attributes and modifiers
        (?!(new|await|is)\b) [\w.:<>,()\[\]?*\s]* [\w>)\]?*]                   # type
        \s+ @?[A-Za-z]\w* \s* (=[^=>].*)? [\s_]*$                              # name and default
        ", RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\brecord\s+(struct\s+|class\s+)?\w+Document(<[^>]*>)?\s*$", RegexOptions.RightToLeft)]
    private static partial Regex DocumentRecord();
}
