using System.Globalization;
using Gbi.Onnx.Graphs;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Adoption;

/// <summary>An input of a network and the columns that it takes.</summary>
/// <param name="Tensor">The input.</param>
/// <param name="Columns">Columns, or numbers that are the same for all events.</param>
internal sealed record NetworkInput(GraphTensor Tensor, IReadOnlyList<string> Columns)
{
    /// <summary>Sizes of an event's numbers, behind that which counts events.</summary>
    public IEnumerable<long> Trailing => Tensor.Shape is { Count: > 2 } shape
        ? shape.Skip(1).Select(size => size is > 0 ? size.Value : Columns.Count)
        : [Columns.Count];

    /// <summary>Numbers of an event; null where the file leaves them open.</summary>
    public static long? WidthOf(GraphTensor tensor) => tensor.Shape switch
    {
        null => null,
        { Count: 0 or 1 } => 1,
        var shape => shape.Skip(1).All(size => size is > 0) ? shape.Skip(1).Aggregate(1L, (product, size) => product * size!.Value) : null,
    };

    /// <summary>The number that stands in place of a column; null for a column.</summary>
    public static double? Constant(string column) =>
        double.TryParse(column, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;
}

/// <summary>The inputs of a network with their columns.</summary>
/// <param name="Inputs">The inputs, in the order of the graph.</param>
/// <param name="Features">All columns, each once.</param>
/// <param name="Batch">The one number of events that the graph says it takes; null for any.</param>
internal sealed record NetworkInputs(IReadOnlyList<NetworkInput> Inputs, IReadOnlyList<string> Features, long? Batch)
{
    private const int FeatureOrder = 0;
    private const int LongestList = 8;

    // Buffers of more events than this would be too large.
    private const long MaxBatch = 1 << 20;

    /// <summary>Spreads columns over inputs, and notes what is missing.</summary>
    /// <returns>The inputs; null where their widths are not known. Where columns are not, they have names that stand for them.</returns>
    public static NetworkInputs? Of(IReadOnlyList<GraphTensor> inputs, OnnxMapping mapping, string? named, AdoptionProblems problems)
    {
        if (!AreUsable(inputs, problems))
        {
            return null;
        }

        var columns = new Dictionary<string, IReadOnlyList<string>>();
        foreach ((string key, IReadOnlyList<string> given) in mapping.Inputs)
        {
            if (Find(inputs, key) is not { } input)
            {
                problems.Missing($"there is no input '{key}', its inputs are {Listed(inputs)}");
            }
            else if (!columns.TryAdd(input.Name, given))
            {
                problems.Missing($"input '{input.Name}' is given columns twice, by its name and by its position; give them once");
            }
        }

        GraphTensor[] open = [.. inputs.Where(input => !columns.ContainsKey(input.Name))];
        if (open.Length > 0 && !Spread(open, mapping.Features ?? named?.Split(','), columns, problems))
        {
            return null;
        }

        if (open.Length == 0 && mapping.Features is not null)
        {
            problems.Missing("columns of all inputs are given, and features besides; leave the features out");
        }

        foreach (GraphTensor input in inputs)
        {
            if (NetworkInput.WidthOf(input) is { } width && width != columns[input.Name].Count)
            {
                problems.Missing(Text(
                    $"input '{input.Name}' ({input.Meaning}) takes {width} numbers an event, but {columns[input.Name].Count} columns are ")
                    + $"given: {string.Join(", ", columns[input.Name])}");
                problems.Option(FeatureOrder, $"--features {Placeholders(width)}");
                return null;
            }
        }

        NetworkInput[] found = [.. inputs.Select(input => new NetworkInput(input, columns[input.Name]))];
        string[] features = ColumnsOf(found);
        RequireNames(features, mapping, problems);
        long? batch = BatchOf(inputs, problems, out bool isUsable);
        foreach (NetworkInput input in found.Where(input => input.Tensor.Shape is { Count: 0 }
            && NetworkInput.Constant(input.Columns[0]) is null))
        {
            problems.Missing($"input '{input.Tensor.Name}' ({input.Tensor.Meaning}) takes one number for all events, which is not given");
            problems.Option(FeatureOrder, $"--features {Placeholders(features.Length - 1)} --input "
                + AdoptionProblems.Quoted($"{input.Tensor.Name}=0"));
            isUsable = false;
        }

        return features.Length > 0 && isUsable ? new NetworkInputs(found, features, batch) : null;
    }

