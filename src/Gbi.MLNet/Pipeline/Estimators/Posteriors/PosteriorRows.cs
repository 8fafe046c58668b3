using System.Text.Json;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Views;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;

namespace Gbi.Pipeline.Estimators.Posteriors;

/// <summary>Summaries of the posteriors of rows, from draws of a block of rows at once.</summary>
internal sealed class PosteriorRows(TreePosterior posterior, PosteriorDrawing drawing) : IRowModel
{
    // Draws of a block: enough to keep all cores busy, few enough to stay in memory.
    private const int DrawsOfABlock = 1 << 19;

    private readonly double[] _shares = [.. Enumerable.Repeat(1.0 / drawing.Count, drawing.Count)];

    public TreePosterior Posterior => posterior;

    public int BlockSize { get; } = Math.Clamp(DrawsOfABlock / drawing.Count, 1, 4096);

    public IReadOnlyList<string>? FeatureNames => posterior.Features;

    public IReadOnlyList<IReadOnlyList<string>> Slots { get; } = drawing.Slots(posterior.Parameters);

    /// <summary>Reads how it draws, one line, and the posterior behind it.</summary>
    public static PosteriorRows Parse(string text)
    {
        string[] parts = text.Split('\n', 2);
        return parts.Length == 2 && JsonSerializer.Deserialize<Header>(parts[0]) is { } header
            ? new PosteriorRows(
                TreePosterior.Parse(parts[1]),
                new PosteriorDrawing(header.Count, new Seed(header.Seed), header.Levels, header.Outputs))
            : throw new DataException(
                "The model holds a posterior in the format of another version of Gbi.MLNet; fit and save it again with this version.");
    }

    public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
    {
        int width = posterior.Features.Count;
        int infinite = rows.Span[..(count * width)].IndexOfAny(float.PositiveInfinity, float.NegativeInfinity);
        if (infinite >= 0)
        {
            throw new DataException(
                $"Feature '{posterior.Features[infinite % width]}' of a posterior is infinite, expected a number; give NaN where a value "
                    + "is missing.");
        }

        EventTable features = ViewTable.OfRows(rows, count, width, posterior.Features);
        Seed[] seeds = [.. Enumerable.Range(0, count).Select(row => drawing.SeedOf(rows.Span.Slice(row * width, width)))];
        EventTable draws = posterior.Draw(features, drawing.Count, seeds).Table;
        ReadOnlyMemory<float>[] columns = [.. posterior.Parameters.Select(draws.Memory)];
        int numbers = outputs.Length / count;
        EventBlocks.ForEachIndex(count, row => Summarise(columns, row, outputs.Span.Slice(row * numbers, numbers)));
    }

    /// <summary>The outputs of the events of a table, a block of rows at a time; one column a number.</summary>
    /// <exception cref="DataException">A feature is no column or infinite.</exception>
    public float[][] Columns(EventTable events, CancellationToken cancellation)
    {
        ReadOnlyMemory<float>[] features = [.. posterior.Features.Select(events.Memory)];
        int width = (int)drawing.Width(posterior.Parameters.Count);
        float[][] columns = [.. Enumerable.Range(0, width).Select(_ => new float[events.Count])];
        for (int start = 0; start < events.Count; start += BlockSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(BlockSize, events.Count - start);
            float[] rows = new float[count * features.Length];
            for (int i = 0; i < rows.Length; i++)
            {
                rows[i] = features[i % features.Length].Span[start + (i / features.Length)];
            }

            float[] outputs = new float[count * width];
            Evaluate(rows, count, outputs);
            for (int i = 0; i < outputs.Length; i++)
            {
                columns[i % width][start + (i / width)] = outputs[i];
            }
        }

        return columns;
    }

    public string Serialize() =>
        $"{JsonSerializer.Serialize(new Header(drawing.Count, drawing.Seed.Value, drawing.Levels, drawing.Outputs))}\n"
            + posterior.Serialize();

    private void Summarise(ReadOnlyMemory<float>[] columns, int row, Span<float> numbers)
    {
        for (int k = 0; k < columns.Length; k++)
        {
            ReadOnlySpan<float> draws = columns[k].Span.Slice(row * drawing.Count, drawing.Count);
            WeightedValues marginal = Sorted(draws);
            int start = 0;
            foreach (PosteriorOutput output in drawing.Outputs)
            {
                int length = drawing.NumbersOf(output);
                Span<float> target = numbers.Slice(start + (k * length), length);
                switch (output)
                {
                    case PosteriorOutput.Mean:
                        target[0] = (float)marginal.Mean;
                        break;
                    case PosteriorOutput.Deviation:
                        target[0] = (float)Math.Sqrt(marginal.Variance);
                        break;
                    case PosteriorOutput.Quantiles:
                        for (int level = 0; level < length; level++)
                        {
                            target[level] = (float)marginal.Quantile(drawing.Levels[level]);
                        }

                        break;
                    default:
                        draws.CopyTo(target);
                        break;
                }

                start += columns.Length * length;
            }
        }
    }

    private WeightedValues Sorted(ReadOnlySpan<float> draws)
    {
        double[] values = new double[draws.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = draws[i];
        }

        return new WeightedValues(values, _shares);
    }

    private sealed record Header(int Count, ulong Seed, double[] Levels, PosteriorOutput[] Outputs);
}
