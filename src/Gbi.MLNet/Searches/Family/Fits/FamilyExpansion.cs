using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Ratios.Parametric;
using Gbi.Searches.Options;

namespace Gbi.Searches.Family.Fits;

/// <summary>
/// The likelihood of a family around one centre, −Σ w ln(μ r(x;θ) + 1 − μ), as a model of one unbinned channel in μ and the local
/// coordinates t; r is normalised on the reference sample at every point.
/// </summary>
internal sealed class FamilyExpansion
{
    private readonly SignalFamily _family;
    private readonly CentredFamily _models;
    private readonly SegmentCalibration? _calibration;
    private readonly Lazy<float[]> _reference;

    /// <summary>An expansion with events of the family's background as its reference.</summary>
    /// <param name="fitted">The family with its samples.</param>
    /// <param name="centre">The centre, in θ.</param>
    /// <param name="referenceEvents">Most background events that normalise r in fits.</param>
    /// <param name="background">The background events, with their folds, that estimates rest on.</param>
    public FamilyExpansion(CrossFittedFamily fitted, double[] centre, int referenceEvents, FoldedEvents background)
    {
        (_family, Centre, Background) = (fitted.Model, centre, background.Events);
        _models = _family.Around(centre);
        FamilyCoordinates coordinates = _family.Coordinates;
        int[] rows = EventTable.EvenRows(background.Events.Count, referenceEvents);
        EventTable some = rows.Length == background.Events.Count ? background.Events : background.Events.Select(rows);
        float[] ofBackground = _models.Coefficients(some, [.. rows.Select(row => background.FoldOf[row])]);
        Samples = new SegmentSamples(fitted, _models, centre);
        _calibration = Samples.Calibrate(ofBackground, some);
        Apply(ofBackground);
        Apply(Samples.Coefficients);
        _reference = new(() => rows.Length == background.Events.Count ? ofBackground : Coefficients(background.Events, background.FoldOf));
        UnbinnedChannel channel = Channel(_family, Columns(_family, some, ofBackground));
        Parameters =
        [
            new FitParameter { Name = FamilySearchOptions.Fraction, Initial = 0.001, Lower = 0, Upper = 1 },
            .. coordinates.Names.Select((name, p) =>
            {
                (double lower, double upper) = coordinates.Bounds(p, centre);
                return new FitParameter { Name = name, Initial = Math.Clamp(0, lower, upper), Lower = lower, Upper = upper };
            }),
        ];
        Model = new LikelihoodModel([.. Parameters], [channel], FamilySearchOptions.Fraction);
    }

    /// <summary>The centre, in θ.</summary>
    public double[] Centre { get; }

    /// <summary>μ and t.</summary>
    public IReadOnlyList<FitParameter> Parameters { get; }

    /// <summary>The model.</summary>
    public LikelihoodModel Model { get; }

    /// <summary>Signal events of the segment, with calibrated coefficients.</summary>
    public SegmentSamples Samples { get; }

    /// <summary>The background events that estimates rest on.</summary>
    public EventTable Background { get; }

    /// <summary>Their calibrated coefficients, made when first asked for.</summary>
    public float[] BackgroundCoefficients => _reference.Value;

    /// <summary>Calibrated coefficients of events.</summary>
    /// <param name="events">Events with the features.</param>
    /// <param name="foldOf">Fold of each event.</param>
    public float[] Coefficients(EventTable events, int[] foldOf)
    {
        float[] coefficients = _models.Coefficients(events, foldOf);
        Apply(coefficients);
        return coefficients;
    }

    /// <summary>The likelihood of data.</summary>
    /// <param name="data">The events.</param>
    /// <param name="coefficients">Their calibrated coefficients.</param>
    public Likelihood Of(EventTable data, float[] coefficients) =>
        new(Model, new ObservedData { Events = [Columns(_family, data, coefficients)], Auxiliary = [] });

