namespace Gbi.Systematics;

/// <summary>A parameter that is fitted beside the parameters of interest, with what is known of it from elsewhere.</summary>
public sealed record NuisanceParameter
{
    /// <summary>A nuisance parameter in standard deviations, with a unit Gaussian constraint at 0.</summary>
    /// <param name="name">Its name, which yields and shapes refer to.</param>
    public NuisanceParameter(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What is known of it from elsewhere.</summary>
    public Constraint Constraint { get; init; } = Constraint.UnitGaussian();

    /// <summary>Smallest value that a fit may try.</summary>
    public double Lower
    {
        get;
        init => field = !double.IsNaN(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(Lower), value, $"The lower bound of '{Name}' must be a number; give −∞ for none.");
    } = double.NegativeInfinity;

    /// <summary>Largest value that a fit may try.</summary>
    public double Upper
    {
        get;
        init => field = !double.IsNaN(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(Upper), value, $"The upper bound of '{Name}' must be a number; give ∞ for none.");
    } = double.PositiveInfinity;
}
