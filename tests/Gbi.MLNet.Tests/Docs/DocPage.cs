using System.Text.RegularExpressions;

namespace Gbi.Tests.Docs;

/// <summary>A fence of a Markdown page, with the comment before it that names it, <c>&lt;!-- kind: name --&gt;</c>.</summary>
/// <param name="Kind">"snippet" (a program of samples/), "commands", "output" of either, "file" that commands read, or "".</param>
/// <param name="Name">What the comment names.</param>
/// <param name="Language">Of the fence: csharp, sh, text, ....</param>
/// <param name="Body">The lines of the fence.</param>
internal sealed record DocFence(string Kind, string Name, string Language, string Body);

/// <summary>A page of README.md, docs/ and the other Markdown files of the repository.</summary>
internal sealed partial class DocPage
{
    // Two outputs of one page may be accepted at once.
    private static readonly Lock Writing = new();

    private DocPage(string path, string markdown)
    {
        Path = path;
        Markdown = markdown.ReplaceLineEndings("\n");
        Fences = [.. Fence().Matches(Markdown).Select(match => new DocFence(
            match.Groups["kind"].Value,
            match.Groups["name"].Value,
            match.Groups["language"].Value.Trim(),
            match.Groups["body"].Value.TrimEnd('\n')))];
    }

    /// <summary>README.md and the pages of docs/, whose snippets and commands run.</summary>
    public static IReadOnlyList<DocPage> Guides =>
        [Read("README.md"), .. Directory.GetFiles(Checkout.File("docs"), "*.md", SearchOption.AllDirectories).Order().Select(Read)];

    /// <summary>Every Markdown page.</summary>
    public static IReadOnlyList<DocPage> All =>
    [
        .. Guides,
        .. new[] { "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "benchmarks/README.md", "src/training/README.md" }.Select(Read),
    ];

    /// <summary>Path from the repository's root.</summary>
    public string Path { get; }

    public string Markdown { get; }

    public IReadOnlyList<DocFence> Fences { get; }

    /// <summary>Files of shared/data that the commands read: <c>&lt;!-- data: FILE FILE --&gt;</c>.</summary>
    public IReadOnlyList<string> Data => [.. DataComment().Matches(Markdown).SelectMany(match => match.Groups[1].Value.Split(' '))];

    /// <summary>Whether differences are written into the pages instead of failing a test.</summary>
    public static bool Accepts => Environment.GetEnvironmentVariable("GBI_ACCEPT") == "1";

    public static DocPage Read(string path) =>
        new(System.IO.Path.GetRelativePath(Checkout.Root, Checkout.File(path)), File.ReadAllText(Checkout.File(path)));

    public static DocPage Parse(string markdown) => new("", markdown);

    public IEnumerable<DocFence> OfKind(string kind) => Fences.Where(fence => fence.Kind == kind);

    /// <summary>Headings as the anchors that links name.</summary>
    public IReadOnlySet<string> Anchors => Heading().Matches(WithoutFences)
        .Select(match => NoAnchor().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Trim().Replace(' ', '-')).ToHashSet();

    /// <summary>Targets of links and pictures that are files of the repository, with the anchor if there is one.</summary>
    public IReadOnlyList<string> LocalLinks => [.. Link().Matches(WithoutFences)
        .Select(match => match.Groups[1].Value)
        .Where(target => !target.Contains("://") && !target.StartsWith("mailto:", StringComparison.Ordinal))];

    private string WithoutFences => Fence().Replace(Markdown, "");

    /// <summary>Writes a new body into a fence of the page on disk.</summary>
    public static void Accept(string path, string kind, string name, string body)
    {
        lock (Writing)
        {
            string markdown = File.ReadAllText(Checkout.File(path)).ReplaceLineEndings("\n");
            File.WriteAllText(Checkout.File(path), Fence().Replace(markdown, match =>
            {
                Group old = match.Groups["body"];
                int start = old.Index - match.Index;
                return match.Groups["kind"].Value != kind || match.Groups["name"].Value != name
                    ? match.Value
                    : string.Concat(match.Value.AsSpan(0, start), body.TrimEnd('\n') + "\n", match.Value.AsSpan(start + old.Length));
            }));
        }
    }

    [GeneratedRegex(
        @"(^<!--[ ]*(?<kind>snippet|output|commands|file):[ ]*(?<name>\S+)[ ]*-->\s*\n)?^```(?<language>[^\n`]*)\n(?<body>.*?)^```[ ]*$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^<!--[ ]*data:[ ]*(.*?)[ ]*-->", RegexOptions.Multiline)]
    private static partial Regex DataComment();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchor();

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();
}
