using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx;

/// <summary>What CUDA needs of a machine, and what of it is not there.</summary>
internal static class CudaLibraries
{
    /// <summary>The runtime's name of CUDA.</summary>
    public const string Provider = "CUDAExecutionProvider";

    // Microsoft.ML.OnnxRuntime.Gpu 1.23 is built for CUDA 12 and cuDNN 9, whose libraries carry these numbers in their names.
    private static readonly (string Linux, string Windows, string Missing)[] Libraries =
    [
        ("libcuda.so.1", "nvcuda.dll", "the NVIDIA driver"),
        ("libcudart.so.12", "cudart64_12.dll", "the CUDA 12 runtime"),
        ("libcublasLt.so.12", "cublasLt64_12.dll", "cuBLAS of CUDA 12"),
        ("libcudnn.so.9", "cudnn64_9.dll", "cuDNN 9"),
    ];

    /// <summary>What is missing, as the start of a sentence; null where everything was found.</summary>
    public static string? Missing()
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(Provider))
        {
            return "ONNX Runtime's native library here is built without CUDA: reference the package Microsoft.ML.OnnxRuntime.Gpu";
        }

        string[] missing = [.. Libraries
            .Where(library => !CanLoad(OperatingSystem.IsWindows() ? library.Windows : library.Linux))
            .Select(library => $"{library.Missing} ({(OperatingSystem.IsWindows() ? library.Windows : library.Linux)})")];
        return missing.Length == 0 ? null : $"the machine lacks {string.Join(", ", missing)}";
    }

    private static bool CanLoad(string library)
    {
        if (!NativeLibrary.TryLoad(library, out nint handle))
        {
            return false;
        }

        NativeLibrary.Free(handle);
        return true;
    }
}
