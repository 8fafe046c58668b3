using System.Numerics.Tensors;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Inference.MixtureFraction;

/// <summary>
/// Fits the signal fraction μ of a mixture p(x) = μ p_S(x) + (1−μ) p_B(x) from r = p_S/p_B alone: the negative log likelihood
/// −Σ w ln(1 + μ (r−1)) is convex, so a guarded Newton iteration finds its minimum, and its profile is monotone on either side.
/// </summary>
/// <remarks>
/// μ may be negative as long as 1 + μ(r−1) stays positive for every event, so that a deficit is not hidden and the estimate is
/// unbiased at μ = 0.
/// </remarks>
public sealed class SignalFractionFit
{
    private const double CloseToBorder = 1e-9;
    private const int PointsToEachSide = 30;

    private readonly double[] _excess;
    private readonly ReadOnlyMemory<double> _weights;
    private readonly ReferenceSamples? _references;
    private readonly double _lowest;
    private readonly double _highest;

    private SignalFractionFit(double[] excess, ReadOnlyMemory<double> weights, ReferenceSamples? references)
    {
        _excess = excess;
        _weights = weights;
        _references = references;
        (double least, double most) = (TensorPrimitives.Min<double>(excess), TensorPrimitives.Max<double>(excess));

        // 1 + μ e > 0 for all events: −1/max e < μ < −1/min e.
        _lowest = most > 0 ? -1 / most : double.NegativeInfinity;
        _highest = least < 0 ? -1 / least : double.PositiveInfinity;
    }

    /// <summary>Fits the fraction.</summary>
    /// <param name="logRatio">ln r, one an event, finite.</param>
    /// <param name="weights">One an event, or empty for 1 each.</param>
    /// <param name="references">The samples on which r was calibrated; their size then widens errors and intervals.</param>
    /// <exception cref="FitException">There are no events, or no event tells signal from background.</exception>
    public static SignalFractionResult Fit(
        ReadOnlySpan<float> logRatio, ReadOnlyMemory<double> weights = default, ReferenceSamples? references = null)
    {
        RequireEvents(logRatio.Length, weights);
        double[] excess = new double[logRatio.Length];
        for (int i = 0; i < excess.Length; i++)
        {
            excess[i] = float.IsFinite(logRatio[i])
                ? Math.Exp(logRatio[i]) - 1
                : throw new FitException($"The log ratio of event {i} is {logRatio[i]}, expected a finite number; clip it.");
        }

        RequireInformation(excess.AsSpan().ContainsAnyExcept(0.0));
        return new SignalFractionFit(excess, weights, references).Run();
    }

    /// <summary>The fraction and its error alone, without intervals, from the ratios themselves.</summary>
    /// <param name="ratio">r, one an event, finite and not negative.</param>
    /// <param name="weights">One an event, or empty for 1 each.</param>
    /// <exception cref="FitException">There are no events, or no event tells signal from background.</exception>
    public static SignalFractionEstimate EstimateFromRatios(ReadOnlyMemory<float> ratio, ReadOnlyMemory<double> weights = default)
    {
        RequireEvents(ratio.Length, weights);
        if (weights.IsEmpty && SignalFractionSeries.TryFit(ratio) is { } found)
        {
            return found;
        }

        if (!MixtureScore.TryRange(ratio, out float least, out float most))
        {
            int at = ratio.Span.IndexOfAnyExceptInRange(0, float.MaxValue);
            throw new FitException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The ratio of event {at} is {ratio.Span[at]}, expected a finite number of 0 or more; clip it."));
        }

        RequireInformation(least != 1 || most != 1);
        double lowest = most > 1 ? -1 / (most - 1.0) : double.NegativeInfinity;
        double highest = least < 1 ? -1 / (least - 1.0) : double.PositiveInfinity;

        // One vector in sixteen gives a start from which all events need two or three steps instead of seven.
        double start = ratio.Length >= 16 * EventBlocks.DefaultSize
            ? FindMinimum(fraction => Sums(fraction, sparsity: 16), lowest, highest, 0, tolerance: 1e-2).Estimate
            : 0;
        Derivatives last = default;
        (double estimate, int iterations, bool atBorder) = FindMinimum(
            fraction => last = Sums(fraction, sparsity: 1), lowest, highest, start, tolerance: 1e-9);
        return new SignalFractionEstimate(estimate, Math.Sqrt(last.ScoreVariance) / last.Information, iterations, atBorder);

        Derivatives Sums(double fraction, int sparsity) => SumOverBlocks(ratio.Length, (start, length) => MixtureScore.Sums(
            ratio.Span.Slice(start, length), weights.IsEmpty ? default : weights.Span.Slice(start, length), fraction, sparsity));
    }

