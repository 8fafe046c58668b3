using System.Diagnostics;
using System.Runtime.Versioning;
using Gbi.Events;
using Gbi.Events.IO.Outputs;

namespace Gbi.Tests.Events.IO.Outputs;

/// <summary>What is replaced, what is written to, and what is left alone.</summary>
[TestFixture]
internal sealed class PendingOutputTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void What_a_link_leads_to_is_replaced_and_the_link_stays([Values] bool isThere)
    {
        Directory.CreateDirectory(_folder["there"]);
        File.CreateSymbolicLink(_folder["first"], _folder["second"]);
        File.CreateSymbolicLink(_folder["second"], "there/file.txt");
        if (isThere)
        {
            File.WriteAllText(_folder["there/file.txt"], "old");
        }

        Write(_folder["first"], "new", true);
        Assert.That(File.ReadAllText(_folder["there/file.txt"]), Is.EqualTo("new"));
        Assert.That(new FileInfo(_folder["second"]).LinkTarget, Is.EqualTo("there/file.txt"));
        Assert.That(Directory.GetFiles(_folder["there"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_link_that_leads_to_itself_is_refused()
    {
        File.CreateSymbolicLink(_folder["a"], _folder["b"]);
        File.CreateSymbolicLink(_folder["b"], _folder["a"]);
        Refused(_folder["a"], "is a link that leads back to itself");
    }

    [Test]
    public void Folders_and_names_that_are_too_long_are_refused()
    {
        Refused(_folder.Root, "is a folder; give the name of a file");
        Refused(_folder[new string('x', 256)], "has more than 255 bytes");
        Assert.That(
            Assert.Throws<DataException>(() => new PendingFolder("-", true).Dispose())!.Message,
            Does.Contain("standard output, which holds no"));
    }

    [Test, Platform("Linux")]
    public void A_device_is_never_replaced() => Refused("/dev/null", "is a device, which is never replaced");

    [Test, Platform("Linux")]
    public void A_pipe_is_written_to_and_stays()
    {
        using (Process made = Process.Start("mkfifo", _folder["pipe"]))
        {
            made.WaitForExit();
        }

        Task<string> read = Task.Run(() => File.ReadAllText(_folder["pipe"]));
        Write(_folder["pipe"], "through", false);
        Assert.That(read.Result, Is.EqualTo("through"));
        Assert.That(FileStatus.Of(_folder["pipe"]).Kind, Is.EqualTo(FileKind.Pipe));
        Assert.That(_folder.Names, Is.EqualTo(["pipe"]));
    }

    [Test, Platform("Linux,MacOsX"), UnsupportedOSPlatform("windows")]
    public void A_file_that_is_replaced_keeps_who_may_read_it()
    {
        File.WriteAllText(_folder["file"], "old");
        File.SetUnixFileMode(_folder["file"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(_folder["file"], "new", true);
        Assert.That(File.GetUnixFileMode(_folder["file"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void What_dead_processes_of_this_host_left_is_swept_and_nothing_else()
    {
        string own = TemporaryName.For(_folder["file"]);
        string dead = own.Replace($"~{Environment.ProcessId}~", "~4194305~", StringComparison.Ordinal);
        string elsewhere = dead.Replace(".file~", ".file~elsewhere-", StringComparison.Ordinal);
        string another = dead.Replace(".file~", ".file2~", StringComparison.Ordinal);
        foreach (string path in (string[])[own, dead, elsewhere, another])
        {
            File.WriteAllText(path, "half");
        }

        Write(_folder["file"], "whole", false);
        Assert.That(
            Directory.GetFiles(_folder.Root).Order(), Is.EqualTo(((string[])[own, elsewhere, another, _folder["file"]]).Order()));
    }

    [Test]
    public void The_same_bytes_stand_where_outputs_are_compared_and_others_are_refused()
    {
        File.WriteAllText(_folder["file"], "same");
        DateTime before = File.GetLastWriteTimeUtc(_folder["file"]);
        var terms = new OutputTerms(false) { AcceptsSame = true };
        Write(_folder["file"], "same", terms);
        Assert.That(File.GetLastWriteTimeUtc(_folder["file"]), Is.EqualTo(before));
        Assert.That(
            Assert.Throws<DataException>(() => Write(_folder["file"], "else", terms))!.Message, Does.Contain("exists already"));
        Assert.That((File.ReadAllText(_folder["file"]), _folder.Names.Length), Is.EqualTo(("same", 1)));
    }

    [Test]
    public void A_folder_is_swapped_whole_and_what_is_not_its_own_stays()
    {
        Fill("results", ("a.txt", "one"), ("b.txt", "one"));
        File.WriteAllText(_folder["results/notes.txt"], "mine");
        Directory.CreateDirectory(_folder["results/sub"]);
        File.WriteAllText(_folder["results/sub/deep.txt"], "mine");

        Fill("results", ("a.txt", "two"));
        Assert.That(
            Directory.GetFileSystemEntries(_folder["results"]).Select(Path.GetFileName).Order(),
            Is.EqualTo(["a.txt", "manifest.json", "notes.txt", "sub"]));
        Assert.That(File.ReadAllText(_folder["results/a.txt"]), Is.EqualTo("two"));
        Assert.That(File.ReadAllText(_folder["results/sub/deep.txt"]), Is.EqualTo("mine"));
        Assert.That(_folder.Names, Is.EqualTo(["results"]));
        Assert.That(FolderManifest.Read(_folder["results"])!.Parts.Keys, Is.EqualTo(["a.txt"]));
    }

    [Test]
    public void After_a_kill_in_the_middle_of_a_swap_the_files_of_others_are_brought_back()
    {
        Fill("results", ("a.txt", "new"));
        string left = TemporaryName.For(_folder["results"]).Replace($"~{Environment.ProcessId}~", "~4194305~", StringComparison.Ordinal);
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "a.txt"), "old");
        File.WriteAllText(Path.Combine(left, "notes.txt"), "mine");
        FolderManifest.OfNames(["a.txt"]).Write(left);

        Fill("results", ("a.txt", "newer"));
        Assert.That(File.ReadAllText(_folder["results/notes.txt"]), Is.EqualTo("mine"));
        Assert.That(File.ReadAllText(_folder["results/a.txt"]), Is.EqualTo("newer"));
        Assert.That(_folder.Names, Is.EqualTo(["results"]));
    }

    [Test]
    public void A_manifest_of_somebody_else_is_not_replaced()
    {
        Directory.CreateDirectory(_folder["results"]);
        File.WriteAllText(_folder["results/manifest.json"], """{ "name": "app" }""");
        Assert.That(
            Assert.Throws<DataException>(() => Fill("results", ("a.txt", "x")))!.Message,
            Does.Contain("is none of gbi and would be replaced"));
        Assert.That(File.ReadAllText(_folder["results/manifest.json"]), Does.Contain("app"));
    }

    [TestCase("replaced"), TestCase("grown"), TestCase("rewritten")]
    public void A_file_that_changes_is_noticed(string how)
    {
        string path = _folder["in"];
        File.WriteAllText(path, "0123");
        var before = FileStatus.Of(path);
        before.RequireUnchanged(path);
        switch (how)
        {
            // Elsewhere the number of a file is not known.
            case "replaced" when OperatingSystem.IsLinux():
                File.WriteAllText(_folder["other"], "4567");
                File.SetLastWriteTimeUtc(_folder["other"], File.GetLastWriteTimeUtc(path));
                File.Move(_folder["other"], path, overwrite: true);
                break;
            case "grown":
                File.AppendAllText(path, "4");
                break;
            default:
                File.WriteAllText(path, "4567");
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(1));
                break;
        }

        Assert.That(
            Assert.Throws<DataException>(() => before.RequireUnchanged(path))!.Message,
            Does.Contain("was replaced or changed while it was"));
    }

    [Test]
    public void Too_little_space_is_told_with_both_numbers()
    {
        OutputSpace.Require(_folder["x"], 1);
        Assert.That(
            Assert.Throws<DataException>(() => OutputSpace.Require(_folder["x"], long.MaxValue))!.Message,
            Does.Match(@"needs about 9,223,372,036,855 MB, but its disk has [\d,]+ MB left"));
    }

    private static void Refused(string path, string sentence) =>
        Assert.That(Assert.Throws<DataException>(() => Write(path, "x", true))!.Message, Does.Contain(sentence));

    private static void Write(string path, string text, OutputTerms terms)
    {
        using var file = new PendingFile(path, terms);
        file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Complete();
    }

    private void Fill(string name, params (string Name, string Text)[] files)
    {
        using var folder = new PendingFolder(_folder[name], true);
        foreach ((string file, string text) in files)
        {
            File.WriteAllText(folder.File(file), text);
        }

        folder.Complete();
    }
}
