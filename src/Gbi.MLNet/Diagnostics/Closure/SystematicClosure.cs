using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Ratios.Parametric;
using Gbi.Systematics;

namespace Gbi.Diagnostics.Closure;

/// <summary>The coefficients of a trained systematic, and whether it closes on the events that it did not see.</summary>
/// <param name="Coefficients">Spread of each monomial's coefficient over nominal events, held-out ones where there are any.</param>
/// <param name="Variations">One test for each varied sample, in order; empty where no events were held out.</param>
internal sealed record SystematicClosure(IReadOnlyList<ColumnSpread> Coefficients, IReadOnlyList<VariationClosure> Variations)
{
    /// <summary>Tests a systematic.</summary>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public static SystematicClosure Of(TrainedSystematic trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ParametricRatio ratio = trained.Ratio;
        BasePoints basePoints = trained.Samples.BasePoints;
        bool tests = trained.IsHeldOut.Span.Contains(true);
        EventTable nominal = trained.Samples.Where(basePoints.Nominal, trained.IsHeldOut.Span, value: tests);
        IEnumerable<VariationClosure> variations = basePoints.Points
            .Select((point, number) => (Point: point, Number: number))
            .Where(varied => varied.Number != basePoints.Nominal)
            .Select(varied => VariationClosure.Of(
                varied.Point, ratio.Features, nominal, trained.HeldOut(varied.Number), ratio.LogRatios(nominal, [.. varied.Point])));
        return new SystematicClosure(
            [.. ratio.Columns(nominal).Select(column => ColumnSpread.Of(column, nominal))], tests ? [.. variations] : []);
    }
}
