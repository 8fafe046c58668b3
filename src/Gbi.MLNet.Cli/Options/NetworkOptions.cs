using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Onnx.Sessions;

namespace Gbi.Cli.Options;

/// <summary>Options of how networks in ONNX files are run; without a network, those that ask for a GPU or a library are refused.</summary>
internal sealed class NetworkOptions
{
    private const string Cuda = "cuda";

    private readonly Option<string> _device = OptionOf.Choice(
        "--device", "Where networks run; auto takes a GPU if there is one.", "auto", "auto", "cpu", Cuda);

    private readonly Option<int?> _blockSize = OptionOf.Number(
        "--block-size", "N", "Events that a network takes at a time.", least: 1,
        $"{OnnxOptions.GpuBlockSize} on a GPU, {OnnxOptions.CpuBlockSize} on the CPU");

    private readonly Option<string> _runtime = OptionOf.Text(
        "--onnxruntime",
        "DIR",
        "Folder of ONNX Runtime's native library, such as a build with CUDA "
        + $"(default: {OnnxRuntimeLibrary.FolderVariable} where it is set, else the one of gbi).");

    public Option[] All => [_device, _blockSize, _runtime];

    public OnnxOptions Of(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_runtime) is { } folder)
        {
            OnnxRuntimeLibrary.LoadFrom(folder);
        }

        return new OnnxOptions
        {
            Device = parsed.GetValue(_device) switch { "cpu" => OnnxDevice.Cpu, Cuda => OnnxDevice.Cuda, _ => OnnxDevice.Auto },
            BlockSize = parsed.GetValue(_blockSize),
            Cancellation = cancellation,
        };
    }

    /// <summary>Refuses what a command without a network cannot follow.</summary>
    public void RequireUnused(ParseResult parsed)
    {
        string? lost = parsed.GetValue(_device) == Cuda ? $"{_device.Name} {Cuda}"
            : parsed.GetValue(_runtime) is not null ? _runtime.Name
            : null;
        if (lost is not null)
        {
            throw new UsageException($"{lost} needs a network (.onnx), and nothing else runs on ONNX Runtime; leave it out.");
        }
    }

    /// <summary>Where a network runs, for people.</summary>
    public static string Meaning(string provider, string? reason) => reason is null ? provider : $"{provider} (no GPU: {reason})";
}
