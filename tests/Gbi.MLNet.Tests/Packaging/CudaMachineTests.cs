using Gbi.Tests.Onnx;

namespace Gbi.Tests.Packaging;

/// <summary>`gbi score` on machines without CUDA, with an older one, and with the one that ONNX Runtime asks for but no GPU.</summary>
[TestFixture]
internal sealed class CudaMachineTests
{
    private CudaStubs _stubs = null!;
    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _stubs = CudaStubs.Compile();
        _folder = new ScratchFolder();
        File.WriteAllBytes(_folder["net.onnx"], NetworkFile.Linear("x", [[2]], [0]).ToBytes());
        File.WriteAllText(_folder["events.csv"], "x\n1\n2\n3\n");
        Assert.That(Gbi(_stubs.None, "convert", _folder["events.csv"], "--out", _folder["events.parquet"]).Code, Is.Zero);
    }

    [OneTimeTearDown]
    public void TearDown()
    {
        _folder?.Dispose();
        _stubs?.Dispose();
    }

    [Test]
    public void Without_CUDA_the_first_library_that_the_loader_misses_is_named() =>
        Missed(_stubs.None, $"the library {_stubs.Needed[0]} is missing");

    [Test]
    public void With_an_older_CUDA_the_library_of_the_newer_one_is_named()
    {
        string first = _stubs.Needed.First(library => !File.Exists(Path.Combine(_stubs.Older, library)));
        Missed(_stubs.Older, $"the library {first} is missing");
    }

    [Test]
    public void With_the_right_CUDA_the_provider_is_opened_and_the_GPU_is_what_is_missing() =>
        Missed(_stubs.Complete, $"CUDA reports '{CudaStubs.DeviceError}'");

    private void Missed(string libraries, string reason)
    {
        ToolProcess automatic = Score(libraries, "auto");
        ToolProcess required = Score(libraries, "cuda");
        Assert.Multiple(() =>
        {
            Assert.That((automatic.Code, automatic.Error), Is.EqualTo((0, "")));
            // Lines are wrapped at the width of the output.
            Assert.That(automatic.Output.Replace("\n", "", StringComparison.Ordinal), Does.Contain($" on CPU (no GPU: {reason});"));
            Assert.That((required.Code, required.Output), Is.EqualTo((1, "")));
            Assert.That(required.Error, Does.StartWith($"The network cannot run with CUDA: {reason}; ").And.Contain("--device cpu"));
            Assert.That(required.Error.TrimEnd(), Does.Not.Contain('\n'));
        });
    }

    private ToolProcess Score(string libraries, string device) => Gbi(
        libraries, "score", _folder["events.parquet"], "--model", _folder["net.onnx"], "--out", _folder["scored.parquet"],
        "--force",
        "--device", device);

    private static ToolProcess Gbi(string libraries, params string[] args) =>
        ToolProcess.Gbi(new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = libraries }, args);
}
