using System.Text.Json.Nodes;
using Gbi.Events.IO;
using Gbi.Tests.Onnx;
using Gbi.Tests.Onnx.Posteriors;

namespace Gbi.Tests.Cli.Verbs.Posteriors;

/// <summary>gbi posterior, calibrate and parity of networks: a uniform in (0, 1), x0 = a + n, n normal of width 0.1.</summary>
internal sealed class NetworkPosteriorCommandTests
{
    private const float Width = 0.1f;

    private static readonly string Prior = GaussianPosterior.Box(1, 0, 1);

    private ScratchFolder _folder = null!;

    [SetUp]
    public void Write()
    {
        _folder = new ScratchFolder();
        Network("flow.onnx", GaussianPosterior.Sampler(1, 1, Width, Prior));
        Network("flow.density.onnx", GaussianPosterior.Density(1, 1, Width, Prior));
        Network("likelihood.onnx", GaussianPosterior.Likelihood(1, Width, Prior));
        File.WriteAllText(_folder["observed.csv"], "x0\n0.5\n");
        File.WriteAllText(_folder["edge.csv"], "x0\n0\n");
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    private void Network(string name, NetworkFile file) => File.WriteAllBytes(_folder[name], file.ToBytes());

    [TestCase("flow.onnx"), TestCase("likelihood.onnx")]
    public void A_network_takes_the_place_of_a_learnt_posterior(string name)
    {
        CliRun run = CliRun.Done(
            "posterior", _folder[name], _folder["observed.csv"], "--json", "--out", _folder["draws.parquet"],
            "--report", _folder["a.html"]);
        JsonNode a = JsonNode.Parse(run.Output)!["observations"]![0]!["parameters"]![0]!;
        var draws = new ParquetEventReader(_folder["draws.parquet"]).Read(["a", "log_density"], new EventReadOptions());
        Assert.That((double)a["mean"]!, Is.EqualTo(0.5).Within(0.005));
        Assert.That((double)a["standardDeviation"]!, Is.EqualTo(Width).Within(0.004));
        Assert.That(draws["log_density"].ToArray().Max(), Is.EqualTo(-Math.Log(Width * Math.Sqrt(2 * Math.PI))).Within(0.05));
        Assert.That(File.ReadAllText(_folder["a.html"]), Does.Contain(name[0] == 'f' ? "learnt outside" : "the posterior of a likelihood"));
    }

    [Test]
    public void What_leaks_out_of_the_prior_is_warned_of()
    {
        File.Move(_folder["flow.density.onnx"], _folder["other.onnx"]);
        CliRun missing = CliRun.Of("posterior", _folder["flow.onnx"], _folder["edge.csv"]);
        CliRun run = CliRun.Done("posterior", _folder["flow.onnx"], _folder["edge.csv"], "--density", _folder["other.onnx"]);
        Assert.That((missing.Code, missing.Error), Is.EqualTo((1, $"There is no file {_folder["flow.density.onnx"]}, which holds the "
            + "density of flow.onnx; write it next to that file, or name it (--density).\n")));
        Assert.That(run.Output, Does.Match("Warning: (49|50|51)\\.. ± 0\\.5 % of the network's density at this observation lies outside"));
    }

    [Test]
    public void It_is_tested_on_pairs()
    {
        using var example = new PosteriorExample();
        CliRun simulated = CliRun.Done(
            "convert", example.Simulations("pairs.parquet", 300, 1), "--columns", "a,x", "--out", _folder["pairs.csv"]);
        File.WriteAllText(_folder["pairs.csv"], File.ReadAllText(_folder["pairs.csv"]).Replace("a,x", "a,x0", StringComparison.Ordinal));
        CliRun run = CliRun.Done("calibrate", _folder["flow.onnx"], _folder["pairs.csv"], "--draws", "199");
        Assert.That(run.Output, Does.Contain("Tests on 300 pairs, 199 draws each").And.Contain("information gain: ").And.Contain("90 %"));
    }

    [Test]
    public void Its_outputs_are_compared_with_those_of_its_training()
    {
        File.WriteAllText(_folder["flow.csv"], "noise,x0,theta\n1,0.5,0.6\n-2,0.5,0.3\n");
        File.WriteAllText(_folder["likelihood.csv"], "x0,a,log_density\n0.5,0.5,1.3836466\n0.5,0.6,0.8836466\n");
        CliRun flow = CliRun.Done("parity", _folder["flow.onnx"], _folder["flow.csv"]);
        CliRun likelihood = CliRun.Done("parity", _folder["likelihood.onnx"], _folder["likelihood.csv"], "--json");
        Assert.That(flow.Output, Does.StartWith("theta: max |difference| "));
        Assert.That((string?)JsonNode.Parse(likelihood.Output)!["network"], Is.EqualTo("likelihood_density"));
    }

    [Test]
    public void What_cannot_be_done_is_said_in_a_sentence()
    {
        Network("ratio.onnx", NetworkFile.Linear("x0", [[1]], [0]));
        Refused(1, "ratio.onnx is a ratio, expected a posterior or a likelihood_density", "ratio.onnx");
        Refused(1, "flow.density.onnx is a posterior_density, expected a posterior", "flow.density.onnx");
        Refused(2, "--density belongs to a network of a posterior, which ", "likelihood.onnx", "--density", _folder["flow.density.onnx"]);
        Refused(2, "--density belongs to a network of a posterior, which ", "none.zip", "--density", _folder["flow.density.onnx"]);
        Refused(2, "--device cuda needs a network (.onnx)", "none.zip", "--device", "cuda");
        Refused(1, "flow.onnx is a posterior (gbi.kind), expected a posterior_density", "flow.onnx", "--density", _folder["flow.onnx"]);

        void Refused(int code, string sentence, string model, params string[] others)
        {
            CliRun run = CliRun.Of(["posterior", _folder[model], _folder["observed.csv"], .. others]);
            Assert.That(run.Code, Is.EqualTo(code), sentence);
            Assert.That(run.Error, Does.Contain(sentence).And.Not.Contain("defect"));
        }
    }
}
