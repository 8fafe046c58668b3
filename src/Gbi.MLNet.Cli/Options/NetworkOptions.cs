using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Onnx.Sessions;

namespace Gbi.Cli.Options;

/// <summary>Options of how networks in ONNX files are run; models by trees take no notice of them.</summary>
internal sealed class NetworkOptions
{
    private readonly Option<string> _device = OptionOf.Choice(
        "--device", "Where networks run; auto takes a GPU if there is one.", "auto", "auto", "cpu", "cuda");

    private readonly Option<int?> _blockSize = OptionOf.Number(
        "--block-size", "N", "Events that a network takes at a time.", least: 1,
        $"{OnnxOptions.GpuBlockSize} on a GPU, {OnnxOptions.CpuBlockSize} on the CPU");

    private readonly Option<string> _runtime = OptionOf.Text(
        "--onnxruntime",
        "DIR",
        "Folder of ONNX Runtime's native library, such as a build with CUDA "
        + $"(default: {OnnxRuntimeLibrary.FolderVariable} where it is set, else the one of gbi).");

    public Option[] All => [_device, _blockSize, _runtime];

    public OnnxOptions Of(ParseResult parsed)
    {
        if (parsed.GetValue(_runtime) is { } folder)
        {
            OnnxRuntimeLibrary.LoadFrom(folder);
        }

        return new OnnxOptions
        {
            Device = parsed.GetValue(_device) switch { "cpu" => OnnxDevice.Cpu, "cuda" => OnnxDevice.Cuda, _ => OnnxDevice.Auto },
            BlockSize = parsed.GetValue(_blockSize),
        };
    }

    /// <summary>Where a network runs, for people.</summary>
    public static string Meaning(string provider, string? reason) => reason is null ? provider : $"{provider} (no GPU: {reason})";
}
