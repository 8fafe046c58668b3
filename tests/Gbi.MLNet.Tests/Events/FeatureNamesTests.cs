using Gbi.Events;

namespace Gbi.Tests.Events;

/// <summary>Names of features with wildcards and ranges, and features of one value.</summary>
[TestFixture]
internal sealed class FeatureNamesTests
{
    private static readonly string[] Columns =
        ["mass", "tau21_j1", "tau21_j2", "mj1", "pt1", "pt2", "pt3", "pt4", "jet09_pt", "jet10_pt", "w"];

    [TestCase("mj1,pt2", "mj1,pt2")]
    [TestCase("tau*,mj1", "tau21_j1,tau21_j2,mj1")]
    [TestCase("*", "tau21_j1,tau21_j2,mj1,pt1,pt2,pt3,pt4,jet09_pt,jet10_pt")]
    [TestCase("pt?,pt1", "pt2,pt3,pt4,pt1")]
    [TestCase("pt1..pt3", "pt1,pt2,pt3")]
    [TestCase("tau21_j1..tau21_j2", "tau21_j1,tau21_j2")]
    [TestCase("jet09_pt..jet10_pt", "jet09_pt,jet10_pt")]
    [TestCase("pt2..pt2,mass", "pt2,mass")]
    [TestCase("unknown", "unknown")]
    public void Patterns_stand_for_columns_in_the_order_of_the_file(string typed, string expected) =>
        Assert.That(string.Join(',', Expand(typed)), Is.EqualTo(expected));

    [TestCase("eta*", "No column of events.parquet fits 'eta*', columns of mass, weight and label and those that gbi writes aside; its")]
    [TestCase("m?ss", "No column of events.parquet fits 'm?ss'")]
    [TestCase("pt3..pt6", "There is no column 'pt5' of the range pt3..pt6 in events.parquet; its columns, the most similar first: pt")]
    [TestCase("pt4..pt1", "'pt4..pt1' is no range of columns")]
    [TestCase("mj1..tau21_j2", "expected two names that differ in one number, the lower one first, such as pt1..pt4")]
    [TestCase("pt1..", "is no range of columns")]
    public void A_pattern_without_columns_is_refused_with_those_that_there_are(string typed, string sentence) =>
        Assert.That(() => Expand(typed), Throws.TypeOf<DataException>().With.Message.Contains(sentence));

    [TestCase("*", "mass,w")]
    [TestCase("m*,w", "mass")]
    [TestCase("tau*,pt1..pt4", "")]
    public void Columns_that_a_wildcard_fits_and_does_not_mean_are_listed(string typed, string expected) =>
        Assert.That(string.Join(',', FeatureNames.LeftOut(typed.Split(','), Columns, ["mass", "w"])), Is.EqualTo(expected));

    [Test]
    public void A_feature_of_one_value_is_named()
    {
        EventTable one = Table([1, 1, 1], [float.NaN, 2, 2], [float.NaN, float.NaN, float.NaN], [3, 3, 3]);
        EventTable two = Table([1, 1, 1], [2, 2, float.NaN], [float.NaN, float.NaN, float.NaN], [4, 4, 4]);
        string[] features = ["a", "b", "c", "d"];
        Assert.That(ConstantFeatures.SentencesOf(features, one, two), Is.EqualTo(new[]
        {
            "Feature 'a' is 1 in all 6 events; it separates nothing, leave it out.",
            "Feature 'b' is 2 in all 6 events; it separates nothing, leave it out.",
            "Feature 'c' is missing in all 6 events; it separates nothing, leave it out.",
        }));
        Assert.That(ConstantFeatures.SentencesOf(features, one), Has.Count.EqualTo(4));
    }

    private static string[] Expand(string typed) => FeatureNames.Expand(typed.Split(','), Columns, "events.parquet", ["mass", "w"]);

    private static EventTable Table(float[] a, float[] b, float[] c, float[] d) =>
        EventTable.FromColumns([("a", a), ("b", b), ("c", c), ("d", d)]);
}
