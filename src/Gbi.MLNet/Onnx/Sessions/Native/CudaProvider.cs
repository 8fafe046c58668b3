using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Sessions.Native;

/// <summary>The CUDA provider of ONNX Runtime. It is tried first; only where that failed, the runtime is asked why.</summary>
internal static partial class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";
    private const string NotLoaded = "Failed to load";
    private static readonly string Library = OperatingSystem.IsWindows()
        ? "onnxruntime_providers_cuda.dll"
        : "libonnxruntime_providers_cuda.so";
    private static readonly Lock Gate = new();

    /// <summary>Appends CUDA to the options of a session.</summary>
    /// <exception cref="OnnxRuntimeException">The runtime is built without CUDA, or a library of CUDA is missing.</exception>
    public static void Append(SessionOptions settings, OnnxOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        var values = new Dictionary<string, string>
        {
            ["device_id"] = Text(options.DeviceId),
            ["arena_extend_strategy"] = options.Arena == OnnxArena.AsRequested ? "kSameAsRequested" : "kNextPowerOfTwo",
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["use_tf32"] = options.AllowTf32 ? "1" : "0",
        };
        if (options.GpuMemoryLimit is { } limit)
        {
            values["gpu_mem_limit"] = Text(limit);
        }

        cuda.UpdateOptions(values);
        settings.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>Runs an attempt that may fail without the runtime printing its error: the exception says the same.</summary>
    public static T Quietly<T>(Func<T> attempt)
    {
        lock (Gate)
        {
            OrtEnv environment = OrtEnv.Instance();
            OrtLoggingLevel level = environment.EnvLogLevel;
            environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
            try
            {
                return attempt();
            }
            finally
            {
                environment.EnvLogLevel = level;
            }
        }
    }

    /// <summary>Why an attempt to use CUDA failed.</summary>
    public static CudaFailure Explain(OnnxRuntimeException cause) =>
        OrtEnv.Instance().GetAvailableProviders().Contains(Name) ? Explain(LoaderMessage(cause)) : CudaFailure.NotBuiltIn;

    /// <summary>The reason and the remedy that a message of the runtime stands for.</summary>
    public static CudaFailure Explain(string message)
    {
        if (MissingLibrary().Match(message) is { Success: true } missing)
        {
            string library = missing.Groups["library"].Value;
            return new CudaFailure($"the library {library} is missing", RemedyFor(library));
        }

        return DeviceError().Match(message) is { Success: true } device
            ? new CudaFailure($"CUDA reports '{device.Groups["error"].Value}'", "check the GPU and its driver with nvidia-smi")
            : new CudaFailure(OneLine(message), "check the GPU, its driver and the CUDA libraries");
    }

    // Appending the provider hides the loader's message ("Failed to load shared library"); registering its library by name does not.
    private static string LoaderMessage(OnnxRuntimeException cause)
    {
        if (!cause.Message.Contains(NotLoaded, StringComparison.Ordinal))
        {
            return cause.Message;
        }

        try
        {
            return Quietly(() =>
            {
                OrtEnv.Instance().RegisterExecutionProviderLibrary(nameof(CudaProvider), Library);
                OrtEnv.Instance().UnregisterExecutionProviderLibrary(nameof(CudaProvider));
                return cause.Message;
            });
        }
        catch (OnnxRuntimeException loader)
        {
            return loader.Message;
        }
    }

    private static string RemedyFor(string library)
    {
        string path = OperatingSystem.IsWindows() ? "PATH" : "LD_LIBRARY_PATH";
        return library.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase)
                ? "keep it in the folder of ONNX Runtime's own library"
            : library.StartsWith("libcuda.so", StringComparison.Ordinal) || library.Equals("nvcuda.dll", StringComparison.OrdinalIgnoreCase)
                ? "install the NVIDIA driver (a container needs --gpus all)"
            : library.Contains(
                "cudnn", StringComparison.OrdinalIgnoreCase) ? $"install the cuDNN release that has it, or put its folder on {path}"
            : $"install the CUDA release that has it, or put its folder on {path}";
    }

    private static string OneLine(string message)
    {
        string line = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        int error = line.IndexOf("with error: ", StringComparison.Ordinal);
        return error < 0 ? line : line[(error + "with error: ".Length)..];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // "libX.so.N: cannot open shared object file: ..." on Linux, "... which depends on "X.dll" which is missing." on Windows.
    [GeneratedRegex("""(?<library>[^\s"/\\:]+): cannot open shared object file|depends on "(?<library>[^"]+)" which is missing""")]
    private static partial Regex MissingLibrary();

    [GeneratedRegex(@"CUDA failure \d+: (?<error>[^;]+?) *;")]
    private static partial Regex DeviceError();
}

/// <summary>Why a network does not run with CUDA.</summary>
/// <param name="Reason">What failed, as a part of a sentence.</param>
/// <param name="Remedy">What to do, as a part of a sentence.</param>
internal sealed record CudaFailure(string Reason, string Remedy)
{
    /// <summary>The native library has no CUDA in it.</summary>
    public static CudaFailure NotBuiltIn { get; } = new(
        "this ONNX Runtime is built without CUDA",
        "use a build with CUDA (that of the package Microsoft.ML.OnnxRuntime.Gpu, or --onnxruntime DIR)");
}
