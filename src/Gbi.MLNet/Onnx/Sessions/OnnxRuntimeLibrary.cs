using System.Runtime.InteropServices;
using Gbi.Events;
using Gbi.Onnx.Sessions.Native;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Sessions;

/// <summary>The native library of ONNX Runtime: which one is loaded, and its version.</summary>
public static class OnnxRuntimeLibrary
{
    /// <summary>Environment variable with the folder of the native library; <see cref="LoadFrom"/> goes before it.</summary>
    public const string FolderVariable = "GBI_ONNXRUNTIME";

    private const string ImportName = "onnxruntime";
    private static readonly Lock Gate = new();
    private static string? _folder;
    private static nint _library;

    /// <summary>Version of the native library, such as 1.32.0.</summary>
    /// <exception cref="DataException">There is none, or it cannot be loaded.</exception>
    public static string Version => OnnxSessions.WithRuntime(() => OrtEnv.Instance().GetVersionString());

    private static string FileName => OperatingSystem.IsWindows() ? "onnxruntime.dll"
        : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";

    /// <summary>
    /// Loads the native library from a folder, such as that of a build with CUDA, in place of the one next to the program. It has to come
    /// before the first network of the process.
    /// </summary>
    /// <param name="folder">Folder with the library and its providers.</param>
    /// <exception cref="DataException">
    /// The folder has no such library, it is older than the package expects, or another one is loaded already.
    /// </exception>
    public static void LoadFrom(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        lock (Gate)
        {
            string full = Path.GetFullPath(folder);
            if (_folder == full)
            {
                return;
            }

            if (_folder is not null)
            {
                throw new DataException($"ONNX Runtime is loaded from {_folder} already; start another process to load it from {folder}.");
            }

            _library = Load(Path.Combine(full, FileName), folder);
            try
            {
                NativeLibrary.SetDllImportResolver(
                    typeof(OrtEnv).Assembly, (name, _, _) => Path.GetFileNameWithoutExtension(name) == ImportName ? _library : 0);
            }
            catch (InvalidOperationException cause)
            {
                throw new DataException($"ONNX Runtime is loaded already; start another process to load it from {folder}.", cause);
            }

            _folder = full;
        }
    }

    /// <summary>What comes before the first use of the runtime: its telemetry off, and the folder that the user named.</summary>
    internal static void Prepare()
    {
        OnnxTelemetry.SwitchOff();
        if (_folder is null && Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            LoadFrom(folder);
        }
    }

    private static nint Load(string path, string folder)
    {
        if (!File.Exists(path))
        {
            string fault = Directory.Exists(folder) ? $"There is no {FileName} in {folder}"
                : File.Exists(folder) ? $"{folder} is a file" : $"There is no folder {folder}";
            throw new DataException($"{fault}; name the folder that holds the native library of ONNX Runtime.");
        }

        if (OperatingSystem.IsLinux() && ElfFile.Fault(path) is { } defect)
        {
            throw new DataException($"{path} {defect}; name the folder of a build of ONNX Runtime for this system.");
        }

        OnnxTelemetry.SwitchOff();
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException)
        {
            throw new DataException(
                $"{path} cannot be loaded ({LoaderMessage(cause, path)}); name the folder of a build of ONNX Runtime for this system.",
                cause);
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint entry))
        {
            throw new DataException($"{path} is not ONNX Runtime; name the folder that holds its native library.");
        }

        Version found = VersionOf(entry);
        Version expected = typeof(OrtEnv).Assembly.GetName().Version!;
        // The runtime answers an interface that is newer than itself with a null pointer.
        return (found.Major, found.Minor).CompareTo((expected.Major, expected.Minor)) >= 0
            ? library
            : throw new DataException(
                $"{path} is ONNX Runtime {found}, expected {expected.ToString(2)} or later; name the folder of a later build.");
    }

    // The lines of the loader that name the file; .NET puts a sentence of its own in front of them.
    private static string LoaderMessage(Exception cause, string path) =>
        (cause.Message.Split('\n').Skip(1).FirstOrDefault(line => line.Trim().Length > 0) ?? cause.Message)
        .Replace($"{path}: ", "", StringComparison.Ordinal).Trim().TrimEnd('.');

    // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); }
    private static unsafe Version VersionOf(nint entry)
    {
        var functions = (nint*)((delegate* unmanaged<nint>)entry)();
        string text = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)functions[1])()) ?? "";
        return System.Version.TryParse(text.Split('-', '+')[0], out Version? version) ? version : new Version(0, 0);
    }
}
