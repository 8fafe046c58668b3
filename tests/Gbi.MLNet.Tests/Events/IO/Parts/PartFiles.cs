using Gbi.Events.IO;

namespace Gbi.Tests.Events.IO.Parts;

/// <summary>Writes parts with columns of chosen types.</summary>
internal static class PartFiles
{
    public static void Write(string path, params (string Name, Array Values)[] columns)
    {
        using var writer = new ParquetArrayWriter(
            path, columns.Select(column => (column.Name, column.Values.GetType().GetElementType()!)), new ParquetWriteOptions());
        writer.Append([.. columns.Select(column => column.Values)]);
        writer.Complete();
    }

    public static ReadOnlyMemory<char>[] Words(params string[] words) => [.. words.Select(word => word.AsMemory())];

    public static float[] Read(string path, string column) => new ParquetEventReader(path).Read([column])[column].ToArray();
}
