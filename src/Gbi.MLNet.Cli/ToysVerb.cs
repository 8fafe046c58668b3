using System.CommandLine;
using System.Text.Json.Nodes;
using Gbi.Inference;
using Gbi.Numerics;

namespace Gbi.Cli;

/// <summary>gbi toys: CLs of one strength by toys.</summary>
internal sealed class ToysVerb : Verb
{
    private const int DefaultCount = 2000;

    private readonly ModelOptions _model = new();
    private readonly Option<double?> _mu = OptionOf.Real("--mu", "MU", "The strength to test, 0 or more (default: 1).", "a number of 0 or more", mu => mu >= 0);
    private readonly Option<int?> _toys = OptionOf.Number("--toys", "N", $"Toys with and without signal, each (default: {DefaultCount}).", least: 1);
    private readonly Option<ulong?> _seed = OptionOf.Seed();

    public ToysVerb()
        : base(
            "toys",
            "Test one signal strength of a model or a pyhf workspace by toys, where asymptotic formulas do not hold. Toys whose fits fail are counted.",
            "gbi toys workspace.json --mu 1 --toys 5000",
            "gbi toys background.json --patch signal.json --json")
    {
        _model.AddTo(this);
        this.AddAll(_mu, _toys, _seed);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        StrengthTest test = _model.Read(parsed, cancellation);
        double mu = parsed.GetValue(_mu) ?? 1;
        int count = parsed.GetValue(_toys) ?? DefaultCount;
        ToyTestResult result = ToyTest.Run(test, mu, count, new Seed(parsed.GetValue(_seed) ?? 1), cancellation);
        terminal.Say($"{test.Model.Parameters[test.ParameterOfInterest].Name} = {mu:G6}: q̃ = {result.Q:G6}, CLs = {result.Cls:G4} ± {result.ClsError:G2} from {count:N0} toys of each kind");
        if (result.FailureCount > 0)
        {
            terminal.Say($"{result.FailureCount:N0} toys could not be fitted and are left out. The first: {result.SignalAndBackground.Failures.Concat(result.Background.Failures).First().Reason}");
        }

        terminal.PrintJson(new JsonObject
        {
            ["mu"] = mu,
            ["CLs_obs"] = JsonNumber.Of(result.Cls),
            ["CLs_error"] = JsonNumber.Of(result.ClsError),
            ["CLsb"] = JsonNumber.Of(result.PSignalAndBackground),
            ["CLb"] = JsonNumber.Of(result.PBackground),
            ["mu_hat"] = JsonNumber.Of(test.Observed.MuHat),
            ["q"] = JsonNumber.Of(result.Q),
            ["toys"] = count,
            ["failed"] = result.FailureCount,
        }.ToJsonString());
    }
}
