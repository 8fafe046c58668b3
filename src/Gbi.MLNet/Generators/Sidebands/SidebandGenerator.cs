using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Generators.Sidebands;

/// <summary>
/// The background in a signal region, learnt from the data in the sidebands. Events of the sidebands are reweighted to a mass m by the
/// joint-versus-marginal ratio r(x,m) = p(x,m)/(p(x)p(m)) = p(x|m)/p(x), whose logarithm is a quadratic polynomial in the
/// standardised mass with coefficients from boosted parametric trees; it is smooth across the signal region, where there is no training
/// data. The mass spectrum is fitted separately.
/// </summary>
/// <remarks>
/// At every mass the weights are normalised to a mean of 1, so that the spectrum alone carries the rate. Signal contamination of the
/// sidebands is treated as background.
/// </remarks>
public sealed partial class SidebandGenerator
{
    private readonly StandardisedMass _scale;
    private readonly JointOverMarginalRatio _ratio;
    private readonly MassNodes _nodes;

    private SidebandGenerator(
        MassWindow window, MassSpectrum spectrum, StandardisedMass scale, JointOverMarginalRatio ratio, MassNodes nodes,
        double sidebandWeight)
    {
        Window = window;
        Spectrum = spectrum;
        SidebandWeight = sidebandWeight;
        _scale = scale;
        _ratio = ratio;
        _nodes = nodes;
    }

    /// <summary>Names of the features.</summary>
    public IReadOnlyList<string> Features => _ratio.Folds[0][0].Features;

    /// <summary>Alternative generators, each learnt from a bootstrap sample of the sidebands; this one is their mean.</summary>
    public int MemberCount => _ratio.MemberCount;

    /// <summary>Trees in each model; 0 where the sidebands show no dependence of the features on the mass.</summary>
    public int TreeCount => _ratio.TreeCount;

    /// <summary>Parts of the sidebands, each with models that did not see it.</summary>
    internal int FoldCount => _ratio.Folds.Length;

    /// <summary>The signal region and its sidebands.</summary>
    public MassWindow Window { get; }

    /// <summary>The background's mass spectrum, fitted to the sidebands.</summary>
    public MassSpectrum Spectrum { get; }

    /// <summary>Σ w of the sidebands that the generator was learnt from.</summary>
    public double SidebandWeight { get; }

    /// <summary>Expected number of background events in the signal region.</summary>
    public Estimate ExpectedBackground => Spectrum.Expected(Window.Low, Window.High);

    /// <summary>Trains the generator.</summary>
    /// <param name="sideband">Events of the sidebands alone.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="seed">For folds and pairs.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A column is missing, a sideband is empty, or the spectrum fit fails.</exception>
    public static LearntSideband Fit(
        SidebandData sideband,
        SidebandGeneratorOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sideband);
        ArgumentNullException.ThrowIfNull(options);
        EventTable events = sideband.Events;
        ReadOnlySpan<float> masses = sideband.Masses;
        MassSpectrum spectrum = MassSpectrum.Fit(masses, events.Weights, sideband.Window, options.Spectrum);
        StandardisedMass scale = StandardisedMass.Of(masses, events, sideband.Window);
        BinnedEvents data = FeatureBins.Learn(events, sideband.Features, options.Trees.MaxBins).Apply(events);
        int[] foldOf = seed.Child("folds").Folds(events.Count, options.FoldCount);
        double[] weights = [.. Enumerable.Range(0, events.Count).Select(events.Weight)];
        var folded = new FoldedSideband(data, scale.Of(masses), weights, foldOf);
        var nodes = MassNodes.Of(sideband.Window, spectrum, scale, options.MassNodeCount);
        JointOverMarginalRatio ratio = JointOverMarginalRatio.Train(
            folded, options, seed.Child("models"), nodes, out float[][] ratios, progress, cancellation);
        var generator = new SidebandGenerator(sideband.Window, spectrum, scale, ratio, nodes, weights.Sum());
        return new LearntSideband(generator, events, ratios, foldOf);
    }

    /// <summary>
    /// p(x|m)/p(x) averaged over the background's masses in the signal region: the factor by which the weight of a sideband event changes
    /// in the signal region.
    /// </summary>
    /// <param name="values">One value a feature, NaN for missing, of an event that the generator was not learnt from.</param>
    public double SignalRegionRatio(ReadOnlySpan<float> values)
    {
        double sum = 0;
        for (int fold = 0; fold < FoldCount; fold++)
        {
            for (int member = 0; member < MemberCount; member++)
            {
                sum += SignalRegionRatio(fold, member, values);
            }
        }

        return sum / (FoldCount * MemberCount);
    }

    /// <summary>
    /// The weight with which an event of the sidebands stands for background in the signal region: w r(x) B / Σw, so that the
    /// sidebands' weights sum to the expected background B.
    /// </summary>
    public double SignalRegionWeight(ReadOnlySpan<float> values, double eventWeight = 1) =>
        eventWeight * SignalRegionRatio(values) * ExpectedBackground.Value / SidebandWeight;

    /// <summary>Δ₀, Δ₁ and Δ₂ of events, the mean over all models, shape [events × 3].</summary>
    internal float[] MeanCoefficients(EventTable events)
    {
        float[] mean = new float[JointOverMarginalRatio.CoefficientCount * events.Count];
        foreach (TreeEnsemble model in _ratio.Folds.SelectMany(members => members))
        {
            TensorPrimitives.MultiplyAdd<float>(model.Predict(events), 1f / (FoldCount * MemberCount), mean, mean);
        }

        return mean;
    }

    /// <summary>t of masses, and ln n at them, the mean over all models.</summary>
    internal (float[] Parameters, double[] LogMeans) MeanNormalisation(double[] masses)
    {
        float[] parameters = Array.ConvertAll(masses, _scale.Of);
        return (parameters, Array.ConvertAll(parameters, _ratio.MeanLogNormalisation));
    }

    /// <summary>The ratio of an event by one member of a fold alone.</summary>
    internal double SignalRegionRatio(int fold, int member, ReadOnlySpan<float> values)
    {
        Span<float> delta = stackalloc float[JointOverMarginalRatio.CoefficientCount];
        _ratio.Folds[fold][member].Predict(values, delta);
        return _ratio.MeanRatio(fold, member, delta, _nodes);
    }

    /// <summary>The coefficients that a fold's models give an event, [members × 3].</summary>
    internal void Coefficients(int fold, ReadOnlySpan<float> values, Span<float> coefficients)
    {
        for (int member = 0; member < MemberCount; member++)
        {
            _ratio.Folds[fold][member].Predict(
                values, coefficients.Slice(JointOverMarginalRatio.CoefficientCount * member, JointOverMarginalRatio.CoefficientCount));
        }
    }

    /// <summary>p(x|m)/p(x) of an event by one fold's models.</summary>
    internal double RatioAt(int fold, ReadOnlySpan<float> coefficients, double mass) =>
        _ratio.Ratio(fold, coefficients, _scale.Of(mass));
}
