using Gbi.Events;
using Gbi.Inference;
using Gbi.Ratios;

namespace Gbi.Analysis;

/// <summary>
/// What a fit around one centre gets wrong, learnt by fitting held-out signal of known parameters over background: the factor of the fraction and the
/// shift of the parameters, which all later fits are corrected by.
/// </summary>
/// <remarks>
/// Each signal event counts from its own parameters on, so that all of the stretch are one sample whose true shift is 0. What it gets wrong on average
/// over the stretch is corrected; the statistical error of the correction, that of the stretch's signal and of the reference background, is in no
/// interval, so that many simulated events are needed.
/// </remarks>
internal sealed record StretchClosure
{
    // Fits weigh events by how r compares with 1/μ; this is a usual fraction, and the closure hardly depends on it.
    private const double TypicalFraction = 0.005;

    // A larger shift than half a stretch is a fit gone astray, no correction.
    private const double MostShift = 0.5;

    /// <summary>Fitted fraction over the true one.</summary>
    public required double Yield { get; init; }

    /// <summary>Fitted place less the true one, for each parameter.</summary>
    public required double[] Shift { get; init; }

    /// <summary>No correction.</summary>
    public static StretchClosure None(int parameters) => new() { Yield = 1, Shift = new double[parameters] };

    /// <summary>The closure of a stretch; none where its fit fails or ends far away.</summary>
    /// <param name="family">The family with its samples.</param>
    /// <param name="samples">Signal events of the stretch, with calibrated coefficients.</param>
    /// <param name="background">Calibrated coefficients of the background.</param>
    public static StretchClosure Of(CrossFittedFamily family, StretchSamples samples, float[] background)
    {
        SignalFamily model = family.Model;
        int parameters = model.Parameters.Count;
        EventTable reference = FamilyExpansion.Columns(model, family.Background, Moved(background, samples.Places, model.Monomials.Count + 1));
        EventTable signal = FamilyExpansion.Columns(model, samples.Signal, Moved(samples.Coefficients, samples.Places, model.Monomials.Count + 1));
        EventTable data = Weighted(signal, TypicalFraction, reference.Count).Append(Weighted(reference, 1 - TypicalFraction, reference.Count));
        FitParameter[] fitted =
        [
            new FitParameter { Name = FamilyExpansion.Fraction, Initial = TypicalFraction, Lower = 0, Upper = 1 },
            .. model.Parameters.Select(name => new FitParameter { Name = name, Lower = -1, Upper = 1 }),
        ];
        var likelihood = new Likelihood(
            new LikelihoodModel(fitted, [FamilyExpansion.Channel(model, reference, 1)], FamilyExpansion.Fraction),
            new ModelData { Events = [data], Auxiliary = [] });
        try
        {
            IReadOnlyList<double> best = ProfileLikelihood.Of(likelihood).Best.Parameters;
            return best[0] > 0 && best.Skip(1).All(place => Math.Abs(place) < MostShift)
                ? new StretchClosure { Yield = best[0] / TypicalFraction, Shift = [.. best.Skip(1)] }
                : None(parameters);
        }
        catch (FitException)
        {
            return None(parameters);
        }
    }

    /// <summary>Coefficients around the places of the signal events, which background events share in turn.</summary>
    private static float[] Moved(float[] coefficients, double[][] places, int width)
    {
        float[] moved = [.. coefficients];
        Numerics.EventBlocks.ForEach(moved.Length / width, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                PlacePolynomial.Shift(moved.AsSpan(row * width, width), places[row % places.Length]);
            }
        });
        return moved;
    }

    private static EventTable Weighted(EventTable events, double share, double total)
    {
        double factor = share * total / events.SumOfWeights;
        return events.WithWeights(Enumerable.Range(0, events.Count).Select(row => factor * events.Weight(row)).ToArray());
    }
}
