using Gbi.Tests.Readme;

namespace Gbi.Tests;

/// <summary>
/// README.md shows only code that ran. A snippet is a region of a file in Readme/, between lines "// snippet: Name" and
/// "// end snippet"; the test beside it runs it under <see cref="ReadmeDocument.AssertPrints"/>.
/// </summary>
public sealed class ReadmeTests
{
    private const string Example = """
        Text.

        <!-- snippet: First -->
        ```csharp
        Console.WriteLine(1);

        if (true) { }
        ```

        <!-- output: First -->

        ```text
        1
        ```

        ```csharp
        Console.WriteLine(2);
        ```

        ```sh
        gbi demo
        ```
        """;

    [Test]
    public void Every_snippet_of_the_readme_is_code_that_the_tests_run()
    {
        if (ReadmeDocument.Repository is not { } readme)
        {
            Assert.Pass("README.md is not written yet.");
            return;
        }

        Dictionary<string, string> code = [];
        foreach (string file in Directory.GetFiles(Checkout.File("tests", "Gbi.MLNet.Tests", "Readme"), "*.cs").Order())
        {
            foreach ((string name, string body) in ReadmeDocument.Regions(File.ReadAllText(file)))
            {
                code.Add(name, body);
            }
        }

        Assert.That(readme.Snippets, Is.Not.Empty, "README.md marks no csharp fence with <!-- snippet: Name -->.");
        Assert.Multiple(() =>
        {
            Assert.That(readme.Unmarked, Is.Empty, "csharp fences of README.md without <!-- snippet: Name -->");
            Assert.That(readme.Snippets.Keys, Is.EquivalentTo(code.Keys), "snippets of README.md, and regions in Readme/*.cs");
            Assert.That(
                readme.Outputs.Keys, Is.SubsetOf(readme.Snippets.Keys.Concat(readme.Commands.Keys)),
                "outputs of README.md without a snippet");
            foreach ((string name, string body) in readme.Snippets.Where(snippet => code.ContainsKey(snippet.Key)))
            {
                Assert.That(body, Is.EqualTo(code[name]), $"snippet {name} of README.md, and its region in Readme/*.cs");
            }
        });
    }

    [Test]
    public void Fences_are_found_by_the_comment_before_them()
    {
        ReadmeDocument readme = new(Example);

        Assert.Multiple(() =>
        {
            Assert.That(readme.Snippets, Is.EqualTo(new Dictionary<string, string>
            {
                ["First"] = "Console.WriteLine(1);\n\nif (true) { }",
            }));
            Assert.That(readme.Outputs, Is.EqualTo(new Dictionary<string, string> { ["First"] = "1" }));
            Assert.That(readme.Unmarked, Is.EqualTo(new[] { "Console.WriteLine(2);" }));
        });
    }

    [Test]
    public void A_region_is_compared_without_its_indentation()
    {
        const string source = """
            void Test()
            {
                // snippet: First
                Console.WriteLine(1);

                if (true) { }
                // end snippet
            }
            """;

        Assert.That(ReadmeDocument.Regions(source)["First"], Is.EqualTo(new ReadmeDocument(Example).Snippets["First"]));
    }

    [Test]
    public void A_region_without_an_end_is_refused() =>
        Assert.That(() => ReadmeDocument.Regions("// snippet: First\nint x;"), Throws.TypeOf<FormatException>());
}
