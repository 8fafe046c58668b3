using Gbi.Events.IO.RowGroups;
using PureHDF;
using PureHDF.VOL.Native;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Hdf5;

/// <summary>
/// A table in an HDF5 file: a one-dimensional dataset of structures, or the one- and two-dimensional datasets of a group that have one
/// length. A file with several tables needs the name of one: events.h5:group/table.
/// </summary>
internal sealed class Hdf5Source : RowGroupSource
{
    private const int MostRows = 65_536, MostBytes = 1 << 26, DeepestGroup = 32;
    private readonly string _path;
    private readonly (long Length, DateTime Written) _state;

    private Hdf5Source(string path, string name, Hdf5Column[] columns, long rows, int rowLength)
        : base(name, [.. columns.Select((column, leaf) => column.Stored with { Leaf = leaf })], RowGroups(rows, rowLength))
    {
        _path = path;
        _state = State(path);
        Own = columns;
    }

    /// <summary>The columns, with the places of their values.</summary>
    public IReadOnlyList<Hdf5Column> Own { get; }

    public override IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>Finds the table of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="table">Path of a group or of a dataset of structures; null where there is one table.</param>
    /// <exception cref="DataException">The file is damaged, or has no table, or several and none is named.</exception>
    public static Hdf5Source Read(string path, string name, string? table)
    {
        using NativeFile file = Guarded(name, () => H5File.OpenRead(path));
        return Guarded(name, () =>
        {
            Dictionary<string, List<(string Path, IH5Dataset Dataset)>> tables = new(StringComparer.Ordinal);
            Collect(file, "", 0, tables);
            string[] names = [.. tables.Keys.Order(StringComparer.Ordinal)];
            string? chosen = table is null ? names.Length == 1 ? names[0] : null : names.FirstOrDefault(key => key == table.Trim('/'));
            if (names.Length == 0)
            {
                throw new DataException(
                    $"{name} has no table: expected a dataset of structures, or a group of one- or two-dimensional datasets.");
            }

            string shown = string.Join(", ", names.Take(5).Select(key => key.Length == 0 ? "/" : key)) + (names.Length > 5 ? ", …" : "");
            return chosen is not null ? Of(path, name, tables[chosen]) : throw new DataException(table is null
                ? $"{name} has {names.Length} tables, {shown}; name one, such as {name}:{(names[0].Length == 0 ? "/" : names[0])}."
                : $"{name} has no table '{table}'; it has {shown}.");
        });
    }

    public override RowGroupReader Open()
    {
        NativeFile file = Guarded(Name, () => H5File.OpenRead(_path));
        if (State(_path) == _state)
        {
            return new Hdf5Reader(this, file);
        }

        file.Dispose();
        throw new DataException($"{Name} was replaced while it was read; run again.");
    }

    private static Hdf5Source Of(string path, string name, List<(string Path, IH5Dataset Dataset)> datasets)
    {
        // The length that most of the datasets have is that of the table.
        long rows = datasets.Where(one => one.Dataset.Space.Rank is 1 or 2).GroupBy(one => Rows(one.Dataset))
            .OrderByDescending(same => same.Count()).ThenByDescending(same => same.Key).First().Key;
        Hdf5Column[] columns = [.. datasets.SelectMany(one => one.Dataset.Space.Rank is 1 or 2 && Rows(one.Dataset) != rows
            ? [Hdf5Column.Unread(one.Path, one.Path[(one.Path.LastIndexOf('/') + 1)..], Text($"array of {Rows(one.Dataset)} rows"))]
            : Hdf5Column.Of(one.Path, one.Dataset, datasets.Count == 1))];
        string? twice = columns.GroupBy(column => column.Stored.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new DataException($"{name} has two columns '{twice}'; rename one of its datasets.");
        }

        long length = datasets.Max(
            one => one.Dataset.Type.Size * (one.Dataset.Space.Rank == 2 ? (long)one.Dataset.Space.Dimensions[1] : 1));
        return new Hdf5Source(path, name, columns, rows, (int)Math.Clamp(length, 1, MostBytes));
    }

    private static void Collect(
        IH5Group group, string at, int depth, Dictionary<string, List<(string Path, IH5Dataset Dataset)>> tables)
    {
        if (depth > DeepestGroup)
        {
            throw new InvalidDataException("its groups are nested without an end");
        }

        List<(string Path, IH5Dataset Dataset)> flat = [];
        foreach (IH5Object child in group.Children().OrderBy(child => child.Name, StringComparer.Ordinal))
        {
            string path = at.Length == 0 ? child.Name : $"{at}/{child.Name}";
            if (child is IH5Group inner)
            {
                Collect(inner, path, depth + 1, tables);
            }
            else if (child is IH5Dataset dataset && dataset.Type.Class == H5DataTypeClass.Compound && dataset.Space.Rank == 1)
            {
                tables[path] = [(path, dataset)];
            }
            else if (child is IH5Dataset other)
            {
                flat.Add((path, other));
            }
        }

        if (flat.Exists(one => one.Dataset.Space.Rank is 1 or 2))
        {
            tables[at] = flat;
        }
    }

    private static long Rows(IH5Dataset dataset) => checked((long)dataset.Space.Dimensions[0]);

    private static long[] RowGroups(long rows, int rowLength)
    {
        int most = Math.Clamp(MostBytes / rowLength, 1, MostRows);
        int count = checked((int)((rows + most - 1) / most));
        return [.. Enumerable.Range(0, count).Select(group => Math.Min(most, rows - ((long)group * most)))];
    }

    private static (long Length, DateTime Written) State(string path) =>
        (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path));

    /// <summary>What is wrong with a file; a damaged one may ask for more memory than there is.</summary>
    internal static string ReasonOf(Exception cause) => cause is OutOfMemoryException
        ? "it declares a length for which there is not enough memory"
        : cause.Message.Split('\n')[0].Split(". Make sure")[0].Replace("\0", "").Trim().TrimEnd('.');

    // The package throws exceptions of all kinds.
    private static T Guarded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception cause) when (cause is not DataException)
        {
            throw new DataException(
                $"{name} cannot be read as an HDF5 file ({ReasonOf(cause)}); it is damaged or of a kind that is "
                    + "not known: write it again.",
                cause);
        }
    }
}
