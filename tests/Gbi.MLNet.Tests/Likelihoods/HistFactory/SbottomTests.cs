using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>The likelihood that ATLAS published for its sbottom search (HEPData 10.17182/hepdata.89408), with its CLs.</summary>
public sealed class SbottomTests
{
    [TestCase("1300_205_60", 0.24443627759085326,
        new[] { 0.09022509053507759, 0.1937839194960632, 0.38432344933992, 0.6557757334303531, 0.8910420971601081 })]
    [TestCase("1400_950_60", 0.021373283911064852,
        new[] { 0.0026445531093281147, 0.013976126501170727, 0.06497105816950004, 0.23644030478043676, 0.5744785776763938 })]
    [TestCase("1500_850_60", 0.045367205665400624,
        new[] { 0.00598431785676406, 0.026102240062850574, 0.10093641492218848, 0.31019245951964736, 0.6553623337518385 })]
    public void Published_CLs_are_found(string signal, double observed, double[] expected)
    {
        string folder = SharedData.Path("pyhf/sbottom_region_a");
        Workspace workspace = Workspace.Parse(File.ReadAllText(Path.Combine(folder, "BkgOnly.json")))
            .WithPatch(File.ReadAllText(Path.Combine(folder, $"patch.sbottom_{signal}.json")));
        LikelihoodModel model = workspace.Model();
        StrengthTestResult found = new StrengthTest(model, workspace.Data(model)).Test(1);

        Assert.Multiple(() =>
        {
            Assert.That(found.Cls, Is.EqualTo(observed).Within(1e-5));
            Assert.That(found.ExpectedCls, Is.EqualTo(expected).Within(1e-5));
        });
    }
}
