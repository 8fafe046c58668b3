using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Sessions.Native;

/// <summary>
/// What the file of a native library of Linux says about itself: for a library of another processor the loader's reason is that there is
/// no such file, and an incomplete one ends the process.
/// </summary>
internal static class ElfFile
{
    private const int HeaderSize = 64;

    // 64 bits, little-endian.
    private static ReadOnlySpan<byte> Mark => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <summary>Why a library cannot be loaded here, as the end of a sentence that begins with its path; null for no reason.</summary>
    public static string? Fault(string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        using FileStream file = File.OpenRead(path);
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !header.StartsWith(Mark))
        {
            return "is not a library for Linux";
        }

        string found = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) switch
        {
            62 => nameof(Architecture.X64),
            183 => nameof(Architecture.Arm64),
            _ => "another processor",
        };
        if (found != RuntimeInformation.ProcessArchitecture.ToString())
        {
            return $"is a library for {found}, expected {RuntimeInformation.ProcessArchitecture}";
        }

        // The table of sections is what a linker writes last.
        long end = BinaryPrimitives.ReadInt64LittleEndian(header[40..])
            + (BinaryPrimitives.ReadUInt16LittleEndian(header[58..]) * BinaryPrimitives.ReadUInt16LittleEndian(header[60..]));
        return file.Length < end ? Text($"is incomplete: it has {file.Length:N0} of {end:N0} bytes") : null;
    }
}
