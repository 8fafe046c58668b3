using Gbi.Events;
using Gbi.Inference;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Systematics;
using Gbi.Trees;

namespace Gbi.Analysis;

/// <summary>
/// The likelihood of a family around one centre, −Σ w ln(μ r(x;θ) + 1 − μ), as a model of one unbinned channel in μ and the places t of the
/// stretch; r is normalised on the reference sample at every point.
/// </summary>
internal sealed class FamilyExpansion
{
    public const string Fraction = "mu";

    private readonly SignalFamily _family;
    private readonly StretchCalibration? _calibration;
    private readonly StretchClosure _closure;

    /// <summary>An expansion with the family's background as its reference.</summary>
    public FamilyExpansion(CrossFittedFamily fitted, double[] centre)
    {
        (_family, Centre) = (fitted.Model, centre);
        FamilyCoordinates coordinates = _family.Coordinates;
        float[] ofBackground = _family.Coefficients(fitted.Background, centre, fitted.FoldOf);
        var samples = new StretchSamples(fitted, centre);
        _calibration = samples.Calibrate(ofBackground);
        Apply(ofBackground);
        Apply(samples.Coefficients);
        _closure = samples.IsEnough ? StretchClosure.Of(fitted, samples, ofBackground) : StretchClosure.None(coordinates.Names.Count);
        Move(ofBackground);
        UnbinnedChannel channel = Channel(_family, Columns(_family, fitted.Background, ofBackground), _closure.Yield);
        Parameters =
        [
            new FitParameter { Name = Fraction, Initial = 0.001, Lower = 0, Upper = 1 },
            .. coordinates.Names.Select((name, p) =>
            {
                (double lower, double upper) = coordinates.Bounds(p, centre);
                return new FitParameter { Name = name, Initial = Math.Clamp(0, lower, upper), Lower = lower, Upper = upper };
            }),
        ];
        Model = new LikelihoodModel([.. Parameters], [channel], Fraction);
    }

    /// <summary>The centre, in θ.</summary>
    public double[] Centre { get; }

    /// <summary>μ and the places.</summary>
    public IReadOnlyList<FitParameter> Parameters { get; }

    /// <summary>The model.</summary>
    public LikelihoodModel Model { get; }

    /// <summary>The likelihood of data.</summary>
    /// <param name="data">Events with the features.</param>
    /// <param name="foldOf">Fold of each event.</param>
    public Likelihood Of(EventTable data, int[] foldOf)
    {
        float[] coefficients = _family.Coefficients(data, Centre, foldOf);
        Apply(coefficients);
        Move(coefficients);
        return new(Model, new ModelData { Events = [Columns(_family, data, coefficients)], Auxiliary = [] });
    }

    /// <summary>Fits that start at a point, which is brought within the bounds.</summary>
    /// <param name="likelihood">What <see cref="Of"/> gave.</param>
    /// <param name="theta">Where the parameters start.</param>
    /// <param name="fraction">Where μ starts.</param>
    /// <param name="isFixed">Whether the parameters stay there.</param>
    /// <param name="about">Index of the parameter that intervals and contours are about.</param>
    public ProfileLikelihood Fits(Likelihood likelihood, IReadOnlyList<double> theta, double fraction, bool isFixed = false, int about = 0)
    {
        double[] places = _family.Coordinates.Local(theta, Centre);
        return new ProfileLikelihood(
            likelihood,
            [.. Parameters.Select((parameter, i) => parameter with
            {
                // At μ = 0 no parameter matters, and a fit would stay.
                Initial = i == 0 ? Math.Max(fraction, 1e-4) : Math.Clamp(places[i - 1], parameter.Lower, parameter.Upper),
                IsFixed = isFixed && i > 0,
            })],
            about);
    }

    /// <summary>θ at a point of the model.</summary>
    public double[] ThetaAt(IReadOnlyList<double> point) =>
        [.. Centre.Select((_, p) => _family.Coordinates.At(p, point[p + 1], Centre))];

    /// <summary>Signal of the fraction <paramref name="yield"/> μ over background.</summary>
    public static UnbinnedChannel Channel(SignalFamily family, EventTable reference, double yield)
    {
        var signal = new Process("signal", 1)
        {
            LogRatio = SignalFamily.ConstantColumn,
            YieldFactors = [YieldFactor.Polynomial(Fraction, 0, yield)],
            ShapeVariations = [ExponentialVariation.Of(family.Monomials)],
        };
        var background = new Process("background", 1) { YieldFactors = [YieldFactor.Polynomial(Fraction, 1, -yield)] };
        return new UnbinnedChannel("events", [signal, background]) { Reference = reference };
    }

    /// <summary>Coefficients as columns that the channel reads.</summary>
    public static EventTable Columns(SignalFamily family, EventTable events, float[] coefficients)
    {
        float[][] columns = ParametricRatioExtensions.ColumnsOf(coefficients, family.Monomials.Count + 1);
        var named = new List<KeyValuePair<string, ReadOnlyMemory<float>>> { KeyValuePair.Create<string, ReadOnlyMemory<float>>(SignalFamily.ConstantColumn, columns[0]) };
        for (int a = 0; a < family.Monomials.Count; a++)
        {
            named.Add(KeyValuePair.Create<string, ReadOnlyMemory<float>>(ParametricRatio.ColumnPrefix + family.Monomials[a].Name, columns[a + 1]));
        }

        return new EventTable(named, events.Count, events.HasWeights ? events.Weights.ToArray() : (ReadOnlyMemory<double>?)null);
    }

    private void Move(float[] coefficients)
    {
        int width = _family.Monomials.Count + 1;
        EventBlocks.ForEach(coefficients.Length / width, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                PlacePolynomial.Shift(coefficients.AsSpan(row * width, width), _closure.Shift);
            }
        });
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
