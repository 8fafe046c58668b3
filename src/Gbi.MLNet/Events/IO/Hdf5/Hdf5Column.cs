using Gbi.Events.IO.Footers;
using PureHDF;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Hdf5;

/// <summary>A column of a table in an HDF5 file.</summary>
/// <param name="Dataset">Path of the dataset that holds it.</param>
/// <param name="Stored">Name and kind.</param>
/// <param name="Layout">How a value lies in the bytes of a row.</param>
/// <param name="Offset">Where the value begins in a row.</param>
/// <param name="HasOwnText">Whether the text of each row lies elsewhere in the file.</param>
internal sealed record Hdf5Column(string Dataset, StoredColumn Stored, Hdf5Layout Layout, int Offset, bool HasOwnText = false)
{
    // A dataset of pictures is no table.
    private const int MostColumns = 10_000;

    /// <summary>The columns of a dataset: one of a flat one, one for each column of a matrix and for each member of a structure.</summary>
    /// <param name="path">The dataset's path.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="isAlone">Whether it is the only one of its group, so that its name says nothing.</param>
    public static IEnumerable<Hdf5Column> Of(string path, IH5Dataset dataset, bool isAlone)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        ulong[] sizes = dataset.Space.Dimensions;
        return sizes.Length switch
        {
            0 => [Unread(path, name, "scalar")],
            1 when dataset.Type.Class == H5DataTypeClass.Compound => Members(path, dataset.Type.Compound.Members),
            1 when IsOwnText(dataset) => [new Hdf5Column(path, Column(name, ValueKind.Text), default, 0, HasOwnText: true)],
            1 => Values(path, name, dataset.Type, 0),
            2 when sizes[1] <= MostColumns => Array(path, isAlone ? "column" : name, dataset.Type, (int)sizes[1], 0),
            2 => [Unread(path, name, Text($"matrix of {sizes[1]} columns"))],
            _ => [Unread(path, name, Text($"array of {sizes.Length} dimensions"))],
        };
    }

    /// <summary>A column that is named and not read.</summary>
    public static Hdf5Column Unread(string path, string name, string type) =>
        new(path, Column(name, ValueKind.Unknown) with { Description = type }, default, 0);

    private static IEnumerable<Hdf5Column> Members(string path, IEnumerable<CompoundMember> members) =>
        members.SelectMany(member => Values(path, member.Name, member.Type, member.Offset));

    private static IEnumerable<Hdf5Column> Values(string path, string name, IH5DataType type, int offset)
    {
        if (type.Class == H5DataTypeClass.Array && type.Array.BaseType is { Size: > 0 } inner && type.Size / inner.Size <= MostColumns)
        {
            return Array(path, name, inner, type.Size / inner.Size, offset);
        }

        var layout = Hdf5Layout.Of(type);
        return layout.Kind == ValueKind.Unknown
            ? [Unread(path, name, Text($"{type.Class} of {type.Size} bytes"))]
            : [new Hdf5Column(path, Column(name, layout.Kind), layout, offset)];
    }

    private static IEnumerable<Hdf5Column> Array(string path, string name, IH5DataType type, int count, int offset) =>
        Enumerable.Range(0, count).SelectMany(i => Values(path, Text($"{name}_{i}"), type, offset + (i * type.Size)));

    private static StoredColumn Column(string name, ValueKind kind) => new() { Name = name, Kind = kind, IsNullable = false };

    // Text and sequences of variable length have one class; the package reads text alone as text.
    private static bool IsOwnText(IH5Dataset dataset)
    {
        if (dataset.Type.Class != H5DataTypeClass.VariableLength)
        {
            return false;
        }

        try
        {
            return dataset.Space.Dimensions[0] > 0
                && dataset.Read<string[]>(new PureHDF.Selections.HyperslabSelection(0, 1)) is { Length: 1 };
        }
        catch (Exception)
        {
            // The package throws exceptions of all kinds, that of memory among them where a length is damaged.
            return false;
        }
    }
}