    private static void RequireEvents(int count, ReadOnlyMemory<double> weights)
    {
        if (count == 0)
        {
            throw new FitException("There are no events to fit a signal fraction to; check the signal region.");
        }

        if (!weights.IsEmpty && weights.Length != count)
        {
            throw new ArgumentException($"There are {weights.Length} weights for {count} events; give one an event.");
        }

        RequirePositiveSum(weights.Span);
    }

    private static void RequireInformation(bool tells)
    {
        if (!tells)
        {
            throw new FitException(
                "Every event has the ratio 1, which tells nothing of a signal fraction; use features that separate signal.");
        }
    }

    private static void RequirePositiveSum(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }

        if (!weights.IsEmpty && !(sum > 0))
        {
            throw new FitException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The events' weights sum to {sum:G4}, expected more than 0; check the weight column or the selection."));
        }
    }

    private SignalFractionResult Run()
    {
        (double estimate, int iterations, bool atBorder) = FindMinimum(Evaluate, _lowest, _highest, 0, tolerance: 1e-9);
        Uncertainty uncertainty = UncertaintyAt(estimate);
        double minimum = NegativeLogLikelihood(estimate);
        return new SignalFractionResult
        {
            Value = estimate,
            Error = uncertainty.Error,
            StatisticalError = uncertainty.Statistical,
            ReferenceError = uncertainty.Reference,
            Wald68 = Wald(estimate, uncertainty.Error, 0.68268949),
            Wald95 = Wald(estimate, uncertainty.Error, 0.95),
            Profile68 = Profile(estimate, uncertainty, minimum, 0.68268949),
            Profile95 = Profile(estimate, uncertainty, minimum, 0.95),
            Q0 = estimate > 0 ? 2 * (NegativeLogLikelihood(0) - minimum) / UncertaintyAt(0).LikelihoodScale : 0,
            Likelihood = [.. Likelihood(estimate, uncertainty, minimum)],
            Iterations = iterations,
            IsAtBorder = atBorder,
        };
    }

    private IEnumerable<LikelihoodPoint> Likelihood(double estimate, Uncertainty uncertainty, double minimum)
    {
        for (int step = -PointsToEachSide; step <= PointsToEachSide; step++)
        {
            double fraction = estimate + (4.0 * step / PointsToEachSide * uncertainty.Error);
            double rise = 2 * (NegativeLogLikelihood(fraction) - minimum) / uncertainty.LikelihoodScale;
            if (double.IsFinite(rise))
            {
                yield return new LikelihoodPoint(fraction, Math.Max(0, rise));
            }
        }
    }

    /// <summary>Errors from the data's and from the references' size, and the scale that makes the likelihood agree with their
    /// sum.</summary>
    private Uncertainty UncertaintyAt(double fraction)
    {
        Derivatives at = Evaluate(fraction);
        double sumOfWeights = _weights.IsEmpty ? _excess.Length : EventBlocks.Sum(_excess.Length, SumOfWeights);
        double statistical = Math.Sqrt(at.ScoreVariance) / at.Information;
        double reference = _references is null
            ? 0
            : Math.Sqrt(_references.ScoreVariance(fraction)) * Math.Abs(sumOfWeights) / at.Information;
        return new Uncertainty(statistical, reference, at.Information * ((statistical * statistical) + (reference * reference)));

        double SumOfWeights(int start, int length)
        {
            double sum = 0;
            for (int i = start; i < start + length; i++)
            {
                sum += Weight(i);
            }

            return sum;
        }
    }

    /// <summary>The root of the score: Newton inside a bracket that shrinks at every step.</summary>
    private static (double Estimate, int Iterations, bool AtBorder) FindMinimum(
        Func<double, Derivatives> evaluate, double lowest, double highest, double start, double tolerance)
    {
        double low = Math.Max(lowest, -1e6);
        double high = Math.Min(highest, 1e6);
        double width = high - low;
        double at = Math.Clamp(start, low + (CloseToBorder * width), high - (CloseToBorder * width));
        for (int iteration = 1; iteration <= 200; iteration++)
        {
            Derivatives derivatives = evaluate(at);
            if (derivatives.Score > 0)
            {
                low = at;
            }
            else
            {
                high = at;
            }

            double newton = at + (derivatives.Score / derivatives.Information);

            // After a step of so many standard errors or less the distance is of the order of its square; of 1e-9, rounding alone.
            if (Math.Abs(derivatives.Score) <= tolerance * Math.Sqrt(derivatives.ScoreVariance))
            {
                return (newton, iteration, AtBorder: false);
            }

            double next = newton > low && newton < high ? newton : (low + high) / 2;
            at = next;
            if (high - low <= 1e-14 * width)
            {
                return (at, iteration, AtBorder: true);
            }
        }

        throw new FitException("The signal fraction did not converge in 200 steps; check the log ratios for extreme values.");
    }

    private static ConfidenceInterval Wald(double estimate, double sigma, double level)
    {
        double reach = sigma * Math.Sqrt(TailProbability.ChiSquaredOneQuantile(level));
        return new ConfidenceInterval(estimate - reach, estimate + reach, level);
    }

    private ConfidenceInterval Profile(double estimate, Uncertainty uncertainty, double minimum, double level)
    {
        double quantile = TailProbability.ChiSquaredOneQuantile(level);
        double rise = quantile / 2 * uncertainty.LikelihoodScale;
        double sigma = uncertainty.Error;
        return new ConfidenceInterval(Crossing(-1), Crossing(+1), level);

        double Crossing(int side)
        {
            double border = side < 0 ? Math.Max(_lowest, estimate - (1e3 * sigma)) : Math.Min(_highest, estimate + (1e3 * sigma));
            double inside = estimate;
            double outside = border;
            for (int step = 0; step < 100 && Math.Abs(outside - inside) > 1e-10 * sigma; step++)
            {
                double middle = step == 0 ? estimate + (side * sigma * Math.Sqrt(quantile)) : (inside + outside) / 2;
                middle = side * (outside - middle) > 0 ? middle : (inside + outside) / 2;
                (inside, outside) = NegativeLogLikelihood(middle) - minimum < rise ? (middle, outside) : (inside, middle);
            }

            return (inside + outside) / 2;
        }
    }

    private double NegativeLogLikelihood(double fraction)
    {
        if (!(fraction > _lowest && fraction < _highest))
        {
            return double.PositiveInfinity;
        }

        return EventBlocks.Sum(_excess.Length, (start, length) =>
        {
            double sum = 0;
            for (int i = start; i < start + length; i++)
            {
                sum -= Weight(i) * LogMath.OnePlus(fraction * _excess[i]);
            }

            return sum;
        });
    }

    private Derivatives Evaluate(double fraction) => SumOverBlocks(_excess.Length, (start, length) => MixtureScore.Sums(
        _excess.AsSpan(start, length), _weights.IsEmpty ? default : _weights.Span.Slice(start, length), fraction));

    private static Derivatives SumOverBlocks(int count, Func<int, int, (double Score, double Information, double Variance)> blockSums)
    {
        var blocks = new Derivatives[EventBlocks.CountOf(count)];
        EventBlocks.ForEach(count, (start, length) =>
        {
            (double score, double information, double variance) = blockSums(start, length);
            blocks[start / EventBlocks.DefaultSize] = new(score, information, variance);
        });
        Derivatives total = default;
        foreach (Derivatives block in blocks)
        {
            total = new(total.Score + block.Score, total.Information + block.Information, total.ScoreVariance + block.ScoreVariance);
        }

        return total;
    }

    private double Weight(int i) => _weights.IsEmpty ? 1 : _weights.Span[i];

    /// <summary>Σ w s, Σ w s² and Σ w² s² of s = (r−1)/(1+μ(r−1)).</summary>
    private readonly record struct Derivatives(double Score, double Information, double ScoreVariance);

    /// <summary>Errors of a fraction; twice the negative log likelihood, divided by the scale, rises by 1 at one total error.</summary>
    private readonly record struct Uncertainty(double Statistical, double Reference, double LikelihoodScale)
    {
        public double Error => Math.Sqrt((Statistical * Statistical) + (Reference * Reference));
    }
}
