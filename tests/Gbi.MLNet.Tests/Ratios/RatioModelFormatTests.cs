using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Ratios;

[TestFixture]
internal sealed class RatioModelFormatTests
{
    private static readonly EventTable Test = EventTable.FromColumns(
        ("x", TwoGaussians.Numerator(50, 2)["x"].ToArray()),
        ("noise", [.. Enumerable.Range(0, 50).Select(row => row % 5 == 0 ? float.NaN : row / 50f)]));

    private static readonly Lazy<RatioModel> Model = new(() => RatioTrainer.CrossFit(
        TwoGaussians.Numerator(1000, 1).Append(Test),
        TwoGaussians.Denominator(1000, 1),
        TwoGaussians.Features,
        new RatioOptions { FoldCount = 2, MemberCount = 2, Trees = new TreeOptions { TreeCount = 3, LeafCount = 5 } },
        new Seed(1)).Model.Named("signal", "background"));

    [Test]
    public void A_model_that_was_written_and_read_scores_equal_and_is_written_alike()
    {
        string text = Model.Value.Serialize();
        RatioModel read = RatioModel.Parse(text);
        Assert.That(read.Score(Test).LogRatio.ToArray(), Is.EqualTo(Model.Value.Score(Test).LogRatio.ToArray()));
        Assert.That(read.Score(Test).Spread.ToArray(), Is.EqualTo(Model.Value.Score(Test).Spread.ToArray()));
        Assert.That((read.Numerator, read.Denominator, read.FoldCount, read.MemberCount), Is.EqualTo(("signal", "background", 2, 2)));
        Assert.That(read.Features, Is.EqualTo(TwoGaussians.Features));
        Assert.That(read.Serialize(), Is.EqualTo(text));
        Assert.That(text, Does.Not.Contain("\n"));
    }

    [TestCase(""), TestCase("null"), TestCase("[]"), TestCase("{}"), TestCase("{\"format\":\"gbi-ratio/2\"}"), TestCase("not json")]
    public void Another_text_is_refused(string text) => Assert.That(() => RatioModel.Parse(text), Throws.TypeOf<DataException>());

    [
        TestCase("format", "\"gbi-ratio/1\""), TestCase("folds", "[]"), TestCase("folds", "null"), TestCase("folds", "[[]]"),
        TestCase("folds", "[null]")
    ]
    [TestCase("folds", "[[null]]"), TestCase("folds", "[[\"\"]]"), TestCase("folds", "[[\"%%\"]]"), TestCase("calibration", "[]")]
    [TestCase("calibration", "{}"), TestCase("calibration", "{\"method\":\"Isotonic\",\"scores\":[1,0],\"logRatios\":[0,1]}")]
    [TestCase("calibration", "{\"method\":\"Platt\",\"coefficients\":[-1,0]}"), TestCase("calibration", "{\"method\":\"Temperature\"}")]
    [
        TestCase("confidenceShift", "-1"), TestCase("confidenceShift", "null"), TestCase("maxAbsLogRatio", "-1"),
        TestCase("maxAbsLogRatio", "\"wide\""), TestCase("numerator", "null")
    ]
    public void A_document_with_one_wrong_entry_is_refused(string entry, string value)
    {
        JsonNode document = JsonNode.Parse(Model.Value.Serialize())!;
        document[entry] = JsonNode.Parse(value);
        Assert.That(() => RatioModel.Parse(document.ToJsonString()), Throws.TypeOf<DataException>());
    }

    [Test]
    public void A_document_of_the_first_version_is_refused_for_its_version()
    {
        // It had neither of these entries, and others for the calibration.
        JsonObject document = JsonNode.Parse(Model.Value.Serialize())!.AsObject();
        document["format"] = "gbi-ratio/1";
        foreach (string later in (string[])["calibration", "confidenceShift", "normalisationError"])
        {
            document.Remove(later);
        }

        Assert.That(
            () => RatioModel.Parse(document.ToJsonString()),
            Throws.TypeOf<DataException>().With.Message.StartsWith(
                "The ratio model has format 'gbi-ratio/1', expected 'gbi-ratio/3'; train it again"));
    }

    [Test]
    public void Folds_that_differ_in_members_or_features_are_refused()
    {
        JsonNode document = JsonNode.Parse(Model.Value.Serialize())!;
        document["folds"]![1]!.AsArray().RemoveAt(0);
        Assert.That(() => RatioModel.Parse(document.ToJsonString()), Throws.TypeOf<DataException>());

        RatioModel other = RatioTrainer.CrossFit(
            TwoGaussians.Numerator(500, 1), TwoGaussians.Denominator(500, 1), ["noise"],
            new RatioOptions { FoldCount = 2, MemberCount = 2, Trees = new TreeOptions { TreeCount = 1 } }, new Seed(1)).Model;
        document = JsonNode.Parse(Model.Value.Serialize())!;
        document["folds"]![1] = JsonNode.Parse(other.Serialize())!["folds"]![1]!.DeepClone();
        Assert.That(() => RatioModel.Parse(document.ToJsonString()), Throws.TypeOf<DataException>());
    }

    [Test]
    public void Trees_cut_short_are_refused_wherever_the_cut_is()
    {
        JsonNode document = JsonNode.Parse(Model.Value.Serialize())!;
        byte[] trees = Convert.FromBase64String(document["folds"]![0]![0]!.GetValue<string>());
        for (int length = 0; length < trees.Length; length++)
        {
            document["folds"]![0]![0] = Convert.ToBase64String(trees[..length]);
            Assert.That(
                () => RatioModel.Parse(document.ToJsonString()), Throws.TypeOf<DataException>(), $"{length} bytes of {trees.Length}");
        }
    }

    [Test]
    public void A_node_with_one_child_twice_is_refused()
    {
        // Version, 2 names of 1 and 5 letters, 1 base value and the number of trees and of nodes take 32 bytes; a node begins with its
        // feature, threshold, code and missing side, 10 bytes, then come its children.
        JsonNode document = JsonNode.Parse(Model.Value.Serialize())!;
        byte[] trees = Convert.FromBase64String(document["folds"]![0]![0]!.GetValue<string>());
        trees.AsSpan(42, 4).CopyTo(trees.AsSpan(46));
        document["folds"]![0]![0] = Convert.ToBase64String(trees);
        Assert.That(
            () => RatioModel.Parse(document.ToJsonString()),
            Throws.TypeOf<DataException>().With.Message.Contains("the model file is damaged"));
    }

    [Test]
    public void A_damaged_byte_is_refused_or_leaves_a_model_that_scores()
    {
        JsonNode document = JsonNode.Parse(Model.Value.Serialize())!;
        byte[] trees = Convert.FromBase64String(document["folds"]![0]![0]!.GetValue<string>());
        int refused = 0;
        for (int at = 0; at < trees.Length; at++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x80, 0xFF })
            {
                byte[] damaged = [.. trees];
                damaged[at] ^= mask;
                document["folds"]![0]![0] = Convert.ToBase64String(damaged);
                try
                {
                    RatioModel.Parse(document.ToJsonString()).Score(Test);
                }
                catch (DataException)
                {
                    refused++;
                }
                catch (Exception failure)
                {
                    Assert.Fail($"Byte {at} with {mask:X2} flipped: {failure.GetType().Name}: {failure.Message}");
                }
            }
        }

        Assert.That(refused, Is.GreaterThan(0));
    }
}
