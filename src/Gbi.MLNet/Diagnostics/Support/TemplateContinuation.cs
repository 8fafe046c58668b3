using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics.Support;

/// <summary>
/// Whether a background template that is not made of the sidebands has the features that both sidebands lead to, seen without a look at the
/// data of the signal region: the share of sideband events above each quartile of the template, feature by feature, is followed over the
/// mass and interpolated into the region, where it has to be the template's own.
/// </summary>
/// <param name="Feature">The feature whose distance is closest to its limit or farthest beyond it.</param>
/// <param name="Quartile">Where in this feature; the border of events that pass.</param>
/// <param name="Interpolated">Share of the background above it in the signal region, from the sidebands.</param>
/// <param name="OfTemplate">Share of the template above it.</param>
/// <param name="Error">Statistical error of the difference of both.</param>
/// <param name="Check">Whether the distance is tolerable in every feature.</param>
/// <remarks>
/// The interpolation is that of <see cref="CutSculpting"/>, over the third of each sideband that lies nearest to the region. Cuts on single
/// features and no classifier between sidebands and template: such a classifier learns the region's masses where features follow the mass,
/// and then accuses the right template too. What only shows in several features together is not seen.
/// </remarks>
internal sealed record TemplateContinuation(
    string Feature, float Quartile, double Interpolated, double OfTemplate, double Error, ClosureCheck Check)
{
    /// <summary>Probability that the right template's distance is beyond its limit in any cut, its tolerance not counted.</summary>
    private const double AlarmProbability = 0.01;

    private static readonly double[] Shares = [0.25, 0.5, 0.75];

    /// <summary>|F − F_template|: distance of the two shares.</summary>
    public double Distance => Math.Abs(Interpolated - OfTemplate);

    /// <summary>Compares a template with the sidebands.</summary>
    /// <param name="sideband">Events of both sidebands.</param>
    /// <param name="template">Background events of the signal region; weights of any sign.</param>
    /// <param name="options">The distance that is tolerated.</param>
    /// <param name="isReweighted">Whether the template is reweighted to the sidebands already.</param>
    /// <exception cref="DataException">A column is missing, a sideband is too small, or the template's weights do not sum to more than
    /// 0.</exception>
    public static TemplateContinuation Run(SidebandData sideband, EventTable template, SculptingOptions options, bool isReweighted = false)
    {
        ArgumentNullException.ThrowIfNull(sideband);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(options);
        (EventTable events, string mass, IReadOnlyList<string> features, MassWindow window) = sideband;
        ArgumentOutOfRangeException.ThrowIfZero(features.Count, nameof(sideband));
        EventTable near = events.Select(SculptingTest.NearestRows(events.Memory(mass), window));
        double sigmas = Math.Sqrt(TailProbability.ChiSquaredOneQuantile(1 - (AlarmProbability / (Shares.Length * features.Count))));
        Cut[] cuts = [.. features.SelectMany(feature => Shares.Select(share => Cut.Of(near, template, mass, feature, share, window)))];
        Cut worst = cuts.MaxBy(cut => cut.Distance / Limit(cut))!;
        double halfWidth = sigmas * worst.Error;
        var check = new ClosureCheck(
            "Distance of a feature of the template from the sidebands",
            worst.Distance, worst.Error, double.NegativeInfinity, Limit(worst),
            Text(
                $"Interpolated from the sidebands, {100 * worst.Interpolated:F1} % of the background lie above {worst.Border:G4} in "
                    + $"{worst.Feature}, but {100 * worst.OfTemplate:F1} % of the template; correct or leave out this feature"
                    + $"{(isReweighted ? "." : ", or reweight the template to the sidebands.")}"),
            halfWidth <= options.DistanceTolerance ? null : Text(
                $"Inconclusive: {sigmas:G2}σ = {halfWidth:G2} in {worst.Feature} exceeds the tolerance {options.DistanceTolerance:G2}."))
        { IsInconclusive = halfWidth > options.DistanceTolerance };
        return new TemplateContinuation(worst.Feature, worst.Border, worst.Interpolated, worst.OfTemplate, worst.Error, check);

        double Limit(Cut cut) => options.DistanceTolerance + (sigmas * cut.Error);
    }


    /// <summary>A cut on one feature, and what passes it.</summary>
    private sealed record Cut(string Feature, float Border, double Interpolated, double OfTemplate, double Error)
    {
        public double Distance => Math.Abs(Interpolated - OfTemplate);

        public static Cut Of(EventTable near, EventTable template, string mass, string feature, double share, MassWindow window)
        {
            float border = BorderOf(template, feature, share);
            (double ofTemplate, double templateError) = ShareOf(template, Above(template[feature], border));
            bool[] passes = Above(near[feature], border);
            (double interpolated, double error) = InRegion(near, mass, passes, window);
            return new Cut(feature, border, interpolated, ofTemplate, double.Hypot(error, templateError));
        }

        /// <summary>The value above which at most a share of the template's weight lies; a missing value counts as the lowest.</summary>
        private static float BorderOf(EventTable template, string feature, double share)
        {
            float[] values = template[feature].ToArray();
            double[] weights = [.. Enumerable.Range(0, template.Count).Select(template.Weight)];
            double wanted = share * WeightSums.RequirePositive(weights.Sum(), "The weights of the template");
            Array.Sort(values, weights);
            int at = values.Length - 1;
            for (double above = weights[at]; at > 0 && above < wanted; above += weights[at])
            {
                at--;
            }

            return values[at];
        }

        /// <summary>The share of the weight that passes, and its error √((1−b)² Σw² inside + b² Σw² outside)/Σw.</summary>
        private static (double Share, double Error) ShareOf(EventTable events, bool[] passes)
        {
            var inside = default(WeightSums);
            var outside = default(WeightSums);
            for (int row = 0; row < passes.Length; row++)
            {
                inside = passes[row] ? inside.With(events.Weight(row)) : inside;
                outside = passes[row] ? outside : outside.With(events.Weight(row));
            }

            double sum = inside.Sum + outside.Sum;
            double share = inside.Sum / sum;
            return (share, Math.Sqrt(((1 - share) * (1 - share) * inside.Squares) + (share * share * outside.Squares)) / sum);
        }

        private static (double Share, double Error) InRegion(EventTable near, string mass, bool[] passes, MassWindow window)
        {
            int count = passes.Count(passed => passed);
            if (count == 0 || count == passes.Length)
            {
                // One event more or less, where no share has a curve over the mass.
                return (count == 0 ? 0 : 1, 1.0 / passes.Length);
            }

            var efficiency = MassEfficiency.Fit(near[mass], [.. Enumerable.Range(0, near.Count).Select(near.Weight)], passes, window);
            return (efficiency.Region, efficiency.RegionError);
        }

        private static bool[] Above(ReadOnlySpan<float> values, float border)
        {
            bool[] passes = new bool[values.Length];
            for (int row = 0; row < passes.Length; row++)
            {
                passes[row] = values[row] >= border;
            }

            return passes;
        }
    }
}
