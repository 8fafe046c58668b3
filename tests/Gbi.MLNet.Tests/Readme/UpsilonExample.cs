using Gbi.Tests.IO;

namespace Gbi.Tests.Readme;

/// <summary>The worked example beside the room Analysis: the Υ(1S) in open data of CMS.</summary>
public sealed class UpsilonExample
{
    [Test]
    public void The_upsilon_is_what_its_page_says()
    {
        string file = SharedData.Path("cms/upsilon_dimuon.parquet");
        ReadmeDocument page = new(File.ReadAllText(Checkout.File("src", "Gbi.MLNet", "Analysis", "README.md")));
        using var folder = new ScratchFolder();
        File.Copy(file, folder["upsilon_dimuon.parquet"]);

        string[] commands = page.Commands["Upsilon"].Replace("\\\n", " ").Split('\n');
        string printed = string.Concat(commands.Select(command => CommandExamples.Printed(command, folder)));

        ReadmeDocument.AssertAlike(printed.Replace(folder.Root + Path.DirectorySeparatorChar, ""), page.Outputs["Upsilon"]);
        string report = File.ReadAllText(Path.Combine(folder["results"], "report.html"));
        Assert.That(report.Split("<figure>").Length - 1, Is.EqualTo(6), "two figures of all events and one of each category");
        Assert.That(report, Does.Contain("gain in significance"));
    }
}
