using System.Diagnostics;

namespace Gbi.Tests.Packaging;

/// <summary>What a program did that was run as a process of its own.</summary>
internal sealed record ToolProcess(int Code, string Output, string Error)
{
    /// <summary>The program that runs assemblies.</summary>
    public static string Dotnet =>
        Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet";

    /// <summary>The tool as it was built for these tests.</summary>
    public static ToolProcess Gbi(IReadOnlyDictionary<string, string?> environment, params string[] args) => Run(
        Dotnet,
        environment,
        ["exec", Path.Combine(AppContext.BaseDirectory, "gbi.dll"), .. args]);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its path, or its name on PATH.</param>
    /// <param name="environment">Variables that differ from this process's; null removes one.</param>
    /// <param name="args">Its arguments.</param>
    public static ToolProcess Run(string program, IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolProcess(process.ExitCode, output, errors.Result);
    }
}
