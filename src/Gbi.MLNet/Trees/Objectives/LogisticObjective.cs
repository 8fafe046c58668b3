using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Trees.Binning;

namespace Gbi.Trees.Objectives;

/// <summary>
/// The logistic ratio: Σ w [softplus(F) − y F], y the probability of the numerator: 1 or 0 for events of known origin, s(x,z) =
/// r/(1+r) where the simulator gives the joint ratio r(x,z) (ALICE). Its minimiser is F = ln (W₁ p₁ / W₀ p₀).
/// </summary>
/// <remarks>
/// Derivatives are rounded to 16 bits, up or down at random so that the mean is kept: next to the statistical error of a leaf
/// of n events, √n times their size, the error of √n/65536 is nothing.
/// The balanced loss (Delaunoy et al., arXiv:2208.13624) adds λ B² to the mean loss, B = E₁[p] + E₀[p] − 1. Its gradient is w u p(1−p)
/// with u = 4 λ B. As B falls by η (B + 2 m u) in a tree, m the mean of p(1−p), u is taken at the B that comes out, so that no λ
/// overshoots.
/// Where the numerator is assumed to be the mixture p₁ = (1−μ) p₀ + μ p_S, the output is s = ln p_S/p₀ in place of F = ln(1−μ+μ eˢ). With
/// π = ∂F/∂s = σ(s + ln μ/(1−μ)), the probability that an event of the numerator is signal, p = (1−μ)/(2−μ−π); the gradient is w (p−y) π
/// and the second derivative, without the term that vanishes in the mean, w p(1−p) π².
/// </remarks>
internal sealed class LogisticObjective : ITreeObjective
{
    private readonly float[] _weights;
    private readonly float[] _targets;
    private readonly TreeOptions _options;
    private readonly double _balance;
    private readonly float _signalFraction;
    private readonly GradientPairs _pairs;
    private readonly float _heaviest;
    private double _gradientUnit;
    private double _hessianUnit;

