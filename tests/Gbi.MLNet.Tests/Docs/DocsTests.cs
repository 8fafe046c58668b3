namespace Gbi.Tests.Docs;

/// <summary>
/// README.md and docs/: every snippet is a program that runs, every link leads somewhere, every page is in a table of contents.
/// </summary>
public sealed class DocsTests
{
    [Test]
    public void Every_snippet_is_a_program_of_samples()
    {
        Assert.Multiple(() =>
        {
            foreach ((DocPage page, DocFence fence) in Fences().Where(at => at.Fence.Language is "csharp" or "cs" or "c#"))
            {
                Assert.That(fence.Kind, Is.EqualTo("snippet"), $"{page.Path} has a csharp fence without <!-- snippet: NAME -->.");
                string program = File.ReadAllText(Checkout.File("samples", fence.Name, "Program.cs"))
                    .ReplaceLineEndings("\n").TrimEnd('\n');
                if (DocPage.Accepts)
                {
                    DocPage.Accept(page.Path, "snippet", fence.Name, program);
                }
                else
                {
                    Assert.That(
                        fence.Body, Is.EqualTo(program), $"{page.Path} and samples/{fence.Name}/Program.cs; GBI_ACCEPT=1 writes the page.");
                }
            }
        });
    }

    [Test]
    public void Every_sample_is_shown_with_what_it_prints() => Assert.That(
        Fences().Where(of => of.Fence.Kind == "snippet").Select(of => of.Fence.Name).Distinct().Order(), Is.EqualTo(SampleRuns.Names));

    [Test]
    public void Every_output_belongs_to_commands_or_a_snippet_of_its_page()
    {
        foreach (DocPage page in DocPage.Guides)
        {
            Assert.That(
                page.OfKind("output").Select(fence => fence.Name),
                Is.EquivalentTo(page.OfKind("snippet").Concat(page.OfKind("commands")).Select(fence => fence.Name)), page.Path);
        }
    }

    [Test]
    public void Every_link_leads_to_a_file_and_every_anchor_to_a_heading()
    {
        List<string> dead = [];
        foreach (DocPage page in DocPage.All)
        {
            foreach (string link in page.LocalLinks)
            {
                string[] parts = link.Split('#');
                string target = parts[0].Length == 0
                    ? Checkout.File(page.Path)
                    : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Checkout.File(page.Path))!, parts[0]));
                bool isThere = File.Exists(target) || Directory.Exists(target);
                bool hasAnchor = parts.Length > 1 && target.EndsWith(".md", StringComparison.Ordinal);
                if (!isThere || (hasAnchor && !DocPage.Read(Path.GetRelativePath(Checkout.Root, target)).Anchors.Contains(parts[1])))
                {
                    dead.Add($"{page.Path}: {link}");
                }
            }
        }

        Assert.That(dead, Is.Empty);
    }

    [Test]
    public void Every_page_of_docs_is_in_a_table_of_contents()
    {
        string docs = Checkout.File("docs");
        IEnumerable<string> listed = Directory.GetFiles(docs, "toc.yml", SearchOption.AllDirectories).SelectMany(toc => File.ReadLines(toc)
            .Select(line => line.Trim()).Where(line => line.StartsWith("href:", StringComparison.Ordinal))
            .Select(line => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(toc)!, line["href:".Length..].Trim()))));

        Assert.That(Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories), Is.SubsetOf(listed));
    }

    [Test]
    public void The_readme_is_read_in_a_minute()
    {
        string[] lines = File.ReadAllLines(Checkout.File("README.md"));
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.AtMost(150));
            Assert.That(lines.Count(line => line.StartsWith("![", StringComparison.Ordinal)), Is.EqualTo(1), "pictures");
            Assert.That(File.ReadLines(Checkout.File("samples", "HelloRatio", "Program.cs")).Count(), Is.AtMost(12), "hello world");
        });
    }

    private static IEnumerable<(DocPage Page, DocFence Fence)> Fences() =>
        DocPage.Guides.SelectMany(page => page.Fences.Select(fence => (page, fence)));
}
