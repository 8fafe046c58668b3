using System.Globalization;
using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Searches.Options;

namespace Gbi.Searches.Signal;

/// <summary>The model of a <see cref="SignalLikelihood"/>: one channel of the signal region with the processes of its density.</summary>
internal static class SignalModel
{
    private const string Channel = "signal region";

    /// <summary>The model.</summary>
    /// <param name="input">Samples and what is known of them.</param>
    /// <param name="options">What is taken into account.</param>
    /// <param name="sizes">The samples' finite size; null to leave it out.</param>
    public static LikelihoodModel Of(SignalLikelihoodInput input, SignalInferenceOptions options, SampleVariation? sizes)
    {
        string[] shapeNames =
        [
            .. Enumerable.Range(0, input.Template.MemberLogRatios.Length).Select(MemberName),
            .. sizes is null ? (string[])[] : [SignalLikelihood.TemplateSize],
        ];
        ShapeVariation[] shapes = [.. shapeNames.Select(name => new ExponentialVariation(ExponentTerm.Of(name, name)))];
        YieldFactor[] ofSimulation = sizes is null ? [] : [YieldFactor.Exponential(SignalLikelihood.SimulationSize, sizes.SimulationError)];
        (double inShape, double inRate) = options.CorrectsContamination ? (input.Contamination.Effect, input.Contamination.Rate) : default;
        double scale = sizes?.SignalScale ?? 1;
        double likeBackground = inShape - inRate + ((1 - inShape) * (1 - scale));
        bool hasOwnShape = inShape != 0 && input.Template.FeatureLogRatio is not null;
        List<Process> processes =
        [
            Signal("signal", SignalLikelihood.LogRatioColumn, hasOwnShape ? 1 : 1 - inShape),
            new Process("background", input.Expected.Value / input.EventScale)
            {
                YieldFactors = [YieldFactor.Strength(SignalLikelihood.BackgroundRate)],
                ShapeVariations = shapes,
            },
        ];
        if (hasOwnShape)
        {
            processes.Add(Signal("signal taken for background", SignalLikelihood.FeatureLogRatioColumn, -inShape));
        }

        if (likeBackground != 0)
        {
            processes.Add(new Process("signal like background", input.Observed)
            {
                YieldFactors = [YieldFactor.Polynomial(SignalLikelihood.SignalFraction, 0, likeBackground)],
                ShapeVariations = shapes,
            });
        }

        FitParameter[] parameters =
        [
            new FitParameter { Name = SignalLikelihood.SignalFraction, Lower = -1, Upper = 1 },
            Rate(input.Expected, options),
            .. shapeNames.Select(name => new NuisanceParameter(name)),
            .. sizes is null ? (FitParameter[])[] : [new NuisanceParameter(SignalLikelihood.SimulationSize)],
        ];
        EventTable reference = Columns(input.Template, sizes?.Template, input.EventScale);
        return new LikelihoodModel(
            parameters, [new UnbinnedChannel(Channel, processes) { Reference = reference }], SignalLikelihood.SignalFraction);

        Process Signal(string name, string logRatio, double share) => new(name, input.Observed)
        {
            LogRatio = logRatio,
            YieldFactors = [YieldFactor.Polynomial(SignalLikelihood.SignalFraction, 0, scale * share), .. ofSimulation],
        };
    }

    private static FitParameter Rate(Estimate expected, SignalInferenceOptions options) => new()
    {
        Name = SignalLikelihood.BackgroundRate,
        Initial = 1,
        Lower = 0,
        Constraint = options.ConstrainsRate && expected.Error > 0 ? Constraint.Gaussian(1, expected.Error / expected.Value) : null,
    };

    /// <summary>The columns that the model reads; a member's log ratio is divided by √(members − 1), so that unit Gaussians give their
    /// covariance.</summary>
    public static EventTable Columns(RegionSample sample, float[]? templateSize, double eventScale)
    {
        float perMember = 1 / MathF.Sqrt(Math.Max(1, sample.MemberLogRatios.Length - 1));
        List<(string Name, float[] Values)> columns = [(SignalLikelihood.LogRatioColumn, sample.Scores.Scores.ToArray())];
        if (sample.FeatureLogRatio is { } ofFeatures)
        {
            columns.Add((SignalLikelihood.FeatureLogRatioColumn, ofFeatures));
        }

        columns.AddRange(
            sample.MemberLogRatios.Select((ratios, member) => (MemberName(member), Array.ConvertAll(ratios, ratio => perMember * ratio))));
        if (templateSize is not null)
        {
            columns.Add((SignalLikelihood.TemplateSize, templateSize));
        }

        EventTable table = EventTable.FromColumns([.. columns]);
        return sample.Scores.Weights.IsEmpty
            ? table
            : table.WithWeights(Array.ConvertAll(sample.Scores.Weights.ToArray(), weight => weight / eventScale));
    }

    private static string MemberName(int member) => SignalLikelihood.GeneratorMember + (member + 1).ToString(CultureInfo.InvariantCulture);
}
