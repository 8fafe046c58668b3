namespace Gbi.Cli.Options.Parsing;

/// <summary>Options that had another name in version 0.2.0, and those whose value became an argument.</summary>
internal static class RenamedOptions
{
    private static readonly Dictionary<(string Verb, string Old), string> Names = new()
    {
        [("demo", "--patience")] = "--early-stopping",
        [("fit", "--scan")] = "--grid",
        [("hunt", "--patience")] = "--early-stopping",
        [("hunt", "--sideband")] = "--sideband-width",
        [("peak", "--null-toys")] = "--toys",
        [("peak", "--patience")] = "--early-stopping",
        [("peak", "--tails")] = "--shape",
        [("search", "--exchangeable")] = "--interchangeable",
        [("search", "--patience")] = "--early-stopping",
        [("search", "--reach")] = "--half-width",
        [("simulate dijet", "--features-extra")] = "--extra-features",
        [("simulate dijet", "--spectrum")] = "--background-spectrum",
        [("train ratio", "--patience")] = "--early-stopping",
        [("train systematic", "--patience")] = "--early-stopping",
    };

    private static readonly HashSet<(string Verb, string Old)> Positional =
    [
        ("export", "--model"),
        ("parity", "--events"),
        ("score", "--in"),
        ("train systematic", "--nominal"),
    ];

    /// <summary>The name that an option has now; null where it never had another.</summary>
    public static string? NewName(string verb, string old) => Names.GetValueOrDefault((verb, old));

    /// <summary>Whether an option became an argument.</summary>
    public static bool IsPositional(string verb, string old) => Positional.Contains((verb, old));
}
