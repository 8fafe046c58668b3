using Gbi.Events;
using Gbi.Numerics.Probability;

namespace Gbi.Posteriors;

/// <summary>Importance weights w = p/q of draws of q, p not normalised: what they are worth, and the evidence Z = ∫ p.</summary>
internal sealed class ImportanceWeights
{
    private readonly Lazy<double> _paretoShape;

    private ImportanceWeights(double[] shares, double effectiveSize, double logEvidence)
    {
        Shares = shares;
        EffectiveSize = effectiveSize;
        LogEvidence = logEvidence;
        _paretoShape = new Lazy<double>(() => ParetoTail.Shape(shares));
    }

    /// <summary>w/Σw of each draw; 0 of all where Σw = 0.</summary>
    public double[] Shares { get; }

    /// <summary>(Σw)²/Σw²; 0 where Σw = 0.</summary>
    public double EffectiveSize { get; }

    /// <summary>ln of the mean weight; −∞ where Σw = 0.</summary>
    public double LogEvidence { get; }

    /// <summary>√((n/n_eff − 1)/(n − 1)): the standard deviation of the mean weight over its value; +∞ where n_eff or n − 1 is 0.</summary>
    public double LogEvidenceError => EffectiveSize > 0 && Shares.Length > 1
        ? Math.Sqrt(Math.Max(0, (Shares.Length / EffectiveSize) - 1) / (Shares.Length - 1))
        : double.PositiveInfinity;

    /// <summary>Shape of the weights' tail, as of <see cref="ParetoTail.Shape"/>.</summary>
    public double ParetoShape => _paretoShape.Value;

    /// <summary>Weights of their natural logs, finite or −∞; the difference of any two may overflow.</summary>
    public static ImportanceWeights Of(double[] logWeights)
    {
        double largest = logWeights.Max();
        if (double.IsNegativeInfinity(largest))
        {
            return new ImportanceWeights(new double[logWeights.Length], 0, largest);
        }

        double[] relative = Array.ConvertAll(logWeights, value => Math.Exp(value - largest));
        var sums = WeightSums.Of(relative, relative.Length);
        return new ImportanceWeights(
            Array.ConvertAll(relative, value => value / sums.Sum), sums.EffectiveCount,
            largest + Math.Log(sums.Sum / relative.Length));
    }
}
