namespace Gbi.Ratios.Parametric;

/// <summary>A product of parameters of first or second order, ν_a or ν_a ν_b: one term of ln r(x|ν) = Σ_A ν_A Δ_A(x).</summary>
public sealed record Monomial
{
    private Monomial(string first, string? second)
    {
        First = RequireName(first);
        Second = second is null ? null : RequireName(second);
    }

    /// <summary>The first factor.</summary>
    public string First { get; }

    /// <summary>The second factor, the same as the first in a square; null for a term of first order.</summary>
    public string? Second { get; }

    /// <summary>"a", "a^2" or "a*b".</summary>
    public string Name => Second is null ? First : Second == First ? $"{First}^2" : $"{First}*{Second}";

    /// <summary>The parameter itself.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds * or ^.</exception>
    public static Monomial Of(string parameter) => new(parameter, null);

    /// <summary>The product of two parameters; the square of one where both are the same.</summary>
    /// <exception cref="ArgumentException">A name is empty or holds * or ^.</exception>
    public static Monomial Of(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(second);
        return new(first, second);
    }

    /// <summary>Reads a <see cref="Name"/>: "a", "a^2" or "a*b".</summary>
    /// <exception cref="ArgumentException">The text is none of these; the message holds it.</exception>
    public static Monomial Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.EndsWith("^2", StringComparison.Ordinal))
        {
            return Of(name[..^2], name[..^2]);
        }

        return name.Split('*') switch
        {
            [var parameter] => Of(parameter),
            [var first, var second] => Of(first, second),
            _ =>
                throw new ArgumentException(
                    $"The monomial '{name}' has more than two factors, expected one such as a, a^2 or a*b.", nameof(name)),
        };
    }

    /// <summary>All monomials of first and second order: first the parameters, then the squares and products, in order.</summary>
    public static IReadOnlyList<Monomial> UpToSecondOrder(IReadOnlyList<string> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return [.. parameters.Select(Of), .. parameters.SelectMany((first, i) => parameters.Skip(i).Select(second => Of(first, second)))];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    // Otherwise a parameter "a*b" and the product of a and b would have one name, and one column.
    private static string RequireName(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Length > 0 && parameter.AsSpan().IndexOfAny('*', '^') < 0 ? parameter : throw new ArgumentException(
            $"The parameter of a monomial is '{parameter}', expected a name without * and ^, which stand between and behind factors; "
                + "rename it.");
    }
}
