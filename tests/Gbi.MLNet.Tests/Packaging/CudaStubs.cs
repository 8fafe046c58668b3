using System.Text;
using System.Text.RegularExpressions;

namespace Gbi.Tests.Packaging;

/// <summary>
/// Imitates the libraries of CUDA: small shared libraries with the names and symbols that ONNX Runtime's CUDA provider asks the loader
/// for. Every call answers with the error of a machine without a GPU.
/// </summary>
internal sealed partial class CudaStubs : IDisposable
{
    /// <summary>What every function's name returns for an error: the text that the runtime then passes on.</summary>
    public const string DeviceError = "no device, says the stub";

    private const string CudaRuntime = "libcudart";
    private static readonly string Provider = Path.Combine(
        AppContext.BaseDirectory, "runtimes/linux-x64/native/libonnxruntime_providers_cuda.so");
    private readonly ScratchFolder _folder = new();

    private CudaStubs(IReadOnlyList<string> needed) => Needed = needed;

    /// <summary>The libraries that the provider needs, in the order in which the loader looks for them.</summary>
    public IReadOnlyList<string> Needed { get; }

    /// <summary>A folder without any of the libraries.</summary>
    public string None => Directory.CreateDirectory(_folder["none"]).FullName;

    /// <summary>A folder with the libraries of the major version before the one that the provider asks for.</summary>
    public string Older { get; private set; } = "";

    /// <summary>A folder with all libraries that the provider asks for.</summary>
    public string Complete { get; private set; } = "";

    /// <summary>Compiles the libraries; ignores the test where there is no compiler or no provider.</summary>
    public static CudaStubs Compile()
    {
        if (!File.Exists(Provider) || !Exists("gcc") || !Exists("readelf") || !Exists("nm"))
        {
            Assert.Ignore("skipped: needs gcc and the CUDA provider for Linux x64");
        }

        string[] needed = [.. NeededLibrary().Matches(Output("readelf", "-d", Provider)).Select(match => match.Groups[1].Value)];
        (string Name, string Version)[] symbols = [.. Symbol().Matches(Output("nm", "-D", "--undefined-only", Provider))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
        var stubs = new CudaStubs(needed);
        stubs.Complete = Directory.CreateDirectory(stubs._folder["complete"]).FullName;
        stubs.Older = Directory.CreateDirectory(stubs._folder["older"]).FullName;
        string major = Major(needed.Single(library => library.StartsWith(CudaRuntime, StringComparison.Ordinal)));
        foreach (string library in needed)
        {
            string[] names =
                [.. symbols.Where(symbol => symbol.Version == library || (symbol.Version.Length == 0 && IsOf(library, symbol.Name)))
                .Select(symbol => symbol.Name)];
            stubs.Compile(stubs.Complete, library, names);
            stubs.Compile(
                stubs.Older, Major(library) == major ? $"{Path.GetFileNameWithoutExtension(library)}.{int.Parse(major) - 1}" : library,
                names);
        }

        return stubs;
    }

    public void Dispose() => _folder.Dispose();

    private static string Major(string library) => Path.GetExtension(library)[1..];

    // The driver's and cuRAND's symbols carry no version.
    private static bool IsOf(string library, string symbol) => library.StartsWith("libcurand", StringComparison.Ordinal)
        ? symbol.StartsWith("curand", StringComparison.Ordinal)
        : library.StartsWith("libcuda.", StringComparison.Ordinal) && !symbol.StartsWith("curand", StringComparison.Ordinal);

    private void Compile(string folder, string library, string[] names)
    {
        var source = new StringBuilder("int gbi_stub(void) { return 0; }\n");
        foreach (string name in names)
        {
            bool isText = name.Contains("ErrorName", StringComparison.Ordinal) || name.Contains("ErrorString", StringComparison.Ordinal)
                || name.Contains("GetStatus", StringComparison.Ordinal);
            source.AppendLine(isText ? $"const char *{name}(void) {{ return \"{DeviceError}\"; }}" : $"int {name}(void) {{ return 100; }}");
        }

        File.WriteAllText(_folder["stub.c"], source.ToString());
        File.WriteAllText(_folder["stub.map"], $"{library} {{ global: *; }};\n");
        Output("gcc", "-w", "-shared", "-fPIC", "-o", Path.Combine(folder, library), _folder["stub.c"],
            $"-Wl,-soname,{library}", $"-Wl,--version-script={_folder["stub.map"]}");
    }

    private static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Output(string program, params string[] args)
    {
        var run = ToolProcess.Run(program, new Dictionary<string, string?>(), args);
        Assert.That(run.Code, Is.Zero, run.Error);
        return run.Output;
    }

    [GeneratedRegex(@"\(NEEDED\).*\[(libcu[^\]]+)\]")]
    private static partial Regex NeededLibrary();

    [GeneratedRegex(@"U (_*cu\w+)(?:@(\S+))?$", RegexOptions.Multiline)]
    private static partial Regex Symbol();
}