    /// <summary>Some of the inputs, and their columns.</summary>
    public NetworkInputs Only(IReadOnlyCollection<GraphTensor> tensors)
    {
        NetworkInput[] kept = [.. Inputs.Where(input => tensors.Contains(input.Tensor))];
        return this with { Inputs = kept, Features = ColumnsOf(kept) };
    }

    private static string[] ColumnsOf(IEnumerable<NetworkInput> inputs) =>
        [.. inputs.SelectMany(input => input.Columns).Where(name => NetworkInput.Constant(name) is null).Distinct()];

    private static bool AreUsable(IReadOnlyList<GraphTensor> inputs, AdoptionProblems problems)
    {
        if (inputs.Count == 0)
        {
            problems.Impossible("it has no input on which its output depends");
        }

        foreach (GraphTensor input in inputs)
        {
            string? reason = input.Type switch
            {
                OnnxType.Text => "takes text; encode it as numbers before, and export the network without that step",
                OnnxType.None => "is no tensor of numbers; export the network with tensors",
                OnnxType.Complex64 or OnnxType.Complex128 => "takes complex numbers, which events do not have",
                _ when input.Shape is [not null and not 1] =>
                    "has no dimension that counts events; export the network with inputs of [events, columns]",
                _ => null,
            };
            if (reason is not null)
            {
                problems.Impossible($"input '{input.Name}' ({input.Meaning}) {reason}");
            }
        }

        return inputs.Count > 0 && inputs.All(input => input.Type is not (OnnxType.Text or OnnxType.None));
    }

    private static bool Spread(
        GraphTensor[] open, IReadOnlyList<string>? given, Dictionary<string, IReadOnlyList<string>> columns, AdoptionProblems problems)
    {
        long?[] widths = [.. open.Select(NetworkInput.WidthOf)];
        bool isOneEach = open.Length > 1 && widths.All(width => width == 1);
        if (given is null && !isOneEach)
        {
            return NameThem(open, widths, columns, problems);
        }

        string[] names = [.. given ?? open.Select(input => input.Name)];
        if (names.FirstOrDefault(name => NetworkInput.Constant(name) is not null) is { } number)
        {
            problems.Missing($"the feature '{number}' is a number and no column; a number that is the same for all events belongs to an "
                + $"input (--input NAME=A,{number}), and a column of that name has to be renamed");
            return false;
        }

        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            problems.Missing($"the feature '{twice.Key}' is given twice; give each column once, or, if the network takes it twice, by "
                + $"--input NAME={twice.Key},{twice.Key}");
            return false;
        }

        if (isOneEach && names.Length == open.Length && open.All(input => names.Contains(input.Name)))
        {
            Array.ForEach(open, input => columns[input.Name] = [input.Name]);
            return true;
        }

        if (widths.Count(width => width is null) > 1)
        {
            problems.Missing($"several inputs leave open how many columns they take, {Listed(open)}; name those of each");
            problems.Option(
                FeatureOrder, string.Join(' ', open.Select(input => $"--input {AdoptionProblems.Quoted($"{input.Name}=A,B")}")));
            return false;
        }

        long rest = names.Length - widths.Sum(width => width ?? 0);
        if (widths.All(width => width is not null) ? rest != 0 : rest < 1)
        {
            long wanted = widths.Sum(width => width ?? 1);
            problems.Missing(Text($"{Counted(names.Length, "feature")} given ({string.Join(", ", names)}), but its inputs take {wanted}: ")
                + Listed(open));
            problems.Option(FeatureOrder, $"--features {Placeholders(wanted)}");
            return false;
        }

