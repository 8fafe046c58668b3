using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Inference.MixtureFraction;

/// <summary>Sums of the score s = (r−1)/(1+μ(r−1)) over events.</summary>
/// <param name="Score">Σ w s.</param>
/// <param name="Information">Σ w s².</param>
/// <param name="Variance">Σ w² s².</param>
internal readonly record struct ScoreSums(double Score, double Information, double Variance)
{
    /// <summary>Sums over events, block after block.</summary>
    public static ScoreSums Over(int count, Func<int, int, (double Score, double Information, double Variance)> blockSums)
    {
        var blocks = new ScoreSums[EventBlocks.CountOf(count)];
        EventBlocks.ForEach(count, (start, length) =>
        {
            (double score, double information, double variance) = blockSums(start, length);
            blocks[start / EventBlocks.DefaultSize] = new(score, information, variance);
        });
        ScoreSums total = default;
        foreach (ScoreSums block in blocks)
        {
            total = new(total.Score + block.Score, total.Information + block.Information, total.Variance + block.Variance);
        }

        return total;
    }
}

/// <summary>The root of a score that falls with the fraction, by Newton steps inside a bracket that shrinks at every step.</summary>
/// <remarks>
/// A root in one dimension needs no value of the likelihood, whose logarithm an event costs several times as much as the score: hence not
/// <see cref="Numerics.Minima.BoundedNewton"/>.
/// </remarks>
internal static class ScoreRoot
{
    private const double CloseToBorder = 1e-9;

    /// <summary>The fraction where Σ w s = 0.</summary>
    /// <param name="evaluate">Sums at a fraction.</param>
    /// <param name="lowest">Lower end of the domain; −∞ for none.</param>
    /// <param name="highest">Upper end of the domain; +∞ for none.</param>
    /// <param name="start">Where to start; moved into the domain.</param>
    /// <param name="tolerance">Largest accepted step, in standard errors.</param>
    /// <exception cref="FitException">It is not found in 200 steps.</exception>
    public static (double Estimate, int Iterations, bool AtBorder) Find(
        Func<double, ScoreSums> evaluate, double lowest, double highest, double start, double tolerance)
    {
        double low = Math.Max(lowest, -1e6);
        double high = Math.Min(highest, 1e6);
        double width = high - low;
        double at = Math.Clamp(start, low + (CloseToBorder * width), high - (CloseToBorder * width));
        for (int iteration = 1; iteration <= 200; iteration++)
        {
            ScoreSums sums = evaluate(at);
            if (sums.Score > 0)
            {
                low = at;
            }
            else
            {
                high = at;
            }

            double newton = at + (sums.Score / sums.Information);

            // After a step of so many standard errors or less the distance is of the order of its square; of 1e-9, rounding alone.
            if (Math.Abs(sums.Score) <= tolerance * Math.Sqrt(sums.Variance))
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
}
