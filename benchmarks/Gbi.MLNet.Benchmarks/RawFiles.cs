using System.Runtime.InteropServices;
using Gbi.Events;

namespace Gbi.Benchmarks;

/// <summary>The files that the scripts gen.py write: raw numbers, little-endian, row-major.</summary>
internal static class RawFiles
{
    /// <summary>All numbers of a file of singles.</summary>
    public static float[] Floats(string folder, string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, name))).ToArray();

    /// <summary>A file of rows as a table.</summary>
    public static EventTable Columns(string folder, string name, string[] features) => Columns(Floats(folder, name), features);

    /// <summary>Rows as a table.</summary>
    public static EventTable Columns(float[] rows, string[] features) =>
        EventTable.FromColumns([.. features.Select((feature, at) =>
        {
            float[] values = new float[rows.Length / features.Length];
            for (int row = 0; row < values.Length; row++)
            {
                values[row] = rows[(row * features.Length) + at];
            }

            return (feature, values);
        })]);
}
