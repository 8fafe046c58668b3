namespace Gbi.Inference.Fits;

/// <summary>Test statistics of a parameter of interest μ.</summary>
/// <remarks>Cowan, Cranmer, Gross and Vitells, arXiv:1007.1727.</remarks>
public enum TestStatistic
{
    /// <summary>t_μ = −2 ln [L(μ, θ̂̂)/L(μ̂, θ̂)], μ̂ within its bounds.</summary>
    TMu,

    /// <summary>q_μ: t_μ for μ̂ ≤ μ, else 0.</summary>
    QMu,

    /// <summary>q̃_μ: q_μ with the best μ of at least 0.</summary>
    QTildeMu,

    /// <summary>q₀: t₀ for μ̂ > 0, else 0; the tested μ is always 0.</summary>
    Q0,
}
