namespace Gbi.Searches.Options;

/// <summary>How signal fraction and parameters of a family are fitted.</summary>
public sealed record FamilyFitOptions
{
    /// <summary>
    /// Events, evenly out of the data, on which all of the range of the parameters is scanned for starts; the best third is looked at with
    /// three times as many, and so on. Range: 1 or more.
    /// </summary>
    public int ScanEvents { get; init => field = AtLeastOne(value, nameof(ScanEvents)); } = 40_000;

    /// <summary>
    /// Most points of the scan from which fits start, the best ones first; points that explain far less of the data than the best are no
    /// start. Range: 1 or more.
    /// </summary>
    public int Restarts { get; init => field = AtLeastOne(value, nameof(Restarts)); } = 3;

    /// <summary>Most changes of the centre in one fit. Range: 1 or more.</summary>
    public int MostMoves { get; init => field = AtLeastOne(value, nameof(MostMoves)); } = 12;

    /// <summary>
    /// Most background events, evenly out of all, that normalise r in fits; estimates and errors rest on all of them. Range: 1 or more.
    /// </summary>
    public int ReferenceEvents { get; init => field = AtLeastOne(value, nameof(ReferenceEvents)); } = 200_000;

    /// <summary>Most centres around which reference events stay scored, for the next data sets. Range: 1 or more.</summary>
    public int RememberedCentres { get; init => field = AtLeastOne(value, nameof(RememberedCentres)); } = 16;

    /// <summary>
    /// Data sets without signal by which the global p-value is measured, drawn from the background and scanned as the data are. Range: 100
    /// or more, as fewer hardly tell a probability of 5 %, or 0: then there is no global p-value, and the interval of the signal fraction
    /// holds only where there is a signal.
    /// </summary>
    public int ToyCount
    {
        get;
        init => field = value is 0 or >= 100 ? value : throw new ArgumentOutOfRangeException(
            nameof(ToyCount), value, "ToyCount must be 0 or at least 100: fewer data sets hardly tell a probability of 5 %.");
    } = 300;

    private static int AtLeastOne(int value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 1 or more.");
}
