using System.Runtime.InteropServices;

namespace Gbi.Onnx.Sessions.Native;

/// <summary>
/// ONNX Runtime's own telemetry, which keeps a database in the user's home and sends it to Microsoft: switched off, unless the user
/// has set the variable.
/// </summary>
internal static partial class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Sets the variable where native code reads it. .NET changes a copy of the environment only, except on Windows.</summary>
    public static void SwitchOff()
    {
        string value = Environment.GetEnvironmentVariable(Variable) ?? "1";
        Environment.SetEnvironmentVariable(Variable, value);
        if (OperatingSystem.IsWindows())
        {
            // The C runtime has a copy of its own, made when the process started.
            _ = SetInCRuntime(Variable, value);
        }
        else
        {
            _ = SetInProcess(Variable, value, 1);
        }
    }

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetInCRuntime(string name, string value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetInProcess(string name, string value, int overwrites);
}
