namespace Gbi.Trees;

/// <summary>A product of parameters of first or second order, ν_a or ν_a ν_b: one term of ln r(x|ν) = Σ_A ν_A Δ_A(x).</summary>
public sealed record Monomial
{
    private Monomial(string first, string? second)
    {
        ArgumentException.ThrowIfNullOrEmpty(first);
        (First, Second) = (first, second);
    }

    /// <summary>The first factor.</summary>
    public string First { get; }

    /// <summary>The second factor, the same as the first in a square; null for a term of first order.</summary>
    public string? Second { get; }

    /// <summary>"a", "a^2" or "a*b".</summary>
    public string Name => Second is null ? First : Second == First ? $"{First}^2" : $"{First}*{Second}";

    /// <summary>The parameter itself.</summary>
    public static Monomial Of(string parameter) => new(parameter, null);

    /// <summary>The product of two parameters; the square of one where both are the same.</summary>
    public static Monomial Of(string first, string second)
    {
        ArgumentException.ThrowIfNullOrEmpty(second);
        return new(first, second);
    }

    /// <summary>All monomials of first and second order: first the parameters, then the squares and products, in order.</summary>
    public static IReadOnlyList<Monomial> UpToSecondOrder(IReadOnlyList<string> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return [.. parameters.Select(Of), .. parameters.SelectMany((first, i) => parameters.Skip(i).Select(second => Of(first, second)))];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
