using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Jobs.Toys;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>What 'gbi toys' and 'gbi merge' print of a whole test by toys.</summary>
internal static class ToyOutput
{
    public static void Print(Terminal terminal, ToyRun run)
    {
        ToyTestResult result = run.Result;
        TestStatistic statistic = result.Options.Statistic;
        int count = result.Options.ToyCount;
        switch (statistic)
        {
            case TestStatistic.TMu:
                terminal.Say(
                    $"{run.ParameterOfInterest} = {result.Mu:G6}: t = {result.Observed:G6}, p = {result.PTested:G4} ± "
                        + $"{result.PTestedError:G2} from {Counted(count, "toy")}");
                break;
            case TestStatistic.Q0:
                terminal.Say(
                    $"{run.ParameterOfInterest} = 0: q₀ = {result.Observed:G6}, p₀ = {result.PTested:G4} ± {result.PTestedError:G2} from "
                        + $"{Counted(count, "toy")}");
                break;
            default:
                string symbol = statistic == TestStatistic.QMu ? "q" : "q̃";
                terminal.Say(
                    $"{run.ParameterOfInterest} = {result.Mu:G6}: {symbol} = {result.Observed:G6}, CLs = {result.Cls:G4} ± "
                        + $"{result.ClsError:G2} from {Counted(count, "toy")} of each kind");
                break;
        }

        SayFailures(terminal, result);
    }

    public static void SayFailures(Terminal terminal, ToyTestResult result)
    {
        if (result.Failures.Count > 0)
        {
            terminal.Say($"{Counted(result.Failures.Count, "toy")} excluded, as fits failed. The first: {result.Failures[0].Reason}");
        }
    }
}
