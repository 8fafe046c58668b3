using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Gbi.Tests.Packaging;

/// <summary>The packages as they would be published: what is in them, how large they are, and that the tool installs and runs.</summary>
[TestFixture]
[Parallelizable]
internal sealed class PackageTests
{
    private const long Mebibyte = 1 << 20;

    // No package of this version is in any feed or cache.
    private const string Version = "0.0.1-packed";

    private static readonly Dictionary<string, string?> Quiet = new()
    {
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        // What runs these tests sets variables for its own build.
        ["MSBuildSDKsPath"] = null,
        ["MSBUILD_EXE_PATH"] = null,
        ["MSBuildExtensionsPath"] = null,
    };

    private ScratchFolder _folder = null!;

    private static string RuntimeId => RuntimeInformation.RuntimeIdentifier;

    private string Feed => _folder["feed"];

    [OneTimeSetUp]
    public void Pack()
    {
        _folder = new ScratchFolder();
        string[] options =
        [
            "-c", "Release", "--nologo", "-v", "q", "--artifacts-path", _folder["artifacts"], "-o", Feed,
            // Analyzers and the audit of packages have seen these sources already.
            "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:NuGetAudit=false", $"-p:Version={Version}",
        ];
        DotNet(["pack", Checkout.File("src", "Gbi.MLNet"), .. options]);
        DotNet(["pack", Checkout.File("src", "Gbi.MLNet.Cli"), $"-p:ToolPackageRuntimeIdentifiers={RuntimeId}", .. options]);
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void The_library_brings_its_papers_and_no_native_files()
    {
        using ZipArchive package = Open("Gbi.MLNet", ".nupkg");
        using ZipArchive symbols = Open("Gbi.MLNet", ".snupkg");
        XElement metadata = Metadata(package);
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Multiple(() =>
        {
            AssertPapers(metadata, names);
            Assert.That(names.Where(name => name.StartsWith("lib/", StringComparison.Ordinal)), Is.EquivalentTo(
                new[] { "lib/net10.0/Gbi.MLNet.dll", "lib/net10.0/Gbi.MLNet.xml" }));
            Assert.That(names, Has.None.StartsWith("runtimes/").And.None.StartsWith("build"));
            Assert.That(
                metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
                    .Select(element => element.Attribute("id")!.Value),
                Has.Member("Microsoft.ML").And.Member("Microsoft.ML.OnnxRuntime.Managed").And.Member("Parquet.Net")
                    .And.No.Member("Microsoft.ML.OnnxRuntime").And.No.Member("Microsoft.ML.OnnxRuntime.Gpu")
                    .And.No.Member("Plotly.Blazor"));
            Assert.That(symbols.Entries.Select(entry => entry.FullName), Has.Member("lib/net10.0/Gbi.MLNet.pdb"));
        });
    }

    [Test]
    public void The_tools_package_holds_one_system_and_no_CUDA()
    {
        using ZipArchive package = Open($"Gbi.MLNet.Tool.{RuntimeId}", ".nupkg");
        using ZipArchive pointer = Open("Gbi.MLNet.Tool", ".nupkg");
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        string[] runtime = [.. names.Select(name => Path.GetFileName(name)!)
            .Where(name => name.Contains("onnxruntime", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            AssertPapers(Metadata(package), names);
            AssertPapers(Metadata(pointer), [.. pointer.Entries.Select(entry => entry.FullName)]);
            Assert.That(names.Select(Path.GetFileName), Is.SupersetOf(new[] { "LICENSE", "THIRD-PARTY-NOTICES-OnnxRuntime.txt" }));
            Assert.That(Components(package).Except(Noticed(package)), Is.Empty, "components without a notice");
            Assert.That(runtime, Is.Not.Empty.And.All.EndsWith(
                OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so"));
            Assert.That(names, Has.None.Contains("cuda").And.None.Contains("tensorrt").And.None.EndsWith(".dbg"));
            Assert.That(new FileInfo(PathOf($"Gbi.MLNet.Tool.{RuntimeId}", ".nupkg")).Length, Is.LessThan(100 * Mebibyte));
            Assert.That(new FileInfo(PathOf("Gbi.MLNet.Tool", ".nupkg")).Length, Is.LessThan(Mebibyte));
        });
    }

    [Test]
    public void The_tool_installs_from_a_folder_and_runs()
    {
        string home = Directory.CreateDirectory(_folder["home"]).FullName;
        DotNet([
            "tool", "install", "Gbi.MLNet.Tool", "--tool-path", _folder["tools"],
            "--configfile", FeedAlone(), "--version", Version]);
        string gbi = Path.Combine(_folder["tools"], OperatingSystem.IsWindows() ? "gbi.exe" : "gbi");
        var environment = new Dictionary<string, string?>(Quiet) { ["HOME"] = home };
        ToolProcess version = ToolProcess.Run(gbi, environment, "--version");
        File.WriteAllBytes(_folder["net.onnx"], Onnx.NetworkFile.Linear("x", [[2]], [0]).ToBytes());
        File.WriteAllText(_folder["events.csv"], "x,log_ratio\n1,2\n-3,-6\n");
        ToolProcess parity = ToolProcess.Run(gbi, environment, "parity", _folder["net.onnx"], _folder["events.csv"]);
        ToolProcess cuda = ToolProcess.Run(
            gbi, environment, "parity", _folder["net.onnx"], _folder["events.csv"], "--device", "cuda");
        ToolProcess simulated = ToolProcess.Run(
            gbi, environment, "simulate", "dijet", "--events", "1000", "--out", _folder["dijet.parquet"]);
        Assert.Multiple(() =>
        {
            Assert.That(version.Output, Does.StartWith($"gbi {Version}").And.Contain("ONNX Runtime 1."));
            Assert.That((parity.Code, parity.Error), Is.EqualTo((0, "")));
            Assert.That(cuda.Code, Is.EqualTo(1));
            Assert.That(cuda.Error, Does.Contain("built without CUDA"));
            Assert.That((simulated.Code, simulated.Error), Is.EqualTo((0, "")));
            Assert.That(new FileInfo(_folder["dijet.parquet"]).Length, Is.GreaterThan(1000));
            Assert.That(Directory.GetFileSystemEntries(home), Is.Empty);
        });
    }

    [Test]
    public void The_samples_build_against_the_packed_library()
    {
        string samples = CopySamples();
        // Packages that the machine has are read where they are; the packed library is unpacked beside the samples and nowhere else.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(samples, "nuget.config"), $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{_folder["packages"]}" />
                <add key="dependencyVersion" value="Lowest" />
              </config>
              <fallbackPackageFolders><add key="machine" value="{cache}" /></fallbackPackageFolders>
              <packageSources><clear /><add key="packed" value="{Feed}" /></packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(samples, "all.proj"), $"""
            <Project>
              <ItemGroup><Sample Include="*/*.csproj" /></ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="@(Sample)" Targets="Restore" Properties="GbiPackage={Version};IsRestoring=true" />
                <MSBuild Projects="@(Sample)" Targets="Build" Properties="GbiPackage={Version};Configuration=Release"
                         BuildInParallel="true" />
              </Target>
            </Project>
            """);
        DotNet([
            "msbuild", Path.Combine(samples, "all.proj"), "-v:q", "-nologo",
            "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false"]);
        string[] built = Directory.GetFiles(samples, "Gbi.MLNet.dll", SearchOption.AllDirectories);
        ToolProcess hello = ToolProcess.Run(
            "dotnet", Quiet, Path.Combine(samples, "HelloRatio", "bin", "Release", "net10.0", "HelloRatio.dll"));
        Assert.Multiple(() =>
        {
            Assert.That(built, Has.Length.EqualTo(Directory.GetDirectories(samples).Length));
            Assert.That((hello.Code, hello.Error), Is.EqualTo((0, "")));
            Assert.That(hello.Output, Does.StartWith("ln r(-1) = -"));
        });
    }

    private string CopySamples()
    {
        string samples = Directory.CreateDirectory(_folder["samples"]).FullName;
        Directory.CreateDirectory(_folder[".ci"]);
        foreach (string name in (string[])
            ["Directory.Build.props", "Directory.Packages.props", ".ci/lowest.props", "CHANGELOG.md", "global.json"])
        {
            File.Copy(Checkout.File(name), _folder[name]);
        }

        File.Copy(Checkout.File("samples", "Directory.Build.props"), Path.Combine(samples, "Directory.Build.props"));
        foreach (string project in Directory.GetFiles(Checkout.File("samples"), "*.csproj", SearchOption.AllDirectories))
        {
            string folder = Path.GetDirectoryName(project)!;
            string copy = Directory.CreateDirectory(Path.Combine(samples, Path.GetFileName(folder))).FullName;
            foreach (string file in Directory.GetFiles(folder))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }

        return samples;
    }

    private static void AssertPapers(XElement metadata, string[] names)
    {
        Assert.That(Value(metadata, "license"), Is.EqualTo("MIT"));
        Assert.That(Value(metadata, "readme"), Is.EqualTo("README.md"));
        Assert.That(Value(metadata, "icon"), Is.EqualTo("icon.png"));
        Assert.That(names, Is.SupersetOf(new[] { "README.md", "icon.png" }));
        Assert.That(Value(metadata, "tags"), Does.Contain("high-energy-physics"));
        Assert.That(Value(metadata, "description"), Is.Not.Empty.And.Not.EqualTo("Package Description"));
        Assert.That(Element(metadata, "repository").Attribute("type")!.Value, Is.EqualTo("git"));
    }

    /// <summary>The packages whose files are in the tool's.</summary>
    private static IEnumerable<string> Components(ZipArchive package)
    {
        using Stream stream = EntryOf(package, "gbi.deps.json").Open();
        return [.. JsonNode.Parse(stream)!["libraries"]!.AsObject().Where(library => (string)library.Value!["type"]! == "package")
            .Select(library => library.Key.Split('/')[0])];
    }

    /// <summary>The first word of every line of the notices.</summary>
    private static IEnumerable<string> Noticed(ZipArchive package)
    {
        using var reader = new StreamReader(EntryOf(package, "THIRD-PARTY-NOTICES.txt").Open());
        return [.. reader.ReadToEnd().Split('\n').Select(line => line.Split(' ')[0])];
    }

    private static ZipArchiveEntry EntryOf(ZipArchive package, string name) => package.Entries.Single(entry => entry.Name == name);

    private static string Value(XElement metadata, string name) => Element(metadata, name).Value;

    private static XElement Element(XElement metadata, string name) =>
        metadata.Elements().Single(element => element.Name.LocalName == name);

    private static XElement Metadata(ZipArchive package)
    {
        using Stream stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    private ZipArchive Open(string id, string extension) => ZipFile.OpenRead(PathOf(id, extension));

    private string PathOf(string id, string extension) => Path.Combine(Feed, $"{id}.{Version}{extension}");

    // The tool comes from the folder alone, whatever feeds the machine has.
    private string FeedAlone()
    {
        File.WriteAllText(_folder["tool.config"], $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        return _folder["tool.config"];
    }

    private static void DotNet(string[] args)
    {
        ToolProcess run = ToolProcess.Run("dotnet", Quiet, args);
        Assert.That(run.Code, Is.Zero, $"dotnet {string.Join(' ', args)}\n{run.Output}{run.Error}");
    }
}
