using Gbi.Events;
using Gbi.Onnx.Sessions;

namespace Gbi.Tests.Packaging;

/// <summary>Which native library of ONNX Runtime the tool runs on.</summary>
[TestFixture]
internal sealed class RuntimeChoiceTests
{
    private static readonly Dictionary<string, string?> Plain = [];

    [Test]
    public void The_version_names_ONNX_Runtime_and_MLNet()
    {
        ToolProcess run = ToolProcess.Gbi(Plain, "--version");
        Assert.That(run.Code, Is.Zero, run.Error);
        const string Number = @"\d+\.\d+\.\d+\S*";
        Assert.That(run.Output, Does.Match($@"^gbi {Number}\r?\nML\.NET {Number}, ONNX Runtime {Number}, \.NET {Number}\s*$"));
    }

    [Test]
    public void A_folder_without_the_library_is_refused_by_its_name()
    {
        using var folder = new ScratchFolder();
        Assert.That(
            () => OnnxRuntimeLibrary.LoadFrom(folder.Root),
            Throws.TypeOf<DataException>().With.Message.StartsWith("There is no ").And.Message.Contains(folder.Root));
        var environment = new Dictionary<string, string?> { [OnnxRuntimeLibrary.FolderVariable] = folder.Root };
        Assert.That(
            ToolProcess.Gbi(environment, "--version").Output,
            Does.Contain("ONNX Runtime not found (There is no ").And.Contain(folder.Root));
    }

    [Test, Platform("Linux")]
    public void A_library_that_is_no_ONNX_Runtime_is_refused()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["libonnxruntime.so"], "no library");
        Assert.That(
            () => OnnxRuntimeLibrary.LoadFrom(folder.Root),
            Throws.TypeOf<DataException>().With.Message.Contains("cannot be loaded"));
    }

    [Test, Platform("Linux")]
    public void The_library_of_the_named_folder_is_the_one_that_runs()
    {
        using var folder = new ScratchFolder();
        string own = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeId, "native", "libonnxruntime.so");
        File.Copy(own, folder["libonnxruntime.so"]);
        File.WriteAllBytes(folder["net.onnx"], Onnx.NetworkFile.Linear("x", [[2]], [0]).ToBytes());
        File.WriteAllText(folder["events.csv"], "x,log_ratio\n1,2\n");

        // The copy has no CUDA provider beside it, the library of the build has.
        ToolProcess run = ToolProcess.Gbi(
            Plain, "parity", folder["net.onnx"], folder["events.csv"], "--onnxruntime", folder.Root, "--device", "cuda");
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain(
            RuntimeId.EndsWith("x64", StringComparison.Ordinal) ? "the library libonnxruntime_providers_cuda.so is missing" : "CUDA"));
    }

    private static string RuntimeId => System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;
}
