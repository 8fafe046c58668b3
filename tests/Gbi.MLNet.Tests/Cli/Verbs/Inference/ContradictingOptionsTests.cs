using System.Text.Json;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Cli.Verbs.Inference;

/// <summary>What contradicts itself, has no meaning or is hard to type on the command line of a workspace.</summary>
[TestFixture]
internal sealed class ContradictingOptionsTests
{
    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        File.WriteAllText(_folder["counting.json"], SmallWorkspace.Counting(10, 50, 55));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _folder.Dispose();

    [TestCase("fit --fix mu --free mu", 2, "--fix and --free both name 'mu'")]
    [TestCase("fit --fix mu=2 --start mu=3", 2, "--fix and --start both name 'mu'")]
    [TestCase("fit --fix mu --fix mu=1", 2, "--fix names 'mu' twice")]
    [TestCase("fit --bounds mu=0:1 --bounds mu=0:2", 2, "--bounds names 'mu' twice")]
    [TestCase("fit --start mu=20", 2, "--start gives 'mu' the value 20, expected one within its bounds, 0 to 10")]
    [TestCase("fit --fix mu=3 --bounds mu=0:2", 2, "--fix gives 'mu' the value 3, expected one within its bounds, 0 to 2")]
    [TestCase("fit --start mu=", 2, "NAME=V")]
    [TestCase("hypotest --bounds mu=2:3", 1, "The bounds of 'mu', 2 to 3, exclude 0, which is no signal")]
    [TestCase("limit --bounds mu=2:3", 1, "exclude 0")]
    [TestCase("significance --bounds mu=2:3", 1, "exclude 0")]
    [TestCase("toys --bounds mu=2:3", 1, "exclude 0")]
    public void Contradicting_options_of_a_parameter_are_refused(string options, int code, string sentence)
    {
        string[] words = options.Split(' ');
        CliRun run = CliRun.Of([words[0], _folder["counting.json"], .. words[1..]]);
        Assert.That(run.Code, Is.EqualTo(code));
        Assert.That(run.Error, Does.Contain(sentence));
    }

    [Test]
    public void Names_of_parameters_may_hold_equals_signs()
    {
        string text = File.ReadAllText(_folder["counting.json"]);
        File.WriteAllText(_folder["equals.json"], text.Replace("\"mu\"", "\"a=b\"", StringComparison.Ordinal));
        string file = _folder["equals.json"];
        double Value(string option, string typed) =>
            Json("fit", file, option, typed, "--json").GetProperty("parameters")[0].GetProperty("value").GetDouble();

        Assert.That((Value("--fix", "a=b"), Value("--fix", "a=b=2")), Is.EqualTo((1.0, 2.0)));
    }

    [TestCase("fit")]
    [TestCase("describe")]
    [TestCase("interval")]
    [TestCase("limit")]
    public void Control_characters_of_names_do_not_reach_the_terminal(string verb)
    {
        string text = File.ReadAllText(_folder["counting.json"]);
        File.WriteAllText(_folder["escape.json"], text.Replace("\"mu\"", "\"\\u001b[31m\"", StringComparison.Ordinal));

        Assert.That(CliRun.Done(verb, _folder["escape.json"]).Output, Does.Contain("\\u001B[31m").And.Not.Contain("\u001b"));
    }

    [TestCase(10, 35)]
    [TestCase(-10, 55)]
    public void Against_the_direction_of_the_signal_nothing_is_significant(double signal, double observed)
    {
        File.WriteAllText(_folder["deficit.json"], SmallWorkspace.Counting(signal, 50, observed));
        JsonElement found = Json("significance", _folder["deficit.json"], "--json").GetProperty("discovery");

        Assert.That(
            (found.GetProperty("q0").GetDouble(), found.GetProperty("p0").GetDouble(), found.GetProperty("z").GetDouble()),
            Is.EqualTo((0.0, 0.5, 0.0)));
    }

    [Test]
    public void Standard_input_is_read_once_by_patchset_too() => Assert.That(
        CliRun.Of("patchset", "-", "--workspace", "-").Error, Does.StartWith("- stands for standard input, which can be read once"));

    [Test]
    public void A_parameter_that_the_file_fixes_is_freed()
    {
        File.WriteAllText(_folder["fixed-mu.json"], SmallWorkspace.Of(
            """
            [{"name": "c", "samples": [{"name": "s", "data": [10],
              "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]}]}]
            """,
            """[{"name": "c", "data": [7]}]""",
            """[{"name": "mu", "fixed": true}]"""));
        JsonElement found = Json("fit", _folder["fixed-mu.json"], "--free", "mu", "--json");

        Assert.That(found.GetProperty("parameters")[0].GetProperty("value").GetDouble(), Is.EqualTo(0.7).Within(1e-9));
    }

    private static JsonElement Json(params string[] words) => JsonDocument.Parse(CliRun.Done(words).Output).RootElement;
}
