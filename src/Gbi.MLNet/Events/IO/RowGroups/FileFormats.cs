using Gbi.Events.IO.Footers;

namespace Gbi.Events.IO.RowGroups;

/// <summary>Formats of files of events that are not text.</summary>
internal enum FileFormat
{
    Parquet,
    Hdf5,
    Root,
}

/// <summary>Tells formats by the first bytes of a file.</summary>
internal static class FileFormats
{
    // HDF5 may begin after a block of the user, of 512 bytes or a power of two times that.
    private static readonly long[] StartsOfHdf5 = [0, 512, 1024, 2048, 4096];

    private static ReadOnlySpan<byte> Hdf5 => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Root => "root"u8;

    private static ReadOnlySpan<byte> Parquet => "PAR"u8;

    /// <summary>The format of a file; Parquet where its bytes are of none.</summary>
    /// <exception cref="DataException">The file is missing or cannot be opened.</exception>
    public static FileFormat Of(string path)
    {
        using RandomReader file = ParquetSource.OpenReader(path);
        Span<byte> bytes = stackalloc byte[8];
        foreach (long start in StartsOfHdf5.TakeWhile(start => start + 8 <= file.Length))
        {
            file.ReadExactly(bytes, start);
            if (bytes.SequenceEqual(Hdf5))
            {
                return FileFormat.Hdf5;
            }

            if (start == 0 && (bytes.StartsWith(Parquet) || bytes.StartsWith(Root)))
            {
                return bytes.StartsWith(Root) ? FileFormat.Root : FileFormat.Parquet;
            }
        }

        return FileFormat.Parquet;
    }
}
