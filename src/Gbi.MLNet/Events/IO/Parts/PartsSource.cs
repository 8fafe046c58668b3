using Gbi.Events.IO.Footers;
using Gbi.Events.IO.RowGroups;

namespace Gbi.Events.IO.Parts;

/// <summary>
/// Parts as one file: the row groups of all of them, in order; the columns of all of them, each of a type that holds the values of every
/// part, with the keys of folders as columns where the parts do not hold them; metadata on which all parts that have it agree.
/// </summary>
internal sealed class PartsSource : RowGroupSource
{
    private readonly int[] _firstGroups;
    private readonly Dictionary<string, StoredColumn>[] _columns;

    /// <summary>Puts parts together.</summary>
    public PartsSource(EventParts parts, IReadOnlyList<RowGroupSource> sources)
        : base(parts.Name, Unite(parts, sources), [.. sources.SelectMany(source => source.RowCounts)])
    {
        Parts = parts;
        Sources = sources;
        _columns = [.. sources.Select(source => source.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal))];
        _firstGroups = new int[sources.Count];
        for (int part = 1; part < sources.Count; part++)
        {
            _firstGroups[part] = _firstGroups[part - 1] + sources[part - 1].RowCounts.Count;
        }

        Metadata = sources.SelectMany(source => source.Metadata).GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .Where(pairs => pairs.All(pair => pair.Value == pairs.First().Value))
            .ToDictionary(pairs => pairs.Key, pairs => pairs.First().Value, StringComparer.Ordinal);
    }

    /// <summary>Where the parts are.</summary>
    public EventParts Parts { get; }

    /// <summary>The parts.</summary>
    public IReadOnlyList<RowGroupSource> Sources { get; }

    public override IReadOnlyDictionary<string, string> Metadata { get; }

    public override RowGroupReader Open() => new PartsReader(this);

    public override string RowName(long row)
    {
        for (int part = 0; part < Sources.Count; part++)
        {
            if (row < Sources[part].RowCount)
            {
                return $"{Sources[part].RowName(row)} of {Sources[part].Name}";
            }

            row -= Sources[part].RowCount;
        }

        return base.RowName(row);
    }

    /// <summary>The part of a row group, and the number of the row group in it.</summary>
    public (int Part, int RowGroup) Locate(int rowGroup)
    {
        int part = Array.BinarySearch(_firstGroups, rowGroup);
        part = part < 0 ? ~part - 1 : part;

        // Of parts without row groups, the first has the number of the next one too.
        while (Sources[part].RowCounts.Count == 0 || (part + 1 < _firstGroups.Length && _firstGroups[part + 1] <= rowGroup))
        {
            part++;
        }

        return (part, rowGroup - _firstGroups[part]);
    }

    /// <summary>A column as a part holds it; null where it is a key of the part's folders.</summary>
    public StoredColumn? ColumnOf(int part, string name) => _columns[part].GetValueOrDefault(name);

    private static List<StoredColumn> Unite(EventParts parts, IReadOnlyList<RowGroupSource> sources)
    {
        var united = new Dictionary<string, UnitedColumn>(StringComparer.Ordinal);
        List<string> order = [];
        for (int part = 0; part < sources.Count; part++)
        {
            string name = sources[part].Name;
            foreach (StoredColumn column in sources[part].Columns)
            {
                Add(column, name);
            }

            HashSet<string> held = [.. sources[part].Columns.Select(column => column.Name)];
            foreach (PartKey key in parts.Keys.Where(key => !held.Contains(key.Name) && parts.Files[part].Keys.ContainsKey(key.Name)))
            {
                Add(key.Column, name);
            }
        }

        return [.. order.Select(name => united[name].In(parts.Name, sources.Select(source => source.Name)))];

        void Add(StoredColumn column, string part)
        {
            if (united.TryGetValue(column.Name, out UnitedColumn? known))
            {
                known.Add(column, part);
            }
            else
            {
                united[column.Name] = new UnitedColumn(column, part);
                order.Add(column.Name);
            }
        }
    }
}
