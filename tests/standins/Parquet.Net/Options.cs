using System.IO.Compression;

namespace Parquet;

public enum CompressionMethod { None = 0, Snappy = 1, Gzip = 2, Lzo = 3, Brotli = 4, LZ4 = 5, Zstd = 6, Lz4Raw = 7 }

public class ParquetException : Exception
{
    public ParquetException() { }

    public ParquetException(string message) : base(message) { }

    public ParquetException(string message, Exception inner) : base(message, inner) { }
}

public class ParquetOptions
{
    public CompressionMethod CompressionMethod { get; set; } = CompressionMethod.Snappy;

    public CompressionLevel CompressionLevel { get; set; } = CompressionLevel.SmallestSize;
}
