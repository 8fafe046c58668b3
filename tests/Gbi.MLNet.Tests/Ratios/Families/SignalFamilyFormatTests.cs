using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios;
using Gbi.Ratios.Families;
using Gbi.Scoring;
using Gbi.Trees;

namespace Gbi.Tests.Ratios.Families;

[TestFixture]
internal sealed class SignalFamilyFormatTests
{
    private static readonly Lazy<SignalFamily> Family = new(() => SignalFamilyTrainer.CrossFit(
        GaussianFamily.Signal(2000, new Seed(1)),
        GaussianFamily.Background(2000, new Seed(2)),
        GaussianFamily.Columns,
        new SignalFamilyOptions
        {
            IsLogarithmic = false,
            HalfWidth = 0.1,
            MemberCount = 2,
            Aligned = [new AlignedFeature("x", GaussianFamily.Parameter)],
            Trees = new TreeOptions { TreeCount = 5, LeafCount = 6 },
        },
        new Seed(3)).Model);

    private static readonly EventTable Test = GaussianFamily.Background(500, new Seed(4));

    [TestCase(-1.9), TestCase(0.3), TestCase(2)]
    public void A_family_that_was_written_and_read_gives_the_same_log_ratios_bit_for_bit(double theta)
    {
        string text = Family.Value.Serialize();
        SignalFamily read = SignalFamily.Parse(text);
        Assert.That(read.LogRatios(Test, [theta]), Is.EqualTo(Family.Value.LogRatios(Test, [theta])));
        Assert.That(read.Serialize(), Is.EqualTo(text));
        Assert.That(text, Does.Not.Contain("\n"));
        Assert.That((read.FoldCount, read.MemberCount), Is.EqualTo((2, 2)));
        Assert.That((read.Parameters, read.Features), Is.EqualTo((Family.Value.Parameters, Family.Value.Features)));
    }

    [Test]
    public void A_file_scores_events_at_a_named_point()
    {
        using var folder = new ScratchFolder();
        SignalFamilyFile.Save(Family.Value, folder["family.json"]);
        using var model = ScoringModel.LoadFamily(
            folder["family.json"], new Dictionary<string, double> { [GaussianFamily.Parameter] = 0.5 });
        using var other = ScoringModel.LoadFamily(
            folder["family.json"], new Dictionary<string, double> { [GaussianFamily.Parameter] = 0.6 });
        Assert.That(model.Score(Test)[0], Is.EqualTo(Family.Value.LogRatios(Test, [0.5])));
        Assert.That(model.Ratio!.Numerator, Is.EqualTo("signal at theta = 0.5"));
        Assert.That(model.Fingerprint, Is.Not.EqualTo(other.Fingerprint));
    }

    [Test]
    public void A_point_that_the_family_does_not_know_is_refused()
    {
        Assert.That(
            () => Family.Value.At([2.2]), Throws.ArgumentException.With.Message.Contains("theta is 2.2, but the family was learnt from"));
        Assert.That(() => Family.Value.At([double.NaN]), Throws.ArgumentException);
        Assert.That(() => Family.Value.At([1, 1]), Throws.ArgumentException);
        using var folder = new ScratchFolder();
        SignalFamilyFile.Save(Family.Value, folder["family.json"]);
        Assert.That(
            () => ScoringModel.LoadFamily(folder["family.json"], new Dictionary<string, double> { ["mass"] = 1 }),
            Throws.ArgumentException.With.Message.EqualTo("The point names mass, but the parameters of family.json are theta."));
        Assert.That(() => ScoringModel.Load(folder["family.json"]), Throws.TypeOf<DataException>().With.Message.Contains("name the point"));
    }

    [TestCase(""), TestCase("null"), TestCase("[]"), TestCase("{}"), TestCase("not json"), TestCase("{\"format\":1}")]
    public void Another_text_is_refused(string text) => Assert.That(() => SignalFamily.Parse(text), Throws.TypeOf<DataException>());

    [Test]
    public void A_model_of_another_kind_and_half_a_file_are_told()
    {
        RatioModel ratio = RatioTrainer.CrossFit(
            TwoGaussians.Numerator(500, 1), TwoGaussians.Denominator(500, 1), TwoGaussians.Features,
            new RatioOptions { FoldCount = 2, MemberCount = 1, Trees = new TreeOptions { TreeCount = 1 } }, new Seed(1)).Model;
        Assert.That(
            () => SignalFamily.Parse(ratio.Serialize()),
            Throws.TypeOf<DataException>().With.Message.Contains("its format is 'gbi-ratio/3', expected 'gbi-family/1'"));
        string text = Family.Value.Serialize();
        Assert.That(
            () => SignalFamily.Parse(text[..(text.Length / 2)]),
            Throws.TypeOf<DataException>().With.Message.StartsWith("The text is not a signal family"));
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["half.json"], text[..(text.Length / 2)]);
        Assert.That(() => SignalFamilyFile.Load(folder["half.json"]), Throws.TypeOf<DataException>().With.Message.Contains("half.json"));
        Assert.That(
            () => SignalFamilyFile.Load(folder["none.json"]), Throws.TypeOf<DataException>().With.Message.Contains("There is no file"));
    }

    [TestCase("parameters", "[]"), TestCase("parameters", "[\"a\",\"b\"]"), TestCase("features", "[\"y\"]"), TestCase("features", "null")]
    [
        TestCase("aligned", "[]"), TestCase("aligned", "[null]"), TestCase("aligned", "[{\"feature\":\"x\",\"parameter\":\"b\"}]"),
        TestCase("reach", "0")
    ]
    [TestCase("reach", "0.6"), TestCase("low", "[3]"), TestCase("low", "[]"), TestCase("isExchangeable", "true"), TestCase("folds", "[]")]
    [TestCase("folds", "[[]]"), TestCase("folds", "[null]"), TestCase("folds", "[[\"\"]]")]
    public void A_document_with_one_wrong_entry_is_refused(string entry, string value)
    {
        JsonNode document = JsonNode.Parse(Family.Value.Serialize())!;
        document[entry] = JsonNode.Parse(value);
        Assert.That(() => SignalFamily.Parse(document.ToJsonString()), Throws.TypeOf<DataException>());
    }
}
