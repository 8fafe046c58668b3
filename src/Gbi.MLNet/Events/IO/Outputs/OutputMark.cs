using System.IO.Compression;
using System.Text;

namespace Gbi.Events.IO.Outputs;

/// <summary>
/// The hash of inputs and options that a file carries: a Parquet file and a network as metadata, an archive and a page as a comment. What
/// is read from the file does not change by it. Other formats have no room for it.
/// </summary>
internal static class OutputMark
{
    /// <summary>Key of the hash.</summary>
    public const string Key = "gbi.made_with";

    private const string Zip = ".zip";
    private const string Onnx = ".onnx";
    private const string Html = ".html";
    private const string Parquet = ".parquet";
    private const string EndOfPage = "</html>\n";
    private const int EndOfArchive = 22;
    private const uint EndOfArchiveSignature = 0x06054b50;

    // Field 14 of a model of ONNX, metadata_props: a message with a key (field 1) and a value (field 2).
    private const byte MetadataField = (14 << 3) | 2;
    private const byte KeyField = (1 << 3) | 2;
    private const byte ValueField = (2 << 3) | 2;

    /// <summary>Whether files of this name carry it.</summary>
    public static bool IsCarried(string path) => FormatOf(path) is not null;

    /// <summary>Appends it to a file that is whole; a Parquet file has it from its writer.</summary>
    public static void Append(Stream file, string path, string mark)
    {
        byte[] text = Encoding.ASCII.GetBytes(Line(mark));
        switch (FormatOf(path))
        {
            case Zip:
                file.Position = file.Length - EndOfArchive;
                byte[] end = new byte[EndOfArchive];
                file.ReadExactly(end);
                if (BitConverter.ToUInt32(end) == EndOfArchiveSignature)
                {
                    file.Position = file.Length - sizeof(ushort);
                    file.Write(BitConverter.GetBytes((ushort)text.Length));
                    file.Write(text);
                }

                break;
            case Onnx:
                file.Position = file.Length;
                file.Write(Metadata(mark));
                break;
            case Html:
                file.Position = file.Length - EndOfPage.Length;
                file.Write(Encoding.ASCII.GetBytes($"<!-- {Line(mark)} -->\n{EndOfPage}"));
                break;
        }
    }

    /// <summary>The mark of a file; null where it has none or is no file of its format.</summary>
    public static string? Read(string path)
    {
        try
        {
            switch (FormatOf(path))
            {
                case Zip:
                    using (ZipArchive archive = ZipFile.OpenRead(path))
                    {
                        return After(archive.Comment);
                    }

                case Onnx:
                    byte[] tail = Tail(path);
                    return OfNetwork(tail) is { } mark && tail.AsSpan().EndsWith(Metadata(mark)) ? mark : null;
                case Html:
                    string text = Encoding.UTF8.GetString(Tail(path));
                    int at = text.LastIndexOf($"<!-- {Key}=", StringComparison.Ordinal);
                    return at < 0 ? null : After(text[(at + 5)..].Split(' ')[0]);
                case Parquet:
                    return new ParquetEventReader(path).Metadata.GetValueOrDefault(Key);
                default:
                    return null;
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidDataException or DataException)
        {
            // It is not what its name says, and so not what this command would make.
            return null;
        }
    }

    /// <summary>The bytes of a network without its mark.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> network) =>
        OfNetwork(network) is { } mark && network.EndsWith(Metadata(mark)) ? network[..^Metadata(mark).Length] : network;

    private static string? FormatOf(string path) =>
        Array.Find((string[])[Zip, Onnx, Html, Parquet], format => path.EndsWith(format, StringComparison.OrdinalIgnoreCase));

    private static string Line(string mark) => $"{Key}={mark}";

    private static string? After(string line) => line.StartsWith($"{Key}=", StringComparison.Ordinal) ? line[(Key.Length + 1)..] : null;

    private static byte[] Metadata(string mark)
    {
        byte[] key = Encoding.ASCII.GetBytes(Key), value = Encoding.ASCII.GetBytes(mark);
        byte[] entry = [KeyField, (byte)key.Length, .. key, ValueField, (byte)value.Length, .. value];
        return [MetadataField, (byte)entry.Length, .. entry];
    }

    private static string? OfNetwork(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> key = [KeyField, (byte)Key.Length, .. Encoding.ASCII.GetBytes(Key), ValueField];
        int at = bytes.LastIndexOf(key);
        return at < 0 || at + key.Length >= bytes.Length ? null : Encoding.ASCII.GetString(bytes[(at + key.Length + 1)..]);
    }

    private static byte[] Tail(string path)
    {
        const int Longest = 256;
        using FileStream file = File.OpenRead(path);
        byte[] tail = new byte[Math.Min(Longest, file.Length)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        return tail;
    }
}
