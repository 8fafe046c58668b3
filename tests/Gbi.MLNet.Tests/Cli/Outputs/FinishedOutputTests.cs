using Gbi.Events.IO;
using Gbi.Scoring;
using Gbi.Tests.Cli.Verbs.Searches;

namespace Gbi.Tests.Cli.Outputs;

/// <summary>Outputs are known again by the content of what they were made with; those of other inputs or options are kept.</summary>
[TestFixture]
internal sealed class FinishedOutputTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void WriteInputs()
    {
        _folder = new ScratchFolder();
        Write("a.parquet", 1);
        ParquetEventWriter.Write(_folder["b.parquet"], TwoGaussians.Denominator(2000, 2));
        CliRun.Done(Train("ratio.zip"));
    }

    [TearDown]
    public void RemoveFiles() => _folder.Dispose();

    [Test]
    public void Events_of_the_same_name_and_number_but_other_content_are_others()
    {
        CliRun.Done(Score("scored.parquet"));
        byte[] stale = File.ReadAllBytes(_folder["scored.parquet"]);
        long length = new FileInfo(_folder["a.parquet"]).Length;
        Write("a.parquet", 3);

        CliRun refused = CliRun.Of([.. Score("scored.parquet"), "--resume"]);
        Assert.That((refused.Code, File.ReadAllBytes(_folder["scored.parquet"])), Is.EqualTo((2, stale)));
        Assert.That(refused.Error, Does.Contain("was made with other models, columns or events").And.Contain("--force"));
        Assert.That(new FileInfo(_folder["a.parquet"]).Length, Is.EqualTo(length).Within(2000));

        CliRun.Done([.. Score("scored.parquet"), "--force"]);
        Assert.That(File.ReadAllBytes(_folder["scored.parquet"]), Is.Not.EqualTo(stale));
        Assert.That(CliRun.Done(Score("scored.parquet")).Output, Does.Contain("finished before"));
    }

    [Test]
    public void A_copy_of_the_events_and_a_model_that_was_trained_again_are_the_same()
    {
        CliRun.Done(Score("scored.parquet"));
        File.Move(_folder["a.parquet"], _folder["moved.parquet"]);
        File.Copy(_folder["moved.parquet"], _folder["a.parquet"]);
        File.Delete(_folder["ratio.zip"]);
        CliRun.Done(Train("ratio.zip"));

        Assert.That(CliRun.Done(Score("scored.parquet")).Output, Does.Contain("finished before"));
    }

    [Test]
    public void A_trained_model_is_known_again_and_one_with_other_options_or_inputs_is_refused_before_the_work()
    {
        byte[] model = File.ReadAllBytes(_folder["ratio.zip"]);
        CliRun again = CliRun.Done(Train("ratio.zip"));
        CliRun options = CliRun.Of([.. Train("ratio.zip"), "--seed", "2"]);
        Write("a.parquet", 3);
        CliRun inputs = CliRun.Of(Train("ratio.zip"));

        Assert.That(
            again.Output,
            Is.EqualTo($"{_folder["ratio.zip"]}: finished before by the same command; nothing was done.\n"));
        foreach (CliRun run in (CliRun[])[options, inputs])
        {
            Assert.That(
                (run.Code, run.Error),
                Is.EqualTo((2, $"{_folder["ratio.zip"]} exists already; choose another --out, or allow replacing it with --force.\n")));
        }

        Assert.That(File.ReadAllBytes(_folder["ratio.zip"]), Is.EqualTo(model));
    }

    [Test]
    public void The_mark_of_a_file_is_no_part_of_its_content()
    {
        CliRun.Done("export", _folder["ratio.zip"], "--out", _folder["ratio.onnx"], "--no-check");
        byte[] marked = File.ReadAllBytes(_folder["ratio.onnx"]);
        ReadOnlySpan<byte> plain = Gbi.Events.IO.Outputs.OutputMark.WithoutMark(marked);
        Assert.That(plain.Length, Is.EqualTo(marked.Length - 83));
        string? hash = FileContent.HashOf(_folder["ratio.onnx"]);
        File.WriteAllBytes(_folder["plain.onnx"], plain.ToArray());

        Assert.That(FileContent.HashOf(_folder["plain.onnx"]), Is.EqualTo(hash));
        Assert.That(
            CliRun.Done("score", _folder["a.parquet"], "--model", _folder["ratio.onnx"], "--out", _folder["s.parquet"]).Output,
            Does.Contain("Scored 2,000 events"));
    }

    [Test]
    public void An_archive_is_its_entries_and_a_document_the_files_that_it_names()
    {
        using (System.IO.Compression.ZipArchive archive = System.IO.Compression.ZipFile.Open(
            _folder["ratio.zip"], System.IO.Compression.ZipArchiveMode.Update))
        {
            archive.Comment = "another one";
        }

        File.WriteAllText(_folder["model.json"], """{ "events": "a.parquet", "other": 3 }""");
        string? zip = FileContent.HashOf(_folder["ratio.zip"]), json = FileContent.HashOf(_folder["model.json"]);
        File.Delete(_folder["ratio.zip"]);
        CliRun.Done(Train("ratio.zip"));
        Write("a.parquet", 4);

        Assert.That(FileContent.HashOf(_folder["ratio.zip"]), Is.EqualTo(zip));
        Assert.That(FileContent.HashOf(_folder["model.json"]), Is.Not.EqualTo(json));
    }

    [Test]
    public void An_input_that_grows_while_it_is_scored_is_noticed_and_nothing_is_written()
    {
        using var model = ScoringModel.Load(_folder["ratio.zip"]);
        var job = new FileScoring([model]);
        var grows = new Reaction(() => File.AppendAllText(_folder["a.parquet"], "more"));

        Gbi.Events.DataException failure = Assert.Throws<Gbi.Events.DataException>(
            () => job.Run([new ScoringTask(_folder["a.parquet"], _folder["scored.parquet"])], grows))!;
        Assert.That(failure.Message, Does.Contain("a.parquet was replaced or changed while it was read"));
        Assert.That(_folder.Names, Has.None.Contains("scored"));
    }

    [Test]
    public void A_folder_is_known_by_its_parts()
    {
        using var example = new SearchExample();
        string[] search = example.Search("found");
        CliRun.Done(search);
        string finished = CliRun.Done([.. search, "--json"]).Output;
        Assert.That(finished.TrimEnd(), Is.EqualTo(File.ReadAllText(example["found/result.json"]).TrimEnd()));
        Assert.That(CliRun.Done(search).Output, Does.Contain("finished before"));

        File.AppendAllText(example["found/report.html"], "changed");
        Assert.That(CliRun.Of(search).Code, Is.EqualTo(2));
    }

    private void Write(string name, ulong seed)
    {
        File.Delete(_folder[name]);
        ParquetEventWriter.Write(_folder[name], TwoGaussians.Numerator(2000, seed));
    }

    private string[] Train(string name) =>
    [
        "train", "ratio", "--numerator", _folder["a.parquet"], "--denominator", _folder["b.parquet"], "--features", "x,noise", "--trees",
        "10", "--members", "1", "--folds", "2", "--out", _folder[name],
    ];

    private string[] Score(string name) => ["score", _folder["a.parquet"], "--model", _folder["ratio.zip"], "--out", _folder[name]];

    private sealed class Reaction(Action react) : IProgress<ScoringProgress>
    {
        public void Report(ScoringProgress value) => react();
    }
}
