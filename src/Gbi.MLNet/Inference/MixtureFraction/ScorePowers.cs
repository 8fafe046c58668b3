using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gbi.Inference.MixtureFraction;

/// <summary>
/// Sums T_k = Σ s^k, k = 1 … 8, of the score s = e/(1 + μe), e = r − 1, of a mixture's signal fraction μ at one μ. As s at μ + δ is
/// s/(1 + δs), they give the score near by: Σ s(μ + δ) = Σ_k (−δ)^(k−1) T_k.
/// </summary>
internal sealed class ScorePowers
{
    private const int Order = 8;

    // Of a sum of a thousand singles or so, relative.
    private const double SingleRounding = 1e-6;

    private readonly double[] _sums = new double[Order + 1];

    /// <summary>The smallest ratio; that of the others where one is no number, and the sums are then none either.</summary>
    public float Least { get; private set; } = float.PositiveInfinity;

    /// <summary>The largest ratio, likewise.</summary>
    public float Most { get; private set; } = float.NegativeInfinity;

    /// <summary>Adds up events; their number is a multiple of 16.</summary>
    /// <param name="ratio">r.</param>
    /// <param name="fraction">μ.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ScorePowers Of(ReadOnlySpan<float> ratio, double fraction)
    {
        Vector512<double> mu = Vector512.Create(fraction), one = Vector512<double>.One;
        Vector512<double> first = default, firstUpper = default, second = default, secondUpper = default, third = default,
        thirdUpper = default;
        Vector512<double> fourth = default, fourthUpper = default;
        Vector512<float> fifth = default, sixth = default, seventh = default, eighth = default;
        Vector512<float> least = Vector512.Create(float.PositiveInfinity), most = Vector512.Create(float.NegativeInfinity);
        foreach (Vector512<float> ratios in MemoryMarshal.Cast<float, Vector512<float>>(ratio))
        {
            least = Vector512.MinNative(ratios, least);
            most = Vector512.MaxNative(ratios, most);
            Vector512<double> lower = Vector512.WidenLower(ratios) - one;
            Vector512<double> upper = Vector512.WidenUpper(ratios) - one;
            lower /= Vector512.FusedMultiplyAdd(mu, lower, one);
            upper /= Vector512.FusedMultiplyAdd(mu, upper, one);
            Vector512<double> square = lower * lower;
            Vector512<double> squareUpper = upper * upper;
            first += lower;
            firstUpper += upper;
            second += square;
            secondUpper += squareUpper;
            third = Vector512.FusedMultiplyAdd(square, lower, third);
            thirdUpper = Vector512.FusedMultiplyAdd(squareUpper, upper, thirdUpper);

            fourth = Vector512.FusedMultiplyAdd(square, square, fourth);
            fourthUpper = Vector512.FusedMultiplyAdd(squareUpper, squareUpper, fourthUpper);

            // These only correct: δ⁴ and less of them is of interest.
            Vector512<float> score = Vector512.Narrow(lower, upper);
            Vector512<float> two = score * score;
            Vector512<float> four = two * two;
            Vector512<float> six = four * two;
            fifth = Vector512.FusedMultiplyAdd(four, score, fifth);
            sixth += six;
            seventh = Vector512.FusedMultiplyAdd(six, score, seventh);
            eighth = Vector512.FusedMultiplyAdd(six, two, eighth);
        }

        var powers = new ScorePowers();
        double[] sums =
        [
            Vector512.Sum(first + firstUpper), Vector512.Sum(second + secondUpper), Vector512.Sum(third + thirdUpper),
            Vector512.Sum(fourth + fourthUpper), Vector512.Sum(fifth), Vector512.Sum(sixth), Vector512.Sum(seventh), Vector512.Sum(eighth),
        ];
        sums.CopyTo(powers._sums, 1);
        for (int lane = 0; lane < Vector512<float>.Count; lane++)
        {
            powers.Meet(least[lane], most[lane]);
        }

        return powers;
    }

    /// <summary>Adds one event.</summary>
    public void Add(float ratio, double fraction)
    {
        double score = (ratio - 1.0) / (1 + (fraction * (ratio - 1.0)));
        double power = 1;
        for (int k = 1; k <= Order; k++)
        {
            _sums[k] += power *= score;
        }

        Meet(ratio, ratio);
    }

    /// <summary>Adds other events' sums at the same μ.</summary>
    public void Add(ScorePowers others)
    {
        for (int k = 1; k <= Order; k++)
        {
            _sums[k] += others._sums[k];
        }

        Meet(others.Least, others.Most);
    }

    /// <summary>
    /// The δ at which the score vanishes; false where more than 1e-10 of its standard errors may be lost by the powers left out, which add
    /// up to at most |δ|⁸ m T₈/(1 − |δ|m), and by the rounding of those from the fifth on, |T₅| ≤ m T₄.
    /// </summary>
    /// <param name="largest">m, the largest |s|.</param>
    /// <param name="shift">δ; a step towards it where the result is false; NaN where there is none.</param>
    /// <param name="information">Σ s² at μ + δ.</param>
    public bool TryRoot(double largest, out double shift, out double information)
    {
        (shift, information) = (0, double.NaN);
        for (int iteration = 0; iteration < 20; iteration++)
        {
            (double score, information) = At(shift);
            double step = score / information;
            shift += step;
            if (!(information > 0) || !(Math.Abs(shift) * largest < 0.5))
            {
                break;
            }

            if (Math.Abs(step) <= 1e-12 / Math.Sqrt(information))
            {
                double leftOut = Math.Pow(shift, Order) * _sums[Order] / (1 - (Math.Abs(shift) * largest));
                double rounding = SingleRounding * Math.Pow(shift, 4) * _sums[4];
                return (leftOut + rounding) * largest <= 1e-10 * Math.Sqrt(information);
            }
        }

        shift = double.NaN;
        return false;
    }

    /// <summary>Σ s and Σ s² = −d(Σ s)/dμ at μ + δ.</summary>
    private (double Score, double Information) At(double shift)
    {
        double score = 0;
        double information = 0;
        for (int k = Order; k >= 2; k--)
        {
            score = (score * -shift) + _sums[k];
            information = (information * -shift) + ((k - 1) * _sums[k]);
        }

        return ((score * -shift) + _sums[1], information);
    }

    private void Meet(float least, float most) => (Least, Most) = (Math.Min(Least, least), Math.Max(Most, most));
}
