using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Gbi.Events;
using Gbi.Onnx.Sessions;
using Microsoft.ML;

namespace Gbi.Cli;

/// <summary>gbi --version: the tool's version, and those of what it runs on.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine($"gbi {Of(typeof(VersionAction))}");
        output.WriteLine($"ML.NET {Of(typeof(MLContext))}, ONNX Runtime {OnnxRuntime()}, .NET {Environment.Version}");
        return GbiCommand.Done;
    }

    private static string OnnxRuntime()
    {
        try
        {
            return OnnxRuntimeLibrary.Version;
        }
        catch (DataException cause)
        {
            return $"not found ({cause.Message.TrimEnd('.')})";
        }
    }

    // Packages put their version here, with the commit after a plus sign.
    private static string Of(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