        int start = 0;
        for (int i = 0; i < open.Length; i++)
        {
            int width = (int)(widths[i] ?? rest);
            columns[open[i].Name] = names[start..(start + width)];
            start += width;
        }

        return true;
    }

    /// <summary>Notes that columns have no names; gives them some, so that the network can be tried all the same.</summary>
    private static bool NameThem(
        GraphTensor[] open, long?[] widths, Dictionary<string, IReadOnlyList<string>> columns, AdoptionProblems problems)
    {
        long? total = widths.All(width => width is not null) ? widths.Sum() : null;
        problems.Missing(total is { } known
            ? Text($"the columns that it takes are not named, {known} in the order of the network for {Listed(open)}")
            : $"the columns that it takes are not named, in the order of the network for {Listed(open)}");
        problems.Option(FeatureOrder, $"--features {(total is null ? "COL1,COL2,..." : Placeholders(total.Value))}");
        if (total is null or > int.MaxValue)
        {
            return false;
        }

        foreach ((GraphTensor input, long? width) in open.Zip(widths))
        {
            columns[input.Name] = [.. Enumerable.Range(0, (int)width!.Value).Select(column => $"{input.Name}.{column}")];
        }

        return true;
    }

    private static void RequireNames(string[] features, OnnxMapping mapping, AdoptionProblems problems)
    {
        if (features.Length == 0)
        {
            problems.Impossible("no input takes a column of the events");
        }

        if (features.FirstOrDefault(name => name.Length == 0 || name.Contains(',', StringComparison.Ordinal)) is { } wrong)
        {
            problems.Impossible(
                $"the column '{wrong}' has an empty name or one with a comma, which separates names in an ONNX file; rename the column");
        }

        string[] unknown = [.. mapping.Standardise.Keys.Except(features)];
        if (unknown.Length > 0)
        {
            problems.Missing(
                $"{string.Join(", ", unknown)} would be standardised, but the features are {string.Join(", ", features)}; leave it out or "
                    + "correct the name");
        }
    }

    private static long? BatchOf(IReadOnlyList<GraphTensor> inputs, AdoptionProblems problems, out bool isUsable)
    {
        long[] sizes = [.. inputs.Where(input => input.Shape is { Count: > 0 }).Select(input => input.Shape![0]).OfType<long>()
            .Where(size => size > 0).Distinct()];
        if (sizes.Length > 1)
        {
            problems.Impossible($"its inputs take different numbers of events, {Listed(inputs)}; export it with an open number of events");
        }

        if (sizes.Any(size => size > MaxBatch))
        {
            problems.Impossible(Text(
                $"it takes {Counted(sizes.Max(), "event")} at a time, expected {MaxBatch:N0} at most; export it with an open "
                    + $"number of events"));
        }

        isUsable = sizes.Length <= 1 && sizes.All(size => size <= MaxBatch);
        return sizes.Length == 1 ? sizes[0] : null;
    }

    private static GraphTensor? Find(IReadOnlyList<GraphTensor> inputs, string key) =>
        inputs.FirstOrDefault(input => input.Name == key)
        ?? (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < inputs.Count ? inputs[at] : null);

    private static string Listed(IReadOnlyList<GraphTensor> tensors) =>
        string.Join(", ", tensors.Take(LongestList).Select(tensor => $"'{tensor.Name}' {tensor.Meaning}"))
        + (tensors.Count > LongestList ? Text($" and {tensors.Count - LongestList} more") : "");

    private static string Placeholders(long count) => count <= LongestList
        ? string.Join(',', Enumerable.Range(1, (int)count).Select(column => $"COL{column}"))
        : Text($"COL1,COL2,...,COL{count}");
}