    /// <summary>Fits that start at a point, which is brought within the bounds.</summary>
    /// <param name="likelihood">What <see cref="Of"/> gave.</param>
    /// <param name="theta">Where the parameters start.</param>
    /// <param name="fraction">Where μ starts.</param>
    /// <param name="isFixed">Whether the parameters stay there.</param>
    /// <param name="about">Index of the parameter that intervals and contours are about.</param>
    public ProfileLikelihood Fits(Likelihood likelihood, IReadOnlyList<double> theta, double fraction, bool isFixed = false, int about = 0)
    {
        double[] local = _family.Coordinates.Local(theta, Centre);
        return new ProfileLikelihood(
            likelihood,
            [.. Parameters.Select((parameter, i) => parameter with
            {
                // At μ = 0 no parameter matters, and a fit would stay.
                Initial = i == 0 ? Math.Max(fraction, 1e-4) : Math.Clamp(local[i - 1], parameter.Lower, parameter.Upper),
                IsFixed = isFixed && i > 0,
            })],
            about);
    }

    /// <summary>θ at a point of the model.</summary>
    public double[] ThetaAt(IReadOnlyList<double> point) =>
        [.. Centre.Select((_, p) => _family.Coordinates.At(p, point[p + 1], Centre))];

    /// <summary>The nearest t within the range of the family.</summary>
    public double[] WithinFamily(double[] local)
    {
        FamilyCoordinates coordinates = _family.Coordinates;
        return [.. local.Select((coordinate, p) =>
        {
            (double u, double halfWidth) = (coordinates.U(Centre[p]), coordinates.HalfWidths[p]);
            return Math.Clamp(coordinate, (coordinates.Low[p] - u) / halfWidth, (coordinates.High[p] - u) / halfWidth);
        })];
    }

    private static UnbinnedChannel Channel(SignalFamily family, EventTable reference)
    {
        var signal = new Process("signal", 1)
        {
            LogRatio = SignalFamily.ConstantColumn,
            YieldFactors = [YieldFactor.Polynomial(FamilySearchOptions.Fraction, 0, 1)],
            ShapeVariations = [ExponentialVariation.Of(family.Monomials)],
        };
        var background = new Process("background", 1) { YieldFactors = [YieldFactor.Polynomial(FamilySearchOptions.Fraction, 1, -1)] };
        return new UnbinnedChannel("events", [signal, background]) { Reference = reference };
    }

    /// <summary>Coefficients as columns that the channel reads.</summary>
    private static EventTable Columns(SignalFamily family, EventTable events, float[] coefficients)
    {
        float[][] columns = ParametricRatioExtensions.ColumnsOf(coefficients, family.Monomials.Count + 1);
        var named = new List<KeyValuePair<string, ReadOnlyMemory<float>>>
        {
            KeyValuePair.Create<string, ReadOnlyMemory<float>>(SignalFamily.ConstantColumn, columns[0])
        };
        for (int a = 0; a < family.Monomials.Count; a++)
        {
            named.Add(
                KeyValuePair.Create<string, ReadOnlyMemory<float>>(
                    ParametricRatio.ColumnPrefix + family.Monomials[a].Name, columns[a + 1]));
        }

        return new EventTable(named, events.Count, events.HasWeights ? events.Weights.ToArray() : (ReadOnlyMemory<double>?)null);
    }

    /// <summary>Δ₀′ = g(Δ₀), Δ_A′ = g′(Δ₀) Δ_A.</summary>
    private void Apply(float[] coefficients)
    {
        if (_calibration is null)
        {
            return;
        }

        int width = _family.Monomials.Count + 1;
        EventBlocks.ForEach(coefficients.Length / width, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                Span<float> delta = coefficients.AsSpan(row * width, width);
                (double value, double slope) = _calibration.At(delta[0]);
                delta[0] = (float)value;
                for (int a = 1; a < delta.Length; a++)
                {
                    delta[a] *= (float)slope;
                }
            }
        });
    }
}