    /// <summary>An objective over all events of the data.</summary>
    /// <param name="data">The events.</param>
    /// <param name="weights">One per event, of mean 1.</param>
    /// <param name="targets">y, one per event; range [0, 1].</param>
    /// <param name="options">Ridge and least second derivative.</param>
    /// <param name="variant">What differs from the plain loss.</param>
    public LogisticObjective(BinnedEvents data, float[] weights, float[] targets, TreeOptions options, LossVariant variant = default)
    {
        _weights = weights;
        _targets = targets;
        _options = options;
        _balance = variant.Balance;
        _signalFraction = (float)(variant.SignalFraction ?? 1);
        _pairs = new GradientPairs(data);
        _heaviest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(weights));
    }

    public int OutputCount => 1;

    public IEventSums Sums => _pairs;

    private bool IsMixture => _signalFraction < 1;

    public void Update(int tree, float[] outputs)
    {
        float pull = _balance > 0 ? (float)PullToBalance(outputs) : 0;
        float gradientScale = PowerOfTwoBelow(GradientPairs.Limit / (_heaviest * (1 + (Math.Abs(pull) / 4))));
        float hessianScale = PowerOfTwoBelow(GradientPairs.Limit / (_heaviest / 4));
        _gradientUnit = 1.0 / gradientScale;
        _hessianUnit = 1.0 / hessianScale;
        var rounding = new Rounding(tree, gradientScale, hessianScale, pull);
        EventBlocks.ForEach(outputs.Length, (start, length) => Fill(outputs, start, length, rounding));
    }

    public void Reductions(ReadOnlySpan<long> sums, Span<double> reductions)
    {
        for (int i = 0; i < reductions.Length; i++)
        {
            double gradient = sums[2 * i] * _gradientUnit;
            double hessian = sums[(2 * i) + 1] * _hessianUnit;
            reductions[i] = hessian >= _options.MinLeafHessian
                ? 0.5 * gradient * gradient / (hessian + _options.L2)
                : double.NegativeInfinity;
        }
    }

    public void LeafValues(ReadOnlySpan<long> sums, Span<float> values)
    {
        double hessian = sums[1] * _hessianUnit;
        values[0] = hessian >= _options.MinLeafHessian ? (float)(-sums[0] * _gradientUnit / (hessian + _options.L2)) : 0;
    }

    public double Loss(float[] outputs)
    {
        double weight = EventBlocks.Sum(outputs.Length, (start, length) => TensorPrimitives.Sum<float>(_weights.AsSpan(start, length)));
        return EventBlocks.Sum(outputs.Length, (start, length) =>
        {
            double sum = 0;
            for (int i = start; i < start + length; i++)
            {
                double logRatio = IsMixture ? LogMath.Mixture(outputs[i], _signalFraction) : outputs[i];
                sum += _weights[i] * (LogMath.Softplus(logRatio) - (_targets[i] * logRatio));
            }

            return sum;
        }) / weight;
    }

    /// <summary>u of the balanced loss.</summary>
    private double PullToBalance(float[] outputs)
    {
        double Mean(Func<float, double> of) => EventBlocks.Sum(outputs.Length, (start, length) =>
        {
            Span<float> probability = stackalloc float[1];
            double sum = 0;
            for (int i = start; i < start + length; i++)
            {
                TensorPrimitives.Sigmoid(outputs.AsSpan(i, 1), probability);
                sum += _weights[i] * of(probability[0]);
            }

            return sum;
        }) / outputs.Length;

        // Both samples have half of the weight, so that E₁[p] + E₀[p] is twice the mean over both.
        double imbalance = (2 * Mean(p => p)) - 1;
        double slope = Mean(p => p * (1 - p));
        double rate = _options.LearningRate;
        return 4 * _balance * imbalance * (1 - rate) / (1 + (8 * _balance * slope * rate));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(float[] outputs, int start, int length, Rounding rounding)
    {
        Span<float> probability = stackalloc float[256];
        Span<float> slope = stackalloc float[256];
        for (int from = start; from < start + length; from += probability.Length)
        {
            int count = Math.Min(probability.Length, start + length - from);
            Probabilities(outputs.AsSpan(from, count), probability[..count], slope[..count]);
            Span<int> packed = _pairs.Packed(from, count);
            ReadOnlySpan<float> weights = _weights.AsSpan(from, count);
            ReadOnlySpan<float> targets = _targets.AsSpan(from, count);
            int i = 0;
            for (; i + 8 <= count; i += 8)
            {
                rounding.Pairs(
                    Vector256.Create(probability[i..]), OutputSlope(i, slope), Vector256.Create(weights[i..]),
                    Vector256.Create(targets[i..]), from + i)
                    .CopyTo(packed[i..]);
            }

            for (; i < count; i++)
            {
                packed[i] = rounding.Pairs(
                    Vector256.Create(probability[i]), Vector256.Create(IsMixture ? slope[i] : 1), Vector256.Create(weights[i]),
                    Vector256.Create(targets[i]), from + i)[0];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> OutputSlope(int at, ReadOnlySpan<float> slope) =>
        IsMixture ? Vector256.Create(slope[at..]) : Vector256<float>.One;

    /// <summary>p of each event and, for a mixture, π.</summary>
    private void Probabilities(ReadOnlySpan<float> outputs, Span<float> probability, Span<float> slope)
    {
        if (!IsMixture)
        {
            TensorPrimitives.Sigmoid(outputs, probability);
            return;
        }

        TensorPrimitives.Add(outputs, MathF.Log(_signalFraction / (1 - _signalFraction)), slope);
        TensorPrimitives.Sigmoid(slope, slope);
        TensorPrimitives.Subtract(2 - _signalFraction, slope, probability);
        TensorPrimitives.Divide(1 - _signalFraction, probability, probability);
    }

    /// <summary>A power of two leaves derivatives that are binary fractions, as those of a first tree, without any rounding.</summary>
    private static float PowerOfTwoBelow(double scale) => (float)Math.ScaleB(1, Math.ILogB(scale));

    /// <summary>From probabilities to rounded derivatives, eight events at a time.</summary>
    private readonly struct Rounding(int tree, float gradientScale, float hessianScale, float pull)
    {
        private readonly uint _shift = unchecked((uint)tree * 0x9E3779B9);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<int> Pairs(
            Vector256<float> probability, Vector256<float> outputSlope, Vector256<float> weight, Vector256<float> target, int row)
        {
            // Weyl sequences in the number of the event: as good as random for a sum, and the same on every machine.
            Vector256<uint> number = Vector256.Create((uint)row + _shift) + Vector256<uint>.Indices;
            Vector256<float> slope = probability * (Vector256<float>.One - probability);
            Vector256<float> sloped = weight * outputSlope;
            Vector256<float> gradient = sloped * (probability - target + (slope * pull)) * gradientScale;
            Vector256<float> hessian = sloped * outputSlope * slope * hessianScale;
            Vector256<int> lower = ToInteger(hessian, number * 0x85EBCA6B) & Vector256.Create((int)ushort.MaxValue);
            return Vector256.ShiftLeft(ToInteger(gradient, number * 0x9E3779B1), 16) | lower;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> ToInteger(Vector256<float> value, Vector256<uint> bits)
        {
            // Eight random bits: added to a whole number they stay below the next one in single precision.
            Vector256<float> uniform = (Vector256.ConvertToSingle((bits >> 24).AsInt32()) + Vector256.Create(0.5f)) * (1 / 256f);
            return Vector256.ConvertToInt32(Vector256.Floor(value + uniform));
        }
    }
}
