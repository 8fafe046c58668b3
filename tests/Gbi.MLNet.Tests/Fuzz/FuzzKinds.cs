using System.IO.Compression;
using System.Text;
using Gbi.Likelihoods.HistFactory;
using Gbi.Tests.Cli;
using Gbi.Tests.Events.IO.Pages;
using Gbi.Tests.Likelihoods.HistFactory;
using Gbi.Tests.Onnx;
using Parquet;
using PureHDF;
using PureHDF.Filters;

namespace Gbi.Tests.Fuzz;

/// <summary>All kinds of inputs that are fuzzed.</summary>
internal static class FuzzKinds
{
    private static readonly string Earlier = Checkout.File("tests", "Gbi.MLNet.Tests", "Compatibility", "Files", "Tool");

    private static readonly string Events = Path.Combine(Earlier, "twenty.parquet");

    private static readonly Func<byte[], Random, byte[]>[] OfJson = [JsonMutations.Mutate, JsonMutations.Mutate, TextMutations.Mutate];

    /// <summary>The kinds, with what they need in a folder.</summary>
    public static IReadOnlyList<FuzzKind> In(ScratchFolder folder)
    {
        FlippedBits.Write(folder["gzip.parquet"], CompressionMethod.Gzip, EncodingHint.Default);
        FlippedBits.Write(folder["delta.parquet"], CompressionMethod.Snappy, EncodingHint.DeltaBinaryPacked);
        byte[] gzip = File.ReadAllBytes(folder["gzip.parquet"]);
        byte[] delta = File.ReadAllBytes(folder["delta.parquet"]);
        bool[] isPage = new bool[gzip.Length];
        foreach (string column in FlippedBits.Columns)
        {
            (int start, int length) = FlippedBits.Pages(folder["gzip.parquet"], column);
            isPage.AsSpan(start, length).Fill(true);
        }

        byte[] csv = Encoding.UTF8.GetBytes("x,y,name\n" + string.Concat(Enumerable.Range(0, 200).Select(row =>
            FormattableString.Invariant($"{Math.Sin(row)},{row},\"event {row}\"\n"))));
        byte[] workspace = Tool("workspace.json");
        byte[] archive = Tool("ratio.zip");
        File.WriteAllBytes(folder["base.json"], workspace);
        File.WriteAllText(folder["xy.csv"], "x,noise\n" + string.Concat(Enumerable.Range(0, 50).Select(row =>
            FormattableString.Invariant($"{row / 10.0},{Math.Cos(row)}\n"))));
        CliRun.Done("convert", folder["xy.csv"], "--out", folder["xy.parquet"]);
        foreach (string file in (string[])["whole-events.parquet", "whole-simulation.parquet", "toys-2.json"])
        {
            File.WriteAllBytes(folder[file], Tool(file));
        }

        return
        [
            new("Parquet, gzip", "a.parquet", gzip, delta, path => Converted(folder, path))
            {
                Written = "out.csv", IsCovered = at => isPage[at],
            },
            new("Parquet, Snappy and deltas", "b.parquet", delta, gzip, path => Converted(folder, path)) { Written = "out.csv" },
            new("CSV", "c.csv", csv, workspace, path => Converted(folder, path, "out.parquet"))
            {
                Written = "out.parquet", Mutations = [TextMutations.Mutate],
            },
            Compressed(csv, folder),
            Hdf5("HDF5, datasets", "l.h5", folder),
            Hdf5("HDF5, structures", "m.h5", folder),
            new("workspace", "d.json", workspace, csv, path => ["fit", path, "--json"]) { Mutations = OfJson },
            new("patch set", "e.json", Encoding.UTF8.GetBytes(SmallWorkspace.PatchSet(
                Workspace.Parse(Encoding.UTF8.GetString(workspace)).Digest("sha256"),
                ("a", """[{"op": "replace", "path": "/channels/0/samples/0/data/0", "value": 5}]"""),
                ("b", """[{"op": "add", "path": "/channels/0/samples/0/data/-", "value": 5}, {"op": "remove", "path": "/version"}]"""))),
                workspace, path => ["describe", folder["base.json"], "--patch", path, "--patch-name", "a"]) { Mutations = OfJson },
            new("patch", "f.json", Encoding.UTF8.GetBytes("""
                [{"op": "move", "from": "/channels/0/samples/1", "path": "/channels/0/samples/0"},
                 {"op": "copy", "from": "/channels/0/name", "path": "/channels/0/samples/0/name"},
                 {"op": "test", "path": "/version", "value": "1.0.0"}, {"op": "remove", "path": "/channels/0/samples/0/modifiers/0"}]
                """), workspace, path => ["describe", folder["base.json"], "--patch", path]) { Mutations = OfJson },
            new("model", "g.json", Tool("whole.json"), workspace, path => ["fit", path, "--json"]) { Mutations = OfJson },
            new("shard of toys", "h.json", Tool("toys-1.json"), Tool("toys-2.json"),
                path => ["merge", path, folder["toys-2.json"], "--json"])
            {
                Mutations = OfJson,
            },
            new("archive of a ratio", "i.zip", archive, Tool("nu.zip"), path => Scored(folder, Events, path))
            {
                Written = "out.parquet", Mutations = [ArchiveMutations.Mutate],
                IsCovered = at => ArchiveMutations.IsWithinContents(archive, at),
            },
            new("network", "j.onnx", NetworkFile.Linear("x,noise", [[2, -1]], [0.5f]).ToBytes(), NetworkFile.Dense(1, 2, 4).ToBytes(),
                path => Scored(folder, folder["xy.parquet"], path))
            {
                Written = "out.parquet", Mutations = [GraphMutations.Mutate],
            },
        ];
    }

