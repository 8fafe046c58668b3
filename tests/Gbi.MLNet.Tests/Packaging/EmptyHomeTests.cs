using Gbi.Tests.Compatibility;
using Gbi.Tests.Onnx;

namespace Gbi.Tests.Packaging;

/// <summary>The tool leaves the user's home alone.</summary>
[TestFixture]
internal sealed class EmptyHomeTests
{
    // The variables by which ONNX Runtime recognises a build server, where it sends no telemetry of its own accord.
    private static readonly string[] BuildServers =
        ["CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "TRAVIS", "JENKINS_URL", "CODEBUILD_BUILD_ID", "ORT_RUNNING_UNIT_TESTS"];

    [Test]
    public void Scoring_with_a_network_writes_nothing_to_the_home()
    {
        using var folder = new ScratchFolder();
        using var home = new ScratchFolder();
        string scored = Score(folder, home, null);
        Assert.Multiple(() =>
        {
            Assert.That(scored, Does.Contain("Scored 3 events"));
            Assert.That(home.Names, Is.Empty);
        });
    }

    [Test]
    public void No_verb_that_runs_a_network_writes_to_the_home()
    {
        using var folder = new ScratchFolder();
        using var home = new ScratchFolder();
        Dictionary<string, string?> environment = Environment(home, null);
        Done(environment, "--version");
        Done(environment, "export", EarlierFile.Path("Tool", "ratio.zip"), "--out", folder["ratio.onnx"]);
        File.WriteAllBytes(folder["net.onnx"], NetworkFile.Linear("x", [[2]], [0]).ToBytes());
        File.WriteAllText(folder["events.csv"], "x,log_ratio\n1,2\n-3,-6\n");
        Done(environment, "parity", folder["net.onnx"], folder["events.csv"]);
        Assert.That(home.Names, Is.Empty);
    }

    // The runtime writes its telemetry's database there where the user asks for it: the test above would see it.
    [Test, Platform("Linux")]
    public void The_users_own_choice_of_telemetry_is_kept()
    {
        using var folder = new ScratchFolder();
        using var home = new ScratchFolder();
        Score(folder, home, "0");
        Assert.That(home.Names, Is.Not.Empty);
    }

    private static string Score(ScratchFolder folder, ScratchFolder home, string? choice)
    {
        File.WriteAllBytes(folder["net.onnx"], NetworkFile.Linear("x", [[2]], [0]).ToBytes());
        File.WriteAllText(folder["events.csv"], "x\n1\n2\n3\n");
        Dictionary<string, string?> environment = Environment(home, choice);
        Done(environment, "convert", folder["events.csv"], "--out", folder["events.parquet"]);
        return Done(environment, "score", folder["events.parquet"], "--model", folder["net.onnx"], "--out", folder["scored.parquet"]);
    }

    private static string Done(Dictionary<string, string?> environment, params string[] args)
    {
        ToolProcess run = ToolProcess.Gbi(environment, args);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        return run.Output;
    }

    private static Dictionary<string, string?> Environment(ScratchFolder home, string? choice)
    {
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = home.Root,
            ["USERPROFILE"] = home.Root,
            ["LOCALAPPDATA"] = home.Root,
            ["XDG_CACHE_HOME"] = null,
            ["XDG_DATA_HOME"] = null,
            ["ORT_DISABLE_TELEMETRY"] = choice,
        };
        foreach (string variable in BuildServers)
        {
            environment[variable] = null;
        }

        return environment;
    }
}
