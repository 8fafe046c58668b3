namespace Gbi.Posteriors;

/// <summary>Learns the step at which a wanted share of trajectories is accepted, by dual averaging of its logarithm.</summary>
/// <remarks>Hoffman and Gelman, JMLR 15 (2014) 1593, equation 6, with their γ = 0.05, t₀ = 10, κ = 0.75.</remarks>
internal sealed class StepAdaptation(double target)
{
    private const double Shrinkage = 0.05;
    private const double Delay = 10;
    private const double Forgetting = 0.75;

    private double _centre = Math.Log(1.0);
    private double _error;
    private double _logMean;
    private int _count;

    /// <summary>The step to try next, in units of the scales.</summary>
    public double Current { get; private set; } = 0.1;

    /// <summary>The step learnt.</summary>
    public double Final => _count == 0 ? Current : Math.Exp(_logMean);

    /// <summary>Takes in how likely the last trajectory was accepted.</summary>
    public void Update(double acceptance)
    {
        _count++;
        double share = 1 / (_count + Delay);
        _error = ((1 - share) * _error) + (share * (target - acceptance));
        double log = _centre - (Math.Sqrt(_count) / Shrinkage * _error);
        double weight = Math.Pow(_count, -Forgetting);
        _logMean = (weight * log) + ((1 - weight) * _logMean);
        Current = Math.Exp(log);
    }

    /// <summary>Starts anew from the step learnt: the scales have changed.</summary>
    public void Restart()
    {
        _centre = Math.Log(10 * Final);
        Current = Final;
        _error = 0;
        _logMean = 0;
        _count = 0;
    }
}
