namespace Gbi.Tests.Readme;

/// <summary>The worked examples of docs/tutorials, on real data and on simulated ones.</summary>
public sealed class WorkedExamples
{
    [Test]
    public void The_resonance_of_lhc_olympics_is_what_its_page_says()
    {
        string[] files = [SharedData.Path("lhco/sr_events.parquet"), SharedData.Path("lhco/sr_signal.parquet")];
        ReadmeDocument page = new(File.ReadAllText(Checkout.File("docs", "tutorials", "lhco.md")));
        using var folder = new ScratchFolder();
        foreach (string file in files)
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        string[] commands = page.Commands["Lhco"].Replace("\\\n", " ").Split('\n');
        string printed = string.Concat(commands.Select(command => CommandExamples.Printed(command, folder)));

        ReadmeDocument.AssertAlike(printed.Replace(folder.Root + Path.DirectorySeparatorChar, ""), page.Outputs["Lhco"]);
    }

    [Test]
    public void The_masses_of_a_signal_family_are_what_their_page_says()
    {
        ReadmeDocument page = new(File.ReadAllText(Checkout.File("docs", "tutorials", "family.md")));
        using var folder = new ScratchFolder();
        string[] commands = page.Commands["Family"].Replace("\\\n", " ").Split('\n');
        string printed = string.Concat(commands.Select(command => CommandExamples.Printed(command, folder)));

        ReadmeDocument.AssertAlike(printed.Replace(folder.Root + Path.DirectorySeparatorChar, ""), page.Outputs["Family"]);
    }

    [Test]
    public void The_upsilon_is_what_its_page_says()
    {
        string file = SharedData.Path("cms/upsilon_dimuon.parquet");
        ReadmeDocument page = new(File.ReadAllText(Checkout.File("docs", "tutorials", "upsilon.md")));
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
