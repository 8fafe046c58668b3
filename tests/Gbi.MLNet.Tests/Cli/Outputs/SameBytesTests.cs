using System.IO.Compression;
using Gbi.Events.IO;
using Gbi.Tests.Cli.Verbs.Posteriors;
using Gbi.Tests.Likelihoods.HistFactory;
using Gbi.Tests.Onnx.Adoption;
using Gbi.Tests.Peaks;

namespace Gbi.Tests.Cli.Outputs;

/// <summary>
/// Every verb that writes gives the same bytes of every file on one thread and on two: no clock, no order of threads and no path is in them.
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

    [TestCase("simulate dijet --events 3000 --signal-fraction 0.1 --out @out.parquet")]
    [TestCase("pair @dijet.parquet --first mjj,mj1,delta_mj --second tau21_j1,tau21_j2,label --out @out.parquet")]
    [TestCase("convert @a.parquet --out @out.csv")]
    [TestCase("convert @a.parquet --out @out.csv.gz")]
    [TestCase("convert @several.csv --out @out.parquet")]
    [TestCase("train ratio --numerator @a.parquet --denominator @b.parquet --features x,noise --trees 20 --out @out.zip")]
    [TestCase("train ratio --numerator @a.parquet --denominator @b.parquet --features x,noise --trees 20 --classifier fasttree --folds 2 "
        + "--members 1 --out @out.zip")]
    [TestCase("train systematic @a.parquet --varied nu=1:@b.parquet --monomials nu --features x,noise --trees 20 --out @out.zip")]
    [TestCase("score @a.parquet --model @ratio.zip --out @out.parquet")]
    [TestCase("score @a.parquet @b.parquet --model @ratio.zip --out @out")]
    [TestCase("score @pairs.parquet --model @posterior.zip --draws 20 --out @out.parquet")]
    [TestCase("export @ratio.zip --out @out.onnx")]
    [TestCase("export @posterior.zip --out @out.onnx")]
    [TestCase("adopt @net.onnx --features x,noise --output 1[signal] --kind probability --out @out.onnx")]
    [TestCase("adopt @net.onnx --features x,noise --output 1[signal] --kind probability --numerator @a.parquet --denominator @b.parquet "
        + "--out @out.zip")]
    [TestCase("infer --prior @prior.json --members 1 --simulations @pairs.parquet --observed @observed.csv --out @out.zip "
        + "--report @out.html")]
    [TestCase("posterior @posterior.zip @several.csv --draws 100 --out @out.parquet --report @out.html")]
    [TestCase("calibrate @posterior.zip @pairs.parquet --draws 50 --report @out.html")]
    [TestCase("toys @workspace.json --mu 1 --toys 40 --out @out.json")]
    [TestCase("merge @one.json @two.json --out @out.json")]
    [TestCase("peak @peak.parquet --mass mass --signal-region 4.1:5.9 --spectrum-parameters 2 --toys 2 --out @out")]
    public void A_verb_writes_the_same_bytes_on_one_thread_and_on_two(string command)
    {
        (string Name, byte[] Bytes)[] one = Written(command, "1");
        (string Name, byte[] Bytes)[] two = Written(command, "2");

        Assert.That(one, Is.Not.Empty);
        Assert.That(two.Select(file => file.Name), Is.EqualTo(one.Select(file => file.Name)));
        foreach ((string name, byte[] bytes) in one)
        {
            Assert.That(two.Single(file => file.Name == name).Bytes, Is.EqualTo(bytes), name);
            RequireNoTime(name, bytes);
        }
    }

    private (string Name, byte[] Bytes)[] Written(string command, string threads)
    {
        CliRun run = CliRun.Of([.. Words(command), "--threads", threads]);
        Assert.That(run.Code, Is.EqualTo(0).Or.EqualTo(3), run.Error);
        string[] outputs = [.. Directory.GetFileSystemEntries(Path.GetDirectoryName(_files["out"])!, "out*")];
        string[] files = [.. outputs.SelectMany(path => Directory.Exists(path) ? Directory.GetFiles(path) : [path]).Order()];
        (string, byte[])[] written = [.. files.Select(path => (path, File.ReadAllBytes(path)))];
        foreach (string path in outputs)
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

        return written;
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
