using System.IO.Compression;
using Gbi.Events.IO;
using Gbi.Tests.Cli.Verbs.Posteriors;
using Gbi.Tests.Likelihoods.HistFactory;
using Gbi.Tests.Onnx.Adoption;
using Gbi.Tests.Peaks;

namespace Gbi.Tests.Cli.Outputs;

/// <summary>
/// Every verb that writes gives the same bytes of every file on one thread and on two: no clock, no order of threads and no path is in
/// them.
/// Searches have the same test beside their others.
/// </summary>
[TestFixture]
internal sealed class SameBytesTests
{
    // What a zip archive says where no time is set.
    private const int FirstYearOfZip = 1980;

    private readonly PosteriorExample _files = new();

    [OneTimeSetUp]
    public void WriteInputs()
    {
        ParquetEventWriter.Write(_files["a.parquet"], TwoGaussians.Numerator(3000, 1));
        ParquetEventWriter.Write(_files["b.parquet"], TwoGaussians.Denominator(3000, 2));
        ParquetEventWriter.Write(_files["peak.parquet"], PeakSample.Draw(600, 5000, seed: 1));
        File.WriteAllText(_files["workspace.json"], SmallWorkspace.Counting(10, 50, 55));
        File.WriteAllBytes(_files["net.onnx"], Exporters.LogisticRegression(["background", "signal"]).ToBytes());
        CliRun.Done(Words("simulate dijet --events 3000 --out @dijet.parquet"));
        _files.Simulations("pairs.parquet", 600, 1);
        CliRun.Done(Words("train ratio --numerator @a.parquet --denominator @b.parquet --features x,noise --trees 20 --out @ratio.zip"));
        CliRun.Done(Words("infer --prior @prior.json --members 1 --simulations @pairs.parquet --out @posterior.zip"));
        CliRun.Done(Words("toys @workspace.json --mu 1 --toys 40 --shard 1/2 --out @one.json"));
        CliRun.Done(Words("toys @workspace.json --mu 1 --toys 40 --shard 2/2 --out @two.json"));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _files.Dispose();

    private static readonly string[] Commands =
    [
        "simulate dijet --events 3000 --signal-fraction 0.1 --out @out.parquet",
        "pair @dijet.parquet --first mjj,mj1,delta_mj --second tau21_j1,tau21_j2,label --out @out.parquet",
        "convert @a.parquet --out @out.csv",
        "convert @a.parquet --out @out.csv.gz",
        "convert @several.csv --out @out.parquet",
        "train ratio --numerator @a.parquet --denominator @b.parquet --features x,noise --trees 20 --out @out.zip",
        "train ratio --numerator @a.parquet --denominator @b.parquet --features x,noise --trees 20 --classifier fasttree --folds 2 "
            + "--members 1 --out @out.zip",
        "train systematic @a.parquet --varied nu=1:@b.parquet --monomials nu --features x,noise --trees 20 --out @out.zip",
        "score @a.parquet --model @ratio.zip --out @out.parquet",
        "score @a.parquet @b.parquet --model @ratio.zip --out @out",
        "score @pairs.parquet --model @posterior.zip --draws 20 --out @out.parquet",
        "export @ratio.zip --out @out.onnx",
        "export @posterior.zip --out @out.onnx",
        "adopt @net.onnx --features x,noise --output 1[signal] --kind probability --out @out.onnx",
        "adopt @net.onnx --features x,noise --output 1[signal] --kind probability --numerator @a.parquet --denominator @b.parquet "
            + "--out @out.zip",
        "infer --prior @prior.json --members 1 --simulations @pairs.parquet --observed @observed.csv --out @out.zip "
            + "--report @out.html",
        "posterior @posterior.zip @several.csv --draws 100 --out @out.parquet --report @out.html",
        "calibrate @posterior.zip @pairs.parquet --draws 50 --report @out.html",
        "toys @workspace.json --mu 1 --toys 40 --out @out.json",
        "merge @one.json @two.json --out @out.json",
        "peak @peak.parquet --mass mass --signal-region 4.1:5.9 --spectrum-parameters 2 --toys 2 --out @out",
    ];

    [TestCaseSource(nameof(Commands))]
    public void A_verb_writes_the_same_bytes_on_one_thread_and_on_two(string command)
    {
        (string Name, byte[] Bytes)[] one = Written(command, "1");
        Delete();
        (string Name, byte[] Bytes)[] two = Written(command, "2");
        Delete();

        Assert.That(one, Is.Not.Empty);
        Assert.That(two.Select(file => file.Name), Is.EqualTo(one.Select(file => file.Name)));
        foreach ((string name, byte[] bytes) in one)
        {
            Assert.That(two.Single(file => file.Name == name).Bytes, Is.EqualTo(bytes), name);
            RequireNoTime(name, bytes);
        }
    }

    [TestCaseSource(nameof(Commands))]
    public void The_same_command_again_is_a_success_of_one_line_and_writes_nothing(string command)
    {
        (string Name, byte[] Bytes)[] one = Written(command, "1");
        DateTime before = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach ((string name, _) in one)
        {
            File.SetLastWriteTimeUtc(name, before);
        }

        CliRun again = CliRun.Of([.. Words(command), "--threads", "2"]);
        bool[] areOld = [.. one.Select(file => File.GetLastWriteTimeUtc(file.Name) == before)];
        Delete();
        Assert.That(again.Code, Is.EqualTo(0).Or.EqualTo(3), again.Error);
        bool isCompared = command.Contains("convert", StringComparison.Ordinal) || command.Contains("merge", StringComparison.Ordinal);
        Assert.That((again.Output + again.Error).Split('\n'), isCompared ? Is.Not.Empty : Has.Length.EqualTo(2));
        Assert.That(areOld, Has.All.True);
    }

    private (string Name, byte[] Bytes)[] Written(string command, string threads)
    {
        CliRun run = CliRun.Of([.. Words(command), "--threads", threads]);
        Assert.That(run.Code, Is.EqualTo(0).Or.EqualTo(3), run.Error);
        string[] files = [.. Outputs().SelectMany(path => Directory.Exists(path) ? Directory.GetFiles(path) : [path]).Order()];
        return [.. files.Select(path => (path, File.ReadAllBytes(path)))];
    }

    private string[] Outputs() => Directory.GetFileSystemEntries(Path.GetDirectoryName(_files["out"])!, "out*");

    private void Delete()
    {
        foreach (string path in Outputs())
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    // Two archives of the same two seconds would be equal with a time in them.
    private static void RequireNoTime(string name, byte[] bytes)
    {
        if (Path.GetExtension(name) == ".zip")
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            Assert.That(archive.Entries.Select(entry => entry.LastWriteTime.Year), Has.All.EqualTo(FirstYearOfZip), name);
        }
    }

    private string[] Words(string command) =>
        [.. command.Replace("@", _files["."][..^1], StringComparison.Ordinal).Split(' ')];
}
