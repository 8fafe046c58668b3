namespace Gbi.Posteriors;

/// <summary>How a posterior is sampled by Hamiltonian dynamics.</summary>
public sealed record HamiltonianOptions
{
    /// <summary>Independent chains, run side by side. Range: 2 or more, so that they can be compared.</summary>
    public int ChainCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(ChainCount), value, "ChainCount must be 2 or more: whether chains agree is the test of all of them.");
    } = 4;

    /// <summary>Draws kept of each chain. Range: 4 or more.</summary>
    public int DrawCount { get; init => field = AtLeast(4, value, nameof(DrawCount)); } = 1000;

    /// <summary>Draws before these, in which step and scales are learnt; they are thrown away. Range: 100 or more.</summary>
    public int WarmUpCount { get; init => field = AtLeast(100, value, nameof(WarmUpCount)); } = 1000;

    /// <summary>Acceptance that the step is adapted to. Range: (0, 1).</summary>
    public double TargetAcceptance
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(TargetAcceptance), value, "TargetAcceptance must be between 0 and 1: it is a probability.");
    } = 0.8;

    /// <summary>Most steps of one trajectory. Range: 1 or more.</summary>
    public int MaxSteps { get; init => field = AtLeast(1, value, nameof(MaxSteps)); } = 256;

    private static int AtLeast(int least, int value, string name) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be {least} or more.");
}
