namespace Gbi.Systematics;

/// <summary>Per-event ratios to nominal at one standard deviation up and down, and the law between and beyond them.</summary>
public sealed class UpDownVariation : ShapeVariation
{
    /// <summary>A factor from two columns of ratios.</summary>
    /// <param name="parameter">Name of the nuisance parameter.</param>
    /// <param name="down">p_down/p_nominal, one an event; above 0 where the law is exponential.</param>
    /// <param name="up">p_up/p_nominal, one an event; above 0 where the law is exponential.</param>
    /// <param name="law">How the factor runs between and beyond.</param>
    /// <exception cref="ArgumentException">The columns have different lengths or a ratio that the law cannot take.</exception>
    public UpDownVariation(
        string parameter, ReadOnlyMemory<float> down, ReadOnlyMemory<float> up, InterpolationLaw law = InterpolationLaw.PolynomialExponential)
        : base(up.Length)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(parameter);
        if (down.Length != up.Length)
        {
            throw new ArgumentException($"Parameter '{parameter}' has {down.Length} ratios down and {up.Length} up; give one an event.");
        }

        string expected = Interpolation.UsesLogs(law) ? "a finite number above 0" : "a finite number";
        RequireAll(down.Span, ratio => Interpolation.IsAllowed(law, ratio), $"The ratio of '{parameter}' down", expected);
        RequireAll(up.Span, ratio => Interpolation.IsAllowed(law, ratio), $"The ratio of '{parameter}' up", expected);
        (Parameter, Down, Up, Law) = (parameter, down, up, law);
    }

    /// <summary>Name of the nuisance parameter.</summary>
    public string Parameter { get; }

    /// <summary>p_down/p_nominal.</summary>
    public ReadOnlyMemory<float> Down { get; }

    /// <summary>p_up/p_nominal.</summary>
    public ReadOnlyMemory<float> Up { get; }

    /// <summary>How the factor runs between and beyond.</summary>
    public InterpolationLaw Law { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters => [Parameter];
}
