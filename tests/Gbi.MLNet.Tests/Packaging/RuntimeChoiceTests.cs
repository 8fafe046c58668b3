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

    [Test]
    public void A_missing_folder_and_a_file_are_told_apart()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["file"], "no folder");
        Assert.Multiple(() =>
        {
            Assert.That(
                () => OnnxRuntimeLibrary.LoadFrom(folder["missing"]),
                Throws.TypeOf<DataException>().With.Message.StartsWith($"There is no folder {folder["missing"]}; name the folder"));
            Assert.That(
                () => OnnxRuntimeLibrary.LoadFrom(folder["file"]),
                Throws.TypeOf<DataException>().With.Message.StartsWith($"{folder["file"]} is a file; name the folder"));
        });
    }

    [TestCase("no library", "is not a library for Linux"), Platform("Linux")]
    [TestCase("other processor", "is a library for ")]
    [TestCase("half", "is incomplete: it has ")]
    [TestCase("another library", "is not ONNX Runtime; ")]
    public void A_library_that_is_no_ONNX_Runtime_for_this_system_is_refused(string what, string expected)
    {
        using var folder = new ScratchFolder();
        byte[] whole = File.ReadAllBytes(Path.Combine(
            AppContext.BaseDirectory, "runtimes", RuntimeId, "native", "libonnxruntime_providers_shared.so"));
        byte[] otherProcessor = [.. whole];
        otherProcessor[18] ^= 62 ^ 183; // e_machine: x64 becomes arm64, and arm64 x64
        byte[] file = what switch
        {
            "no library" => "no library"u8.ToArray(),
            "other processor" => otherProcessor,
            "half" => whole[..(whole.Length / 2)],
            _ => whole,
        };
        File.WriteAllBytes(folder["libonnxruntime.so"], file);
        Assert.That(
            () => OnnxRuntimeLibrary.LoadFrom(folder.Root),
            Throws.TypeOf<DataException>().With.Message.StartsWith($"{folder["libonnxruntime.so"]} {expected}"));
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
