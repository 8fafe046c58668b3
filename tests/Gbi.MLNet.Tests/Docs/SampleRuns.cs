using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gbi.Tests.Docs;

/// <summary>Every program of samples/, run as a program, and what the pages say that it prints.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SampleRuns
{
    /// <summary>Names of the samples: their folders, in order.</summary>
    public static IReadOnlyList<string> Names =>
        [.. Directory.GetFiles(Checkout.File("samples"), "Program.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Order()];

    [TestCaseSource(nameof(Names))]
    public void A_sample_prints_what_its_pages_say(string name)
    {
        if (name == "LightGbmClassifier" && RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
        {
            Assert.Ignore("skipped: LightGBM has no native library for this processor");
        }

        string printed = Run(name);
        string[] pages =
            [.. DocPage.Guides.Where(page => page.OfKind("output").Any(fence => fence.Name == name)).Select(page => page.Path)];
        Assert.That(pages, Is.Not.Empty, $"No page has <!-- output: {name} -->.");
        foreach (string page in pages)
        {
            Compare(page, name, printed);
        }
    }

    /// <summary>Compares a text with a page's output of that name, or writes it there.</summary>
    internal static void Compare(string page, string name, string printed)
    {
        if (DocPage.Accepts)
        {
            IEnumerable<string> lines = printed.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd());
            DocPage.Accept(page, "output", name, string.Join('\n', lines));
        }

        PrintedText.AssertAlike(printed, DocPage.Read(page).OfKind("output").Single(fence => fence.Name == name).Body);
    }

    private static string Run(string name)
    {
        // The tests lie in bin/CONFIGURATION/FRAMEWORK, and so does a sample.
        string framework = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string program = Checkout.File(
            "samples", name, "bin", Path.GetFileName(Path.GetDirectoryName(framework)!), Path.GetFileName(framework), name + ".dll");
        Assert.That(program, Does.Exist);
        using var folder = new ScratchFolder();
        using Process process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet", ["exec", program])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That((process.ExitCode, errors.Result), Is.EqualTo((0, "")), name);
        return printed;
    }
}
