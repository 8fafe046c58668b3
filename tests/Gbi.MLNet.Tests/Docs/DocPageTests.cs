namespace Gbi.Tests.Docs;

/// <summary>How pages are read, and when a printed text is that of a page.</summary>
public sealed class DocPageTests
{
    private const string Example = """
        # First steps: `gbi`

        [here](docs/a.md#top), [there](https://example.org), ![picture](b.png)

        <!-- snippet: First -->
        ```csharp
        Console.WriteLine(1);

        if (true) { }
        ```

        <!-- output: First -->

        ```text
        1
        ```

        ```sh
        gbi demo   # [no link](in-a-fence)
        ```
        """;

    [Test]
    public void Fences_are_named_by_the_comment_before_them() => Assert.That(DocPage.Parse(Example).Fences, Is.EqualTo(new[]
    {
        new DocFence("snippet", "First", "csharp", "Console.WriteLine(1);\n\nif (true) { }"),
        new DocFence("output", "First", "text", "1"),
        new DocFence("", "", "sh", "gbi demo   # [no link](in-a-fence)"),
    }));

    [Test]
    public void Links_and_anchors_are_found() => Assert.Multiple(() =>
    {
        Assert.That(DocPage.Parse(Example).LocalLinks, Is.EqualTo(new[] { "docs/a.md#top", "b.png" }));
        Assert.That(DocPage.Parse(Example).Anchors, Is.EquivalentTo(new[] { "first-steps-gbi" }));
    });

    [TestCase("0.0004", "0.0004", true)]
    [TestCase("0.00041", "0.00040", false, TestName = "A p-value that is off in its last digit is found")]
    [TestCase("0.004", "0.0004", false, TestName = "A p-value that is ten times off is found")]
    [TestCase("34,871", "34,870", true, TestName = "A thousandth of a large count is allowed")]
    [TestCase("137", "138", false)]
    [TestCase("11.23", "11.22", true)]
    [TestCase("5.65", "5.64", false)]
    [TestCase("1.2E-06", "1.1E-06", false)]
    [TestCase("−135.0", "135.0", false)]
    [TestCase("-983096.27", "-983096.26", true)]
    [TestCase("passed", "failed", false)]
    public void Numbers_are_alike_to_the_last_digit_or_a_thousandth(string printed, string expected, bool areAlike) =>
        Assert.That(PrintedText.AreAlike(printed, expected), Is.EqualTo(areAlike));

    [Test]
    public void Numbers_within_words_are_compared() => Assert.That(
        () => PrintedText.AssertAlike("│ [0.0070, 0.0199] │", "│ [0.0070, 0.0299] │"), Throws.TypeOf<MultipleAssertException>());

    [Test]
    public void The_width_of_a_table_does_not_matter() => PrintedText.AssertAlike("╭──╮\n│ 1 │", "╭─────╮\n│  1 │");
}
