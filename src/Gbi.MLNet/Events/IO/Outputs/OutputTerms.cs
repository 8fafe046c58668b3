namespace Gbi.Events.IO.Outputs;

/// <summary>On what terms an output is written: whether it may replace one, what it is made with, what must hold first.</summary>
/// <param name="Overwrite">Whether an existing output may be replaced.</param>
internal sealed record OutputTerms(bool Overwrite)
{
    /// <summary>
    /// A hash of the content of the inputs and of all options, which the output carries so that the same command knows it again; asked for
    /// when the output is whole. Null for none.
    /// </summary>
    public Func<string?>? MadeWith { get; init; }

    /// <summary>Throws where the output must not appear, as where an input is not what it was.</summary>
    public Action? Require { get; init; }

    /// <summary>Whether an existing output is compared when the new one is whole: the same bytes stand, others are refused.</summary>
    public bool AcceptsSame { get; init; }

    /// <summary>What is said where the output exists and may not be replaced; null for the usual sentence.</summary>
    public string? Taken { get; init; }

    /// <summary>Whether what killed processes have left of the output is removed before; not where the caller does so for many.</summary>
    public bool Sweeps { get; init; } = true;

    /// <summary>Whether it is on the disk before it has its name; not for files of a moment.</summary>
    public bool Flushes { get; init; } = true;

    /// <summary>The terms of an output that nothing is known of.</summary>
    public static implicit operator OutputTerms(bool overwrite) => new(overwrite);
}
