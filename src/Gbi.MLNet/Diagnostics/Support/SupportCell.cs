using Gbi.Events;

namespace Gbi.Diagnostics.Support;

/// <summary>A cell of feature space with what lies in it of some events and of a template.</summary>
/// <param name="EventWeight">Σ w of the events.</param>
/// <param name="Template">Σ w and Σ w² of the template.</param>
internal sealed record SupportCell(double EventWeight, WeightSums Template)
{
    /// <summary>
    /// Cells of at most <paramref name="size"/> events, by medians of one feature after the other; larger ones where no feature divides
    /// them.
    /// </summary>
    public static IEnumerable<SupportCell> Divide(EventTable events, EventTable template, IReadOnlyList<string> features, int size)
    {
        ReadOnlyMemory<float>[] ofEvents = [.. features.Select(events.Memory)];
        ReadOnlyMemory<float>[] ofTemplate = [.. features.Select(template.Memory)];
        var open = new Stack<(int[] Events, int[] Template, int Feature)>();
        open.Push(([.. Enumerable.Range(0, events.Count)], [.. Enumerable.Range(0, template.Count)], 0));
        while (open.TryPop(out var part))
        {
            if (part.Events.Length > size && CutOf(ofEvents, part.Events, part.Feature) is var (feature, cut) && feature >= 0)
            {
                (int[] below, int[] above) = Parts(ofEvents[feature].Span, part.Events, cut);
                (int[] templateBelow, int[] templateAbove) = Parts(ofTemplate[feature].Span, part.Template, cut);
                int next = (feature + 1) % features.Count;
                open.Push((above, templateAbove, next));
                open.Push((below, templateBelow, next));
                continue;
            }

            var sums = default(WeightSums);
            foreach (int row in part.Template)
            {
                sums = sums.With(template.Weight(row));
            }

            yield return new SupportCell(part.Events.Sum(events.Weight), sums);
        }
    }

    /// <summary>The first feature from <paramref name="first"/> on that divides the rows, and its median; −1 where none does.</summary>
    private static (int Feature, float Cut) CutOf(ReadOnlyMemory<float>[] columns, int[] rows, int first)
    {
        float[] values = new float[rows.Length];
        for (int tried = 0; tried < columns.Length; tried++)
        {
            int feature = (first + tried) % columns.Length;
            ReadOnlySpan<float> column = columns[feature].Span;
            for (int i = 0; i < rows.Length; i++)
            {
                values[i] = Key(column[rows[i]]);
            }

            Array.Sort(values);

            // The first value above the lowest where half of the rows share that one.
            int at = values.Length / 2;
            while (at < values.Length && values[at] == values[0])
            {
                at++;
            }

            if (at < values.Length)
            {
                return (feature, values[at]);
            }
        }

        return (-1, 0);
    }

    private static (int[] Below, int[] Above) Parts(ReadOnlySpan<float> column, int[] rows, float cut)
    {
        var below = new List<int>(rows.Length);
        var above = new List<int>(rows.Length);
        foreach (int row in rows)
        {
            (Key(column[row]) < cut ? below : above).Add(row);
        }

        return ([.. below], [.. above]);
    }

    /// <summary>Missing values count as the lowest.</summary>
    private static float Key(float value) => float.IsNaN(value) ? float.NegativeInfinity : value;
}
