namespace Gbi.Likelihoods.Factors;

/// <summary>
/// A factor on a process's density, one an event, that depends on nuisance parameters through columns of the events. Factors of a
/// process multiply.
/// </summary>
public abstract record ShapeVariation
{
    private protected ShapeVariation()
    {
    }

    /// <summary>Names of the parameters that it depends on, each once.</summary>
    public abstract IReadOnlyList<string> Parameters { get; }

    /// <summary>Names of the columns that it reads, each once.</summary>
    public abstract IReadOnlyList<string> Columns { get; }
}