    private static FuzzKind Compressed(byte[] csv, ScratchFolder folder)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(csv);
        }

        // Ten bytes of header stand before what the checksum is of.
        return new("CSV, gzip", "k.csv.gz", bytes.ToArray(), csv, path => Converted(folder, path, "out.parquet"))
        {
            Written = "out.parquet",
            IsCovered = at => at >= 10,
        };
    }

    /// <summary>Datasets of a group, one of them in compressed chunks, or structures; pieces are taken from the other of the two.</summary>
    private static FuzzKind Hdf5(string name, string file, ScratchFolder folder)
    {
        byte[] groups = OfHdf5(new H5File
        {
            ["events"] = new H5Group
            {
                ["event"] = Enumerable.Range(0, 200).Select(row => (long)row).ToArray(),
                ["name"] = Enumerable.Range(0, 200).Select(row => $"event {row}").ToArray(),
                ["p"] = new H5Dataset(Matrix(200, 3), chunks: [50, 3], datasetCreation: new(Filters: [DeflateFilter.Id])),
                ["x"] = Enumerable.Range(0, 200).Select(row => Math.Sin(row)).ToArray(),
            },
        });
        byte[] structures = OfHdf5(new H5File
        {
            ["events"] = Enumerable.Range(0, 200).Select(row => new Hdf5Event { X = row, Event = row, Weight = 0.5 }).ToArray(),
        });
        bool isGroup = name.EndsWith("datasets", StringComparison.Ordinal);
        return new(name, file, isGroup ? groups : structures, isGroup ? structures : groups, path => Converted(folder, path, "out.parquet"))
        {
            Written = "out.parquet",
        };

        byte[] OfHdf5(H5File content)
        {
            content.Write(folder[file]);
            return File.ReadAllBytes(folder[file]);
        }
    }

    private static double[,] Matrix(int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                matrix[row, column] = Math.Cos((row * columns) + column);
            }
        }

        return matrix;
    }

    private struct Hdf5Event
    {
        public float X;
        public long Event;
        public double Weight;
    }

    private static string[] Converted(ScratchFolder folder, string path, string written = "out.csv") =>
        ["convert", path, "--out", folder[written], "--force"];

    private static string[] Scored(ScratchFolder folder, string events, string path) =>
        ["score", events, "--model", path, "--out", folder["out.parquet"], "--force"];

    private static byte[] Tool(string name) => File.ReadAllBytes(Path.Combine(Earlier, name));
}
