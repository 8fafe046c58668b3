using Gbi.Events;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.EventSets;

/// <summary>
/// Features of a set of independent events of any number N: N, and of each column the mean, the standard deviation √(Σ(x−x̄)²/N), quantiles
/// and the correlations with other columns. They do not depend on the order of the events.
/// </summary>
/// <remarks>
/// A quantile p lies between the values of the ranks around (N−1)p, counted from 0, in proportion. A correlation with a column that is
/// constant in the set is 0. Where an event has a NaN or an infinity, all features of its set are NaN: it has failed.
/// </remarks>
public sealed class EventSetSummary
{
    /// <summary>Name of the feature N.</summary>
    public const string Count = "count";

    private static readonly int[] Percents = [5, 25, 50, 75, 95];

    /// <summary>A summary of columns of events.</summary>
    /// <param name="columns">Names of the columns. One or more.</param>
    public EventSetSummary(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count, nameof(columns));
        Columns = [.. columns];
        Features =
        [
            Count,
            .. columns.Select(name => $"mean({name})"),
            .. columns.Select(name => $"deviation({name})"),
            .. Percents.SelectMany(percent => columns.Select(name => Text($"q{percent}({name})"))),
            .. columns.SelectMany((first, i) => columns.Skip(i + 1).Select(second => $"correlation({first}, {second})")),
        ];
    }

    /// <summary>Columns of events that are summarised.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Names of the features: <c>count</c>, <c>mean(x)</c>, <c>deviation(x)</c>, <c>q5(x)</c> to <c>q95(x)</c>,
    /// <c>correlation(x, y)</c>.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>The summary that has these features, or more; null where one of them is no feature of a summary.</summary>
    public static EventSetSummary? TryOf(IReadOnlyList<string> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        string[] columns = [.. features.SelectMany(ColumnsOf).Distinct()];
        return columns.Length > 0 && new EventSetSummary(columns) is var summary && features.All(summary.HasFeature) ? summary : null;
    }

    /// <summary>The features of one set.</summary>
    /// <param name="events">Its events, unweighted; one or more.</param>
    /// <returns>One row.</returns>
    /// <exception cref="DataException">A column is missing, or there is no event, or there are weights.</exception>
    public EventTable Of(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return Of(new EventSetRows(events, [0]));
    }

    /// <summary>The features of several sets.</summary>
    /// <param name="events">Events of all sets, unweighted; those of a set follow each other.</param>
    /// <param name="setColumn">Column whose value is the same in all events of a set and changes from one set to the next.</param>
    /// <returns>One row a set, in their order.</returns>
    /// <exception cref="DataException">A column is missing, there are weights, or the events of a set are in two places.</exception>
    public EventTable Of(EventTable events, string setColumn)
    {
        ArgumentNullException.ThrowIfNull(events);
        return Of(EventSetRows.By(setColumn, events));
    }

    /// <summary>The features of several sets, one row each.</summary>
    internal EventTable Of(EventSetRows sets)
    {
        sets.RequireUnweighted();
        ReadOnlyMemory<float>[] columns = [.. Columns.Select(sets.Events.Memory)];
        float[][] features = [.. Features.Select(_ => new float[sets.Count])];
        EventBlocks.ForEach(sets.Count, (start, length) =>
        {
            double[][] values = [.. columns.Select(_ => Array.Empty<double>())];
            for (int set = start; set < start + length; set++)
            {
                (int from, int count) = sets.RowsOf(set);
                if (values[0].Length < count)
                {
                    values = [.. columns.Select(_ => new double[count])];
                }

                features[0][set] = count;
                bool isFinite = true;
                for (int k = 0; k < columns.Length; k++)
                {
                    Span<double> ofColumn = values[k].AsSpan(0, count);
                    isFinite &= Widen(columns[k].Span.Slice(from, count), ofColumn);
                    Fill(features, set, k, ofColumn, [.. ofColumn]);
                }

                FillCorrelations(features, set, values, count);
                for (int i = 0; i < features.Length && !isFinite; i++)
                {
                    features[i][set] = float.NaN;
                }
            }
        }, blockSize: 16);
        return EventTable.FromColumns([.. Features.Zip(features)]);
    }

    private bool HasFeature(string name) => Features.Contains(name);

    /// <summary>Mean, deviation and quantiles; leaves the standardised values.</summary>
    private void Fill(float[][] features, int set, int column, Span<double> values, double[] sorted)
    {
        Array.Sort(sorted);
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        double squares = 0;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        double deviation = Math.Sqrt(squares / values.Length);
        features[1 + column][set] = (float)mean;
        features[1 + Columns.Count + column][set] = (float)deviation;
        for (int i = 0; i < Percents.Length; i++)
        {
            features[1 + ((2 + i) * Columns.Count) + column][set] = (float)Quantile(sorted, Percents[i] / 100.0);
        }

        // Rounding leaves a deviation of a few units in the last place where all values are the same.
        bool isConstant = sorted[0] == sorted[^1];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = isConstant ? 0 : (values[i] - mean) / deviation;
        }
    }

    private void FillCorrelations(float[][] features, int set, double[][] standardised, int count)
    {
        int feature = 1 + ((2 + Percents.Length) * Columns.Count);
        for (int j = 0; j < Columns.Count; j++)
        {
            for (int k = j + 1; k < Columns.Count; k++)
            {
                double sum = 0;
                for (int i = 0; i < count; i++)
                {
                    sum += standardised[j][i] * standardised[k][i];
                }

                features[feature++][set] = (float)(sum / count);
            }
        }
    }

    private static double Quantile(double[] sorted, double probability)
    {
        double rank = (sorted.Length - 1) * probability;
        int below = Math.Min((int)rank, sorted.Length - 1);
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((rank - below) * (above - sorted[below]));
    }

    /// <summary>Copies values; whether all are finite.</summary>
    private static bool Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        bool isFinite = true;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
            isFinite &= float.IsFinite(from[i]);
        }

        return isFinite;
    }

    /// <summary>The columns in the name of a feature; a name that is none has one column that no summary gives it back for.</summary>
    private static string[] ColumnsOf(string feature)
    {
        int open = feature.IndexOf('(', StringComparison.Ordinal);
        return feature == Count ? []
            : open < 0 || !feature.EndsWith(')') ? [feature]
            : feature[(open + 1)..^1].Split(", ");
    }
}
