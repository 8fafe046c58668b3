using System.Numerics.Tensors;
using Gbi.Inference.Fits;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Inference.MixtureFraction;

/// <summary>
/// The negative log likelihood −Σ w ln(1 + μ (r−1)) of a mixture's signal fraction μ, its minimum, errors and profile intervals.
/// </summary>
internal sealed class SignalFractionLikelihood
{
    private const int PointsToEachSide = 30;

    private readonly double[] _excess;
    private readonly ReadOnlyMemory<double> _weights;
    private readonly ReferenceSamples? _references;
    private readonly double _lowest;
    private readonly double _highest;

    /// <summary>The likelihood of some events.</summary>
    /// <param name="excess">r − 1, one per event, not all 0.</param>
    /// <param name="weights">One per event, or empty for 1 each.</param>
    /// <param name="references">The samples on which r was calibrated; null where they are taken as exact.</param>
    public SignalFractionLikelihood(double[] excess, ReadOnlyMemory<double> weights, ReferenceSamples? references)
    {
        _excess = excess;
        _weights = weights;
        _references = references;
        (double least, double most) = (TensorPrimitives.Min<double>(excess), TensorPrimitives.Max<double>(excess));

        // 1 + μ e > 0 for all events: −1/max e < μ < −1/min e.
        _lowest = most > 0 ? -1 / most : double.NegativeInfinity;
        _highest = least < 0 ? -1 / least : double.PositiveInfinity;
    }

    /// <summary>The minimum with errors and intervals.</summary>
    public SignalFractionResult Fit()
    {
        (double estimate, int iterations, bool atBorder) = ScoreRoot.Find(Evaluate, _lowest, _highest, 0, tolerance: 1e-9);
        Uncertainty uncertainty = UncertaintyAt(estimate);
        double minimum = NegativeLogLikelihood(estimate);
        return new SignalFractionResult
        {
            Value = estimate,
            Error = uncertainty.Error,
            StatisticalError = uncertainty.Statistical,
            ReferenceError = uncertainty.Reference,
            Wald68 = Wald(estimate, uncertainty.Error, ConfidenceLevel.OneSigmaRounded),
            Wald95 = Wald(estimate, uncertainty.Error, ConfidenceLevel.Usual),
            Profile68 = Profile(estimate, uncertainty, minimum, ConfidenceLevel.OneSigmaRounded),
            Profile95 = Profile(estimate, uncertainty, minimum, ConfidenceLevel.Usual),
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
        ScoreSums at = Evaluate(fraction);
        double sumOfWeights = _weights.IsEmpty ? _excess.Length : EventBlocks.Sum(_excess.Length, SumOfWeights);
        double statistical = Math.Sqrt(at.Variance) / at.Information;
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

    private static ConfidenceInterval Wald(double estimate, double sigma, double level)
    {
        double halfWidth = sigma * Math.Sqrt(TailProbability.ChiSquaredOneQuantile(level));
        return new ConfidenceInterval(estimate - halfWidth, estimate + halfWidth, level);
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

    private ScoreSums Evaluate(double fraction) => ScoreSums.Over(_excess.Length, (start, length) => MixtureScore.Sums(
        _excess.AsSpan(start, length), _weights.IsEmpty ? default : _weights.Span.Slice(start, length), fraction));

    private double Weight(int i) => _weights.IsEmpty ? 1 : _weights.Span[i];

    /// <summary>Errors of a fraction; twice the negative log likelihood, divided by the scale, rises by 1 at one total error.</summary>
    private readonly record struct Uncertainty(double Statistical, double Reference, double LikelihoodScale)
    {
        public double Error => Math.Sqrt((Statistical * Statistical) + (Reference * Reference));
    }
}
