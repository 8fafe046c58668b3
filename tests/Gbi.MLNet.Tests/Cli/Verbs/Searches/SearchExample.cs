namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>Small simulated events, and options that search them in a second.</summary>
internal sealed class SearchExample : IDisposable
{
    public const string Features = "mj1,delta_mj,tau21_j1,tau21_j2";

    private readonly ScratchFolder _folder = new();

    public SearchExample()
    {
        CliRun.Done("simulate", "dijet", "--events", "20000", "--signal-fraction", "0.01", "--seed", "5", "--out", Events);
        CliRun.Done("simulate", "dijet", "--events", "3000", "--signal-fraction", "1", "--seed", "6", "--out", Signal);
    }

    public string Events => _folder["events.parquet"];

    public string Signal => _folder["signal.parquet"];

    public string[] Names => _folder.Names;

    public string this[string name] => _folder[name];

    /// <summary>A search with few trees.</summary>
    public string[] Search(string outName, params string[] more) =>
    [
        "search", Events, "--mass", "mjj", "--features", Features, "--signal-region", "3.3:3.7", "--spectrum", "dijet",
        "--collision-energy", "13",
        "--trees", "8", "--background-trees", "20", "--folds", "2", "--members", "2", "--out", this[outName], .. more,
    ];

    public void Dispose() => _folder.Dispose();
}
