using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>
/// The parametric ratio by base points: ln r(x|ν) = R_ν(x) = Σ_A ν_A Δ_A(x), by the loss
/// Σ_ν {Σ_nominal w [softplus(R_ν) − ln 2] + Σ_varied to ν w [softplus(−R_ν) − ln 2]}. The coefficients of a leaf are the least-squares
/// solution of <see cref="BasePoints"/> in ln(σ_ν/σ₀), σ the sums of weights; each tree sees the varied events with the weights
/// w exp(−R_ν(x)), R_ν by the trees before it.
/// </summary>
/// <remarks>Schöfbeck, arXiv:2406.19076. Logarithms are taken of four cuts at a time.</remarks>
internal sealed class BasePointObjective : ITreeObjective
{
    private const int Lanes = 4;

    private readonly BasePoints _basePoints;
    private readonly int[] _places;
    private readonly float[] _weights;
    private readonly float[] _reweighted;
    private readonly float[] _monomials;
    private readonly BasePointWeights _sums;
    private readonly long _minEvents;
    private readonly double _minHessian;

    /// <summary>An objective over all events of the data.</summary>
    /// <param name="data">The events.</param>
    /// <param name="basePoints">Points and monomials.</param>
    /// <param name="places">Of each event, the place of its base point; see <see cref="BasePoints.PlaceOf"/>.</param>
    /// <param name="weights">One an event, of mean 1 over all base points together.</param>
    /// <param name="options">Least events and second derivative of a leaf.</param>
    public BasePointObjective(BinnedEvents data, BasePoints basePoints, int[] places, float[] weights, ParametricRatioOptions options)
    {
        _basePoints = basePoints;
        _places = places;
        _weights = weights;
        _reweighted = new float[weights.Length];
        _sums = new BasePointWeights(data, places, basePoints.Points.Count);
        _minEvents = options.MinLeafEvents;
        _minHessian = options.Trees.MinLeafHessian;

        // The nominal point, all of whose monomials are 0, stands first.
        _monomials = [.. Enumerable.Repeat(0f, OutputCount), .. basePoints.Design.Select(value => (float)value)];
    }

    public int OutputCount => _basePoints.Monomials.Count;

    public IEventSums Sums => _sums;

    private int VariedCount => _basePoints.Points.Count - 1;

