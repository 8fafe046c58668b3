using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Parts;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Distributions;

/// <summary>The file that the rows of a prior come from.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="WeightColumn">The column of the rows' weights; null where each counts 1.</param>
internal sealed record RowsSource(string Path, string? WeightColumn);

/// <summary>Rows of a table, drawn with replacement in proportion to their weights.</summary>
internal sealed class RowsPrior : Prior
{
    private readonly ReadOnlyMemory<float>[] _columns;
    private readonly (double Low, double High)[] _ranges;
    private readonly double[]? _cumulative;
    private readonly int _count;

    public RowsPrior(EventTable rows, RowsSource? source)
        : base((rows ?? throw new ArgumentNullException(nameof(rows))).ColumnNames)
    {
        Source = source;
        string where = source is null ? "the table" : EventParts.NameOf(source.Path);
        if (rows.Count == 0)
        {
            throw new DataException($"The prior of {string.Join(", ", Parameters)} has no rows in {where}; give one or more.");
        }

        Table = rows;
        _count = rows.Count;
        _columns = [.. Parameters.Select(rows.Memory)];
        _ranges = [.. Parameters.Select((name, k) => RangeOf(name, _columns[k].Span, where))];
        _cumulative = rows.HasWeights ? Cumulative(rows.Weights, where) : null;
    }

    /// <summary>The rows, with weights where they have any.</summary>
    public EventTable Table { get; }

    /// <summary>Where the rows come from; null for a table in memory.</summary>
    public RowsSource? Source { get; }

    public override bool HasDensity => false;

    /// <summary>Reads the rows of a Parquet or text file.</summary>
    public static RowsPrior Read(string path, IReadOnlyList<string> names, string? weightColumn)
    {
        var options = new EventReadOptions { WeightColumn = weightColumn };
        EventTable rows = TableFile.Read(path, names, options, CancellationToken.None);
        return new RowsPrior(rows, new RowsSource(Path.GetFullPath(path), weightColumn));
    }

    public override (double Low, double High) Range(int parameter, ReadOnlySpan<double> point) => _ranges[parameter];

    public override void Draw(Random random, Span<double> point)
    {
        int row = _cumulative is null ? random.Next(_count) : RowAt(random.NextDouble() * _cumulative[^1]);
        for (int k = 0; k < point.Length; k++)
        {
            point[k] = _columns[k].Span[row];
        }
    }

    public override double LogDensity(ReadOnlySpan<double> point) => throw new DataException(
        $"The prior of {string.Join(", ", Parameters)} is a set of rows and has no density p(θ), which importance weights, samplers, "
            + "posteriors by ratios and the information gain need; give a prior with a density, or train a posterior q(θ|x).");

    private static (double Low, double High) RangeOf(string name, ReadOnlySpan<float> values, string where)
    {
        (float low, float high) = (float.PositiveInfinity, float.NegativeInfinity);
        for (int row = 0; row < values.Length; row++)
        {
            (low, high) = float.IsFinite(values[row])
                ? (MathF.Min(low, values[row]), MathF.Max(high, values[row]))
                : throw new DataException(Text(
                    $"Parameter '{name}' is {values[row]} in row {row:N0} of {where}, expected finite numbers; drop the row."));
        }

        return (low, high);
    }

    private static double[] Cumulative(ReadOnlySpan<double> weights, string where)
    {
        double[] sums = new double[weights.Length];
        double sum = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            sum += weights[row] >= 0 ? weights[row] : throw new DataException(Text(
                $"The weight of row {row:N0} of {where} is {weights[row]}, expected 0 or more: rows of a prior are drawn by their ")
                + "weights.");
            sums[row] = sum;
        }

        return sum > 0 ? sums : throw new DataException($"All weights of {where} are 0, expected a sum above 0.");
    }

    private int RowAt(double sum)
    {
        int at = Array.BinarySearch(_cumulative!, sum);

        // Rows of weight 0 have the sum of the row before; the first row above the sum is meant.
        at = at < 0 ? ~at : at + 1;
        while (at < _count - 1 && _cumulative![at] <= sum)
        {
            at++;
        }

        return Math.Min(at, _count - 1);
    }
}
