namespace Gbi.Benchmarks.Searches.Nulls;

/// <summary>All studies, and those of the power beside them.</summary>
internal static class NullStudies
{
    /// <summary>The studies of a kind: shapes, dijets, family, or the folder of the LHC Olympics data.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="names">Those to run, by their whole name or its first words; none for all.</param>
    public static IEnumerable<NullStudy> Of(string kind, IReadOnlyCollection<string> names)
    {
        IEnumerable<NullStudy> all = kind switch
        {
            "shapes" => ShapeNulls.All,
            "dijets" => DijetNulls.All,
            "family" => FamilyNulls.All,
            _ => [.. new LhcoNulls(kind).All, .. new LhcoPower(kind).All],
        };
        return all.Where(study => names.Count == 0 || names.Any(
            name => study.Name == name || study.Name.StartsWith(name + ' ', StringComparison.Ordinal)));
    }
}
