using Gbi.Events;
using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Fits;

/// <summary>ln r(x;θ)/κ(θ) at the fitted point of a family, each event by models that did not see it; κ is the mean of r over the
/// reference.</summary>
internal sealed class FamilyPointScores
{
    private readonly FamilyExpansion _expansion;
    private readonly double[] _local;
    private readonly double _logMean;

    /// <param name="data">The fitted data.</param>
    /// <param name="centre">Centre of the segment of the fitted point.</param>
    /// <param name="local">The point in it, t.</param>
    public FamilyPointScores(FamilyData data, double[] centre, double[] local)
    {
        (_expansion, _, float[] coefficients) = data.At(centre);
        _local = local;
        float[] background = At(_expansion.BackgroundCoefficients);
        MeanRatio = Estimate.OfMean(Array.ConvertAll(background, logRatio => Math.Exp(logRatio)), _expansion.Background);
        _logMean = Math.Log(MeanRatio.Value);
        Background = Normalised(background);
        Data = Normalised(At(coefficients));
        Signal = Normalised(At(_expansion.Samples.Coefficients));
    }

    /// <summary>Scores of the data.</summary>
    public float[] Data { get; }

    /// <summary>Scores of the reference.</summary>
    public float[] Background { get; }

    /// <summary>Scores of <see cref="SignalNear"/>.</summary>
    public float[] Signal { get; }

    /// <summary>Signal events of the segment around the fitted point.</summary>
    public EventTable SignalNear => _expansion.Samples.Signal;

    /// <summary>Whether these are enough to put values and errors right.</summary>
    public bool HasEnoughSignal => _expansion.Samples.IsEnough;

    /// <summary>Mean of r over the reference before normalisation.</summary>
    public Estimate MeanRatio { get; }

    /// <summary>Scores of further events.</summary>
    public float[] Of(EventTable events, int[] foldOf) => Normalised(At(_expansion.Coefficients(events, foldOf)));

    private float[] At(float[] coefficients) => LocalPolynomial.Values(coefficients, _local);

    private float[] Normalised(float[] logRatios) => Array.ConvertAll(logRatios, value => (float)(value - _logMean));
}
