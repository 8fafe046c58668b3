using Gbi.Diagnostics.Closure;
using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics.Support;

/// <summary>The share of some events that lies where a template has no value of a feature.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="ShareOutside">Share of the events' weight below the template's lowest value, above its highest, or missing where the
/// template misses none.</param>
public sealed record FeatureRange(string Feature, double ShareOutside);

/// <summary>
/// Whether events lie where a template has events too, so that a ratio to it is learnt there and not extrapolated. Space is divided into
/// cells of equally many of the events, by medians of one feature after the other; a cell is sparse where the template's effective number
/// of events (Σ w)²/Σ w² in it is below 10.
/// </summary>
/// <param name="Share">Share of the events' weight in sparse cells. Range: [0, 1].</param>
/// <param name="Cells">Number of cells.</param>
/// <param name="SparseCells">How many of them are sparse.</param>
/// <param name="EventsInCell">About how many events a cell holds: 64, or more where the template is smaller than the events.</param>
/// <param name="Features">Each feature's share out of the template's range, the largest first.</param>
/// <param name="Check">Whether the share is small enough.</param>
/// <remarks>
/// Cells hold 32 effective template events where both samples have one distribution, and fewer than 10 of them with a probability of 1e-6,
/// so that chance makes no cell sparse. Missing values count as the lowest. Costs N log² N.
/// </remarks>
public sealed record SupportTest(
    double Share, int Cells, int SparseCells, int EventsInCell, IReadOnlyList<FeatureRange> Features, ClosureCheck Check)
{
    private const double FewestTemplateEvents = 10;
    private const double TemplateEventsInCell = 32;
    private const int FewestEventsInCell = 64;

    /// <summary>The feature that leaves the template's range most often.</summary>
    public FeatureRange WorstFeature => Features[0];

    /// <summary>Compares events with a template.</summary>
    /// <param name="events">Data or simulated signal in the signal region; its weights count.</param>
    /// <param name="template">The background that the ratio's denominator is made of; weights of any sign.</param>
    /// <param name="features">Columns of both.</param>
    /// <param name="maxShare">Largest share in sparse cells that passes. Range: (0, 1).</param>
    /// <exception cref="DataException">A column is missing, or the weights of a sample do not sum to more than 0.</exception>
    public static SupportTest Run(EventTable events, EventTable template, IReadOnlyList<string> features, double maxShare = 0.01)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfZero(features.Count, nameof(features));
        if (!(maxShare is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(maxShare), maxShare, "The largest share must be between 0 and 1.");
        }

        double sum = WeightSums.RequirePositive(events.SumOfWeights, "The weights of the events");
        WeightSums ofTemplate = WeightSums.Of(template.Weights, template.Count);
        WeightSums.RequirePositive(ofTemplate.Sum, "The weights of the template");
        int size = (int)Math.Max(FewestEventsInCell, Math.Ceiling(TemplateEventsInCell * events.Count / ofTemplate.EffectiveCount));
        SupportCell[] cells = [.. SupportCell.Divide(events, template, features, size)];
        SupportCell[] sparse = [.. cells.Where(cell => cell.Template.EffectiveCount < FewestTemplateEvents)];
        FeatureRange[] ranges =
            [.. features.Select(feature => RangeOf(feature, events, template, sum)).OrderByDescending(range => range.ShareOutside)];
        double share = sparse.Sum(cell => cell.EventWeight) / sum;
        return new SupportTest(share, cells.Length, sparse.Length, size, ranges, CheckOf(share, maxShare, ranges[0]));
    }

    private static ClosureCheck CheckOf(double share, double maxShare, FeatureRange worst) => new(
        "Share of events outside the template's support",
        share,
        null,
        double.NegativeInfinity,
        maxShare,
        Text(
            $"The template has fewer than {FewestTemplateEvents:G2} effective events in cells with these events, so that the ratio is "
                + $"extrapolated; use more background events there, or restrict the features "
                + $"({100 * worst.ShareOutside:G2} % of the events are outside the template's range in {worst.Feature})."));

    private static FeatureRange RangeOf(string feature, EventTable events, EventTable template, double sum)
    {
        float low = float.PositiveInfinity;
        float high = float.NegativeInfinity;
        bool hasMissing = false;
        ReadOnlySpan<float> known = template[feature];
        for (int row = 0; row < known.Length; row++)
        {
            if (template.Weight(row) != 0)
            {
                hasMissing |= float.IsNaN(known[row]);
                low = known[row] < low ? known[row] : low;
                high = known[row] > high ? known[row] : high;
            }
        }

        double outside = 0;
        ReadOnlySpan<float> values = events[feature];
        for (int row = 0; row < values.Length; row++)
        {
            bool isOut = float.IsNaN(values[row]) ? !hasMissing : values[row] < low || values[row] > high;
            outside += isOut ? events.Weight(row) : 0;
        }

        return new FeatureRange(feature, outside / sum);
    }
}
