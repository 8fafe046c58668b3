using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Ratios;
using Gbi.Simulators.Priors;
using Gbi.Tests.Posteriors.Autoregressive;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Ratios;

/// <summary>Posteriors by ratios as files.</summary>
[TestFixture]
internal sealed class RatioPosteriorFileTests
{
    private static readonly Prior Box = Prior.Independent(Prior.Uniform("t0", -1, 1), Prior.Category("kind", [2, 5], [0.7, 0.3]));

    private static readonly Simulated Data = Simulated.Of(Box, 2, 300, 1, (random, point, x) =>
    {
        x[0] = Normal.Sample(random, Math.Abs(point[0]), 0.1);
        x[1] = Normal.Sample(random, point[1], 1);
    });

    private static RatioPosterior Train(RatioContrast contrast) => RatioPosterior.Train(
        Box, Data.Parameters, Data.Observations,
        RatioPosteriorOptions.CorrectedTrees with { Contrast = contrast, Posterior = new() { MemberCount = 1 } }, new Seed(1));

    [TestCase(RatioContrast.NearMean), TestCase(RatioContrast.TreePosterior)]
    public void It_is_saved_and_read_and_has_the_same_bytes_for_a_seed(RatioContrast contrast)
    {
        using var folder = new ScratchFolder();
        string[] paths = [folder["one.zip"], folder["two.zip"]];
        RatioPosterior posterior = Train(contrast);
        posterior.Save(paths[0]);
        using (ThreadLimit.To(1))
        {
            Train(contrast).Save(paths[1]);
        }

        Assert.That(File.ReadAllBytes(paths[0]), Is.EqualTo(File.ReadAllBytes(paths[1])));
        RatioPosterior read = RatioPosterior.Load(paths[0]);
        Simulated few = new(Data.Parameters.Slice(0, 20), Data.Observations.Slice(0, 20));
        EventTable one = Simulated.Observation(0.5f, 3);
        Assert.Multiple(() =>
        {
            Assert.That(
                read.LogDensity(few.Parameters, few.Observations), Is.EqualTo(posterior.LogDensity(few.Parameters, few.Observations)));
            Assert.That(
                read.Sample(one, 50, new Seed(2)).Table["t0"].ToArray(),
                Is.EqualTo(posterior.Sample(one, 50, new Seed(2)).Table["t0"].ToArray()));
            Assert.That(read.NormalisationOf(one), Is.EqualTo(posterior.NormalisationOf(one)));
            EventTable odd = Simulated.Observation(9, 3);
            Assert.That(read.Given(odd).Warnings, Is.EqualTo(posterior.Given(odd).Warnings).And.Not.Empty);
            Assert.That((read.Features, read.Parameters), Is.EqualTo((posterior.Features, posterior.Parameters)));
            Assert.That(read.TreeCounts, Is.EqualTo(posterior.TreeCounts));
        });
    }

    [Test]
    public void Damaged_files_and_those_of_another_kind_are_refused()
    {
        using var folder = new ScratchFolder();
        RatioPosterior posterior = Train(RatioContrast.TreePosterior);
        posterior.Save(folder["ratio.zip"]);
        posterior.Uncorrected!.Save(folder["trees.zip"]);
        File.WriteAllBytes(folder["cut.zip"], File.ReadAllBytes(folder["ratio.zip"])[..^300]);
        using (FileStream old = File.Create(folder["old.zip"]))
        {
            PosteriorArchive.Write(old, "ratio-posterior.json", stream => stream.Write("""{"format":"gbi-ratio-posterior/0"}"""u8));
        }

        Assert.Multiple(() =>
        {
            Assert.That(() => posterior.Save(folder["ratio.zip"]), Throws.TypeOf<DataException>().With.Message.Contains("exists"));
            Assert.That(() => RatioPosterior.Load(folder["cut.zip"]), Throws.TypeOf<DataException>().With.Message.Contains("cut.zip"));
            Assert.That(
                () => RatioPosterior.Load(folder["trees.zip"]),
                Throws.TypeOf<DataException>().With.Message.Contains("posterior.json").And.Message.Contains("ratio-posterior.json"));
            Assert.That(
                () => TreePosterior.Load(folder["ratio.zip"]),
                Throws.TypeOf<DataException>().With.Message.Contains("ratio-posterior.json"));
            Assert.That(() => RatioPosterior.Load(folder["old.zip"]), Throws.TypeOf<DataException>().With.Message.Contains("old.zip"));
            Assert.That(() => RatioPosterior.Load(folder["no.zip"]), Throws.TypeOf<DataException>().With.Message.Contains("no file"));
        });
    }
}
