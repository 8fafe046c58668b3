using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Tests.Events.IO.Pages;
using Parquet;

namespace Gbi.Benchmarks.Files;

/// <summary>
/// One flipped bit in a page: how many of the files are refused, read with the right numbers, or with wrong ones. A file without
/// checksums cannot tell a changed value from another one within its bounds; how many rows come out changed tells such from worse, and
/// DuckDB is asked to read the same bytes: what it refuses must not give numbers here.
/// </summary>
internal static class ParquetFlips
{
    private const int ManyRows = 8;
    private static readonly CompressionMethod[] Compressions =
    [
        CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd, CompressionMethod.Lz4Raw,
        CompressionMethod.Brotli,
    ];

    /// <summary>Flips bits of files without page checksums, and of files with, given in a folder.</summary>
    /// <param name="flips">Number without checksums, over compressions, encodings and columns.</param>
    /// <param name="folderWithChecksums">Files whose pages have checksums; null for none.</param>
    /// <param name="flipsWithChecksums">Number of these.</param>
    public static void Run(int flips, string? folderWithChecksums, int flipsWithChecksums)
    {
        string folder = Directory.CreateTempSubdirectory("parquet-flips").FullName;
        var random = new Random(18);
        Console.WriteLine(
            "| pages | flips | refused | right | one value changed | 2 to 8 rows changed | more | changed where DuckDB refuses "
            + "| refused by DuckDB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        using var oracle = new DuckDBConnection("DataSource=:memory:");
        oracle.Open();
        foreach (CompressionMethod compression in Compressions)
        {
            var count = new Counts();
            EncodingHint[] encodings = Enum.GetValues<EncodingHint>();
            for (int i = 0; i < flips / Compressions.Length; i++)
            {
                string clean = Path.Combine(folder, $"{compression}-{encodings[i % encodings.Length]}.parquet");
                if (!File.Exists(clean))
                {
                    FlippedBits.Write(clean, compression, encodings[i % encodings.Length]);
                }

                Flip(clean, FlippedBits.Columns[random.Next(FlippedBits.Columns.Length)], random, oracle, count);
            }

            count.Print($"{compression}");
        }

        if (folderWithChecksums is not null)
        {
            var count = new Counts();
            string[] files = Directory.GetFiles(folderWithChecksums, "*checksum.parquet");
            (string File, string Column)[] columns = [.. files.Where(file => !file.Contains("corrupt")).SelectMany(
                file => new ParquetEventReader(file).Columns.Where(column => column.IsNumeric).Select(column => (file, column.Name)))];
            for (int i = 0; i < flipsWithChecksums; i++)
            {
                (string file, string column) = columns[random.Next(columns.Length)];
                Flip(file, column, random, oracle, count);
            }

            count.Print("with CRC");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Flip(string clean, string column, Random random, DuckDBConnection oracle, Counts count)
    {
        float[] right = Read(clean, column) ?? throw new InvalidOperationException($"{clean} is refused.");
        byte[] whole = File.ReadAllBytes(clean);
        (int start, int length) = FlippedBits.Pages(clean, column);
        int bit = random.Next(8 * start, 8 * (start + length));
        whole[bit / 8] ^= (byte)(1 << (bit % 8));
        // A name of its own, as DuckDB keeps what it read under a name.
        string flipped = Path.Combine(Path.GetTempPath(), $"flipped-{Environment.ProcessId}-{count.All}-{bit}.parquet");
        File.WriteAllBytes(flipped, whole);
        float[]? read = Read(flipped, column);
        int changed = read is null ? 0 : read.Where((value, row) => !value.Equals(right[row])).Count();
        string? refusal = Refusal(oracle, clean, column) is null ? Refusal(oracle, flipped, column) : null;
        if (changed > 0 && refusal is not null)
        {
            Console.Error.WriteLine($"{Path.GetFileName(clean)}, column {column}, bit {bit}: {changed} rows changed; DuckDB: {refusal}");
        }

        count.Add(read is null, changed, refusal is not null);
        File.Delete(flipped);
    }

    /// <summary>Why DuckDB does not read a column; null where it does.</summary>
    private static string? Refusal(DuckDBConnection oracle, string path, string column)
    {
        using DuckDBCommand command = oracle.CreateCommand();
        command.CommandText = $"select sum(hash(\"{column}\")) from read_parquet('{path}')";
        try
        {
            command.ExecuteScalar();
            return null;
        }
        catch (DuckDBException cause)
        {
            return cause.Message;
        }
    }

    private static float[]? Read(string path, string column)
    {
        try
        {
            return new ParquetEventReader(path)
                .Read([column], new EventReadOptions { Threads = 1, MissingValue = double.NaN })[column].ToArray();
        }
        catch (DataException)
        {
            return null;
        }
    }

    private sealed class Counts
    {
        private int _refused, _right, _one, _few, _many, _wrong, _refusedByOracle;

        /// <summary>Flips so far.</summary>
        public int All { get; private set; }

        public void Add(bool isRefused, int changed, bool isRefusedByOracle)
        {
            All++;
            _refused += isRefused ? 1 : 0;
            _right += !isRefused && changed == 0 ? 1 : 0;
            _one += changed == 1 ? 1 : 0;
            _few += changed is > 1 and <= ManyRows ? 1 : 0;
            _many += changed > ManyRows ? 1 : 0;
            _wrong += changed > 0 && isRefusedByOracle ? 1 : 0;
            _refusedByOracle += isRefusedByOracle ? 1 : 0;
        }

        public void Print(string name) => Console.WriteLine(new StringBuilder().Append(
            CultureInfo.InvariantCulture, $"| {name} | {All} | {_refused} | {_right} | {_one} | {_few} | {_many} "
                + $"| {_wrong} | {_refusedByOracle} |"));
    }
}