    public void Update(int tree, float[] outputs)
    {
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            Span<float> block = _reweighted.AsSpan(start, length);
            MinusLogRatios(outputs, start, block);
            TensorPrimitives.Exp(block, block);
            TensorPrimitives.Multiply(block, _weights.AsSpan(start, length), block);
        });
        _sums.Set(tree, _reweighted);
    }

    public void Reductions(ReadOnlySpan<long> sums, Span<double> reductions)
    {
        int last = reductions.Length - 1;
        Span<Vector256<double>> weights = stackalloc Vector256<double>[VariedCount + 1];
        Span<Vector256<double>> logs = stackalloc Vector256<double>[VariedCount];
        Span<Vector256<double>> coefficients = stackalloc Vector256<double>[OutputCount];
        for (int first = 0; first <= last; first += Lanes)
        {
            Vector256<double> allowed = Load(sums, first, last, weights);
            Solve(weights, logs, coefficients);
            Vector256<double> reduction = Vector256.ConditionalSelect(
                allowed, -LossOf(weights, coefficients), Vector256.Create(double.NegativeInfinity));
            for (int lane = 0; lane < Lanes && first + lane <= last; lane++)
            {
                reductions[first + lane] = reduction[lane];
            }
        }
    }

    public void LeafValues(ReadOnlySpan<long> sums, Span<float> values)
    {
        Span<Vector256<double>> weights = stackalloc Vector256<double>[VariedCount + 1];
        Span<Vector256<double>> logs = stackalloc Vector256<double>[VariedCount];
        Span<Vector256<double>> coefficients = stackalloc Vector256<double>[OutputCount];
        bool isAllowed = Load(sums, 0, 0, weights)[0] != 0;
        Solve(weights, logs, coefficients);
        for (int a = 0; a < values.Length; a++)
        {
            values[a] = isAllowed ? (float)coefficients[a][0] : 0;
        }
    }

    public double Loss(float[] outputs)
    {
        double weight = EventBlocks.Sum(_weights.Length, (start, length) => TensorPrimitives.Sum<float>(_weights.AsSpan(start, length)));
        return EventBlocks.Sum(_weights.Length, (start, length) =>
        {
            double sum = 0;
            for (int row = start; row < start + length; row++)
            {
                ReadOnlySpan<float> coefficients = outputs.AsSpan(row * OutputCount, OutputCount);
                sum += _weights[row] * (_places[row] == 0 ? NominalLoss(coefficients) : Softplus(-LogRatio(_places[row], coefficients)));
            }

            return sum;
        }) / weight;
    }

    private double NominalLoss(ReadOnlySpan<float> coefficients)
    {
        double sum = 0;
        for (int place = 1; place <= VariedCount; place++)
        {
            sum += Softplus(LogRatio(place, coefficients));
        }

        return sum;
    }

    private static double Softplus(double x) => Math.Max(x, 0) + LogMath.OnePlus(Math.Exp(-Math.Abs(x)));

    private float LogRatio(int place, ReadOnlySpan<float> coefficients) =>
        TensorPrimitives.Dot(_monomials.AsSpan(place * OutputCount, OutputCount), coefficients);

    /// <summary>−R of a stretch of events at their own base points; 0 for nominal ones.</summary>
    private void MinusLogRatios(float[] outputs, int start, Span<float> logRatios)
    {
        int width = OutputCount;
        ReadOnlySpan<float> coefficient = outputs.AsSpan(start * width, logRatios.Length * width);
        ReadOnlySpan<int> places = _places.AsSpan(start, logRatios.Length);
        for (int i = 0; i < logRatios.Length; i++)
        {
            int monomial = places[i] * width;
            float sum = 0;
            for (int a = 0; a < width; a++)
            {
                sum -= _monomials[monomial + a] * coefficient[(i * width) + a];
            }

            logRatios[i] = sum;
        }
    }

    /// <summary>The weights of four leaves at every base point; all bits set where such a leaf may be made.</summary>
    private Vector256<double> Load(ReadOnlySpan<long> sums, int first, int last, Span<Vector256<double>> weights)
    {
        int width = weights.Length;
        Vector256<long> mask = Vector256.Create(_sums.CountMask);
        Vector256<long> fewest = Vector256.Create(long.MaxValue);
        ReadOnlySpan<long> a = sums[(first * width)..];
        ReadOnlySpan<long> b = sums[(Math.Min(first + 1, last) * width)..];
        ReadOnlySpan<long> c = sums[(Math.Min(first + 2, last) * width)..];
        ReadOnlySpan<long> d = sums[(Math.Min(first + 3, last) * width)..];
        for (int place = 0; place < width; place++)
        {
            Vector256<long> sum = Vector256.Create(a[place], b[place], c[place], d[place]);
            fewest = Vector256.Min(fewest, sum & mask);
            weights[place] = Vector256.ConvertToDouble(sum & ~mask) * _sums.Unit;
        }

        Vector256<double> allowed = Vector256.GreaterThanOrEqual(fewest, Vector256.Create(_minEvents)).AsDouble();
        for (int place = 1; place < width; place++)
        {
            Vector256<double> curvature = weights[0] * weights[place] / (weights[0] + weights[place]);
            allowed &= Vector256.GreaterThan(weights[place], Vector256<double>.Zero)
                & Vector256.GreaterThanOrEqual(curvature, Vector256.Create(_minHessian));
        }

        return allowed & Vector256.GreaterThan(weights[0], Vector256<double>.Zero);
    }

    /// <summary>Δ_A = Σ_ν (C⁻¹ Vᵀ)_{A,ν} ln(σ_ν/σ₀); no number where a weight is not positive.</summary>
    private void Solve(ReadOnlySpan<Vector256<double>> weights, Span<Vector256<double>> logs, Span<Vector256<double>> coefficients)
    {
        Vector256<double> nominal = Vector256.Log(weights[0]);
        for (int varied = 0; varied < logs.Length; varied++)
        {
            logs[varied] = Vector256.Log(weights[varied + 1]) - nominal;
        }

        ReadOnlySpan<double> solution = _basePoints.Solution;
        for (int a = 0; a < coefficients.Length; a++)
        {
            Vector256<double> sum = Vector256<double>.Zero;
            for (int varied = 0; varied < logs.Length; varied++)
            {
                sum += logs[varied] * solution[(a * logs.Length) + varied];
            }

            coefficients[a] = sum;
        }
    }

    /// <summary>
    /// σ₀ [softplus(R) − ln 2] + σ_ν [softplus(−R) − ln 2] = (σ₀ − σ_ν) R/2 + (σ₀ + σ_ν) ln cosh(R/2), summed over ν; in this form small
    /// losses keep their digits.
    /// </summary>
    private Vector256<double> LossOf(ReadOnlySpan<Vector256<double>> weights, ReadOnlySpan<Vector256<double>> coefficients)
    {
        ReadOnlySpan<double> design = _basePoints.Design;
        Vector256<double> loss = Vector256<double>.Zero;
        for (int place = 1; place < weights.Length; place++)
        {
            Vector256<double> logRatio = Vector256<double>.Zero;
            for (int a = 0; a < coefficients.Length; a++)
            {
                logRatio += coefficients[a] * design[((place - 1) * coefficients.Length) + a];
            }

            Vector256<double> half = logRatio * 0.5;
            Vector256<double> magnitude = Vector256.Abs(half);
            Vector256<double> logCosh = magnitude + Vector256.Log((Vector256<double>.One + Vector256.Exp(magnitude * -2.0)) * 0.5);
            loss += ((weights[0] - weights[place]) * half) + ((weights[0] + weights[place]) * logCosh);
        }

        return loss;
    }
}
