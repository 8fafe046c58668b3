using System.Globalization;
using System.Text.Json;
using Gbi.Tests.Likelihoods.HistFactory;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Cli.Verbs.Inference;

/// <summary>gbi toys, merge and interval.</summary>
public sealed class ToysCommandTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        File.WriteAllText(_folder["counting.json"], SmallWorkspace.Counting(10, 50, 55));
        File.WriteAllText(_folder["other.json"], SmallWorkspace.Counting(10, 50, 56));
    }

    [TearDown]
    public void RemoveFiles() => _folder.Dispose();

    [TestCase("q-tilde"), TestCase("q"), TestCase("t"), TestCase("q0")]
    public void Merged_shards_are_the_whole_run_to_the_last_bit(string statistic)
    {
        string[] run = ["toys", _folder["counting.json"], "--toys", "101", "--seed", "7", "--statistic", statistic];
        CliRun whole = CliRun.Done([.. run, "--out", _folder["whole.json"], "--json"]);
        string[] shards = [.. Enumerable.Range(1, 3).Select(i => _folder[$"shard-{i}.json"])];
        for (int i = 0; i < 3; i++)
        {
            JsonElement told = Json([.. run, "--shard", $"{i + 1}/3", "--out", shards[i], "--json"]);
            Assert.That(told.GetProperty("toys").GetInt32(), Is.EqualTo(i == 0 ? 33 : 34));
        }

        string[] merge = ["merge", shards[2], shards[0], shards[1]];
        Assert.Multiple(() =>
        {
            Assert.That(CliRun.Done([.. merge, "--out", _folder["all.json"], "--json"]).Output, Is.EqualTo(whole.Output));
            Assert.That(File.ReadAllText(_folder["all.json"]), Is.EqualTo(File.ReadAllText(_folder["whole.json"])));
            Assert.That(CliRun.Done(merge).Output, Is.EqualTo(CliRun.Done(run).Output));
        });
    }

    [Test]
    public void A_merge_of_shards_that_do_not_belong_together_says_which()
    {
        string first = Shard("first.json", "1/2");
        string second = Shard("second.json", "2/2");
        Assert.Multiple(() =>
        {
            Refused(
                1, "first.json and again.json both hold shard 1/2; give each shard once.", "merge", first, second,
                Shard("again.json", "1/2"));
            Refused(1, "Of the 2 shards there is no 2/2; give the files of all of them.", "merge", first);
            Refused(
                1, "seed.json holds the seed 4, first.json 3; only shards of one test can be merged.", "merge", first,
                Shard("seed.json", "2/2", "--seed", "4"));
            Refused(
                1, "mu.json holds the tested strength 2, first.json 1; only shards of one test can be merged.", "merge", first,
                Shard("mu.json", "2/2", "--mu", "2"));
            Refused(
                1, "t.json holds the statistic t, first.json q-tilde; only shards of one test can be merged.", "merge", first,
                Shard("t.json", "2/2", "--statistic", "t"));
            Refused(
                1, "more.json holds the total number of toys 21, first.json 20; only shards of one test can be merged.", "merge", first,
                Shard("more.json", "2/2", "--toys", "21"));
            Refused(
                1, "third.json holds the number of shards 3, first.json 2; only shards of one test can be merged.", "merge", first,
                Shard("third.json", "2/3"));
            string data = ShardOf("other.json", "data.json", "2/2");
            CliRun mixed = CliRun.Of("merge", first, data);
            Assert.That(mixed.Code, Is.EqualTo(1));
            Assert.That(mixed.Error, Does.StartWith("data.json holds toys of the model and data "));
        });
    }

    [Test]
    public void What_is_no_shard_and_what_exists_already_is_refused()
    {
        string first = Shard("first.json", "1/2");
        string second = Shard("second.json", "2/2");
        string taken = _folder["counting.json"];
        File.WriteAllText(_folder["broken.json"], File.ReadAllText(second).Replace("\"shard\":2", "\"shard\":1"));
        Assert.Multiple(() =>
        {
            Assert.That(
                CliRun.Of("merge", taken).Error,
                Does.StartWith("counting.json: It is not what 'gbi toys --out' writes"));
            Assert.That(
                CliRun.Of("merge", first, _folder["broken.json"]).Error,
                Does.StartWith("broken.json: It holds 10 toys from number 10 with 0 failures, expected 10 from number 0"));
            Refused(
                2, $"{taken} exists already; choose another --out, or allow replacing it with --force.", "merge", first, second, "--out",
                taken);
            Refused(
                2, "--shard needs --out: 'gbi merge' reads the file of each shard.", "toys",
                _folder["counting.json"], "--shard", "1/2");
            Assert.That(
                CliRun.Of("toys", _folder["counting.json"], "--shard", "3/2", "--out", "x").Error,
                Does.Contain("--shard is '3/2', expected I/N with I from 1 to N, such as 1/4;"));
            Assert.That(CliRun.Done("merge", first, second, "--out", taken, "--force").Code, Is.Zero);
        });
    }

    [Test]
    public void P_values_of_q0_and_t_are_those_of_Poisson()
    {
        // μ̂ = (n − 50)/10 in [0, 10]: q₀ reaches its value at n = 55 exactly where n ≥ 55.
        JsonElement discovery = Json("toys", _folder["counting.json"], "--statistic", "q0", "--toys", "4000", "--seed", "3", "--json");
        double exact = 1 - new Poisson(50).CumulativeDistribution(54);
        Assert.That(discovery.GetProperty("probability").GetDouble(), Is.EqualTo(exact).Within(4 * Math.Sqrt(exact * (1 - exact) / 4000)));
        Assert.That(discovery.GetProperty("mu").GetDouble(), Is.Zero);
        Assert.That(discovery.GetProperty("cls").ValueKind, Is.EqualTo(JsonValueKind.Null));

        // t₁ of n: 2 (60 − n + n ln(n/60)), and 2 (60 − 50 + n ln(50/60)) below 50, where μ̂ = 0.
        double T(int n) => 2 * (60 - Math.Max(n, 50) + (n * Math.Log(Math.Max(n, 50) / 60.0)));
        double p = Enumerable.Range(0, 200).Where(n => T(n) >= T(55) - 1e-9).Sum(n => Poisson.PMF(60, n));
        JsonElement test = Json("toys", _folder["counting.json"], "--statistic", "t", "--toys", "4000", "--seed", "3", "--json");
        Assert.That(test.GetProperty("probability").GetDouble(), Is.EqualTo(p).Within(4 * Math.Sqrt(p * (1 - p) / 4000)));
        Assert.That(test.GetProperty("observed").GetDouble(), Is.EqualTo(T(55)).Within(1e-9));
    }

    [Test]
    public void Interval_prints_profile_and_Feldman_Cousins_intervals()
    {
        JsonElement profile = Json("interval", _folder["counting.json"], "--confidence", "0.6827,0.95", "--json").GetProperty("intervals");
        double upper = profile[0].GetProperty("upper").GetDouble();
        double n = 50 + (10 * upper);

        // Where 2 (λ − 55 − 55 ln(λ/55)) is the quantile of χ².
        Assert.That(2 * (n - 55 - (55 * Math.Log(n / 55))), Is.EqualTo(1.0).Within(1e-4));
        Assert.That(profile[1].GetProperty("lowerIs").GetString(), Is.EqualTo("bound"));

        string[] run =
        [
            "interval", _folder["counting.json"], "--method", "feldman-cousins", "--toys", "500", "--grid", "0:4:9", "--confidence", "0.9"
        ];
        JsonElement belt = Json([.. run, "--json"]);
        Assert.Multiple(() =>
        {
            Assert.That(belt.GetProperty("belt").GetArrayLength(), Is.EqualTo(9));
            Assert.That(belt.GetProperty("intervals")[0].GetProperty("upper").GetDouble(), Is.InRange(1.2, 2.5));
            Assert.That(CliRun.Done(run).Output, Does.Contain("90 %").And.Contain("lower end is a bound"));
            Refused(
                2, "--toys needs --method feldman-cousins: the profile likelihood takes no toys.", "interval", _folder["counting.json"],
                "--toys", "10");
            Assert.That(
                CliRun.Of("interval", _folder["counting.json"], "--grid", "4:0:3").Error,
                Does.Contain("expected LO:HI:N with LO below HI"));
            Assert.That(
                CliRun.Of("interval", _folder["counting.json"], "--confidence", "0.9,95").Error, Does.Contain("numbers between 0 and 1"));
        });
    }

    [Test]
    public void Fit_tells_the_goodnessOfFit()
    {
        File.WriteAllText(_folder["two.json"], SmallWorkspace.Of(
            """
            [{"name": "c", "samples": [
              {"name": "s", "data": [10, 10], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]}]}]
            """,
            """[{"name": "c", "data": [12, 20]}]"""));
        JsonElement goodness = Json("fit", _folder["two.json"], "--json").GetProperty("goodnessOfFit");
        double expected = 2 * ((12 * Math.Log(12.0 / 16)) + (20 * Math.Log(20.0 / 16)));
        Assert.That(goodness.GetProperty("chiSquared").GetDouble(), Is.EqualTo(expected).Within(1e-9));
        Assert.That(goodness.GetProperty("degreesOfFreedom").GetInt32(), Is.EqualTo(1));
        Assert.That(CliRun.Done("fit", _folder["two.json"]).Output, Does.Contain("for 1 degree of freedom, p = "));
    }

    private string Shard(string name, string shard, params string[] args) => ShardOf("counting.json", name, shard, args);

    private string ShardOf(string file, string name, string shard, params string[] args)
    {
        string[] usual = args.Contains("--toys") ? [] : ["--toys", "20"];
        string[] seed = args.Contains("--seed") ? [] : ["--seed", 3.ToString(CultureInfo.InvariantCulture)];
        CliRun.Done(["toys", _folder[file], .. usual, .. seed, "--shard", shard, "--out", _folder[name], .. args]);
        return _folder[name];
    }

    private static void Refused(int code, string sentence, params string[] args)
    {
        CliRun run = CliRun.Of(args);
        Assert.That((run.Code, run.Error.TrimEnd()), Is.EqualTo((code, sentence)));
    }

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(CliRun.Done(args).Output).RootElement;
}
