namespace Gbi.Posteriors;

/// <summary>Draws from a posterior in several chains, and whether they can be trusted.</summary>
public sealed class PosteriorSample
{
    private readonly double[][] _chains;

    internal PosteriorSample(int parameterCount, double[][] chains, double acceptance, int divergentCount)
    {
        ParameterCount = parameterCount;
        _chains = chains;
        Acceptance = acceptance;
        DivergentCount = divergentCount;
    }

    /// <summary>Number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Number of chains.</summary>
    public int ChainCount => _chains.Length;

    /// <summary>Draws of each chain.</summary>
    public int DrawCount => _chains[0].Length / ParameterCount;

    /// <summary>Mean acceptance of the trajectories.</summary>
    public double Acceptance { get; }

    /// <summary>
    /// Trajectories that broke off because the posterior bends too sharply for the step; a few in a hundred and more say that
    /// a part of it is not reached.
    /// </summary>
    public int DivergentCount { get; }

    /// <summary>The parameters of one draw.</summary>
    public ReadOnlySpan<double> Draw(int chain, int draw) => _chains[chain].AsSpan(draw * ParameterCount, ParameterCount);

    /// <summary>All draws of a parameter, chain after chain.</summary>
    public double[] Values(int parameter)
    {
        double[] values = new double[ChainCount * DrawCount];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _chains[i / DrawCount][((i % DrawCount) * ParameterCount) + parameter];
        }

        return values;
    }

    /// <summary>Mean of a parameter.</summary>
    public double Mean(int parameter) => Values(parameter).Average();

    /// <summary>Standard deviation of a parameter.</summary>
    public double StandardDeviation(int parameter)
    {
        double[] values = Values(parameter);
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    /// <summary>The value below which a share of the draws lies, straight lines between the draws.</summary>
    /// <param name="parameter">Number of the parameter.</param>
    /// <param name="probability">Share; range [0, 1].</param>
    public double Quantile(int parameter, double probability)
    {
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must be from 0 to 1.");
        }

        double[] values = Values(parameter);
        Array.Sort(values);
        double position = probability * (values.Length - 1);
        int below = (int)position;
        return values[below] + ((position - below) * (values[Math.Min(below + 1, values.Length - 1)] - values[below]));
    }

    /// <summary>
    /// Split R̂ of a parameter: √(((n−1)/n W + B/n)/W), W the mean variance within halves of chains and B/n that of their means. 1 where
    /// all halves agree; above 1.01 do not trust the draws. NaN where nothing moved.
    /// </summary>
    /// <remarks>Gelman and others, Bayesian Data Analysis, third edition (2013), section 11.4.</remarks>
    public double RHat(int parameter) => ChainStatistics.Of(Values(parameter), ChainCount).RHat;

    /// <summary>The number of independent draws with the same error of a parameter's mean.</summary>
    /// <remarks>Vehtari and others, Bayesian Analysis 16 (2021) 667, equations 10 to 13, with Geyer's initial monotone sequence.</remarks>
    public double EffectiveSize(int parameter) => ChainStatistics.Of(Values(parameter), ChainCount).EffectiveSize;
}
