using Gbi.Events;
using Gbi.Ratios.Families;
using Gbi.Searches;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;
using static Gbi.Tests.Searches.Family.FamilyExample;

namespace Gbi.Tests.Searches.Family;

/// <summary>Options and samples that make no signal family.</summary>
[TestFixture]
internal sealed class FamilyRefusalTests
{
    [Test]
    public void What_makes_no_family_is_refused_in_one_sentence()
    {
        FamilySearchOptions family = Settings.Family! with { Training = new SignalFamilyOptions { IsLogarithmic = false } };
        EventTable constant = Sample.WithColumn("one", new float[Sample.Count]);
        Assert.Multiple(() =>
        {
            Refuses<DataException>(family with { Parameters = ["thet"] }, Sample, "has no column 'thet'");
            Refuses<DataException>(family with { Parameters = ["one"] }, constant, "'one' is the same in all");
            Refuses<DataException>(family, null, "needs a signal sample");
            Refuses<ArgumentException>(
                family with { Parameters = ["x"] }, Sample, "'x' is a parameter of the signal family and a column of the data");
            Refuses<ArgumentException>(
                family with { Training = new SignalFamilyOptions { IsInterchangeable = true } }, Sample,
                "has two parameters, but this one has 1");
            Refuses<ArgumentException>(
                family with { Training = new SignalFamilyOptions { Aligned = [new("y", "theta")] } }, Sample,
                "'y' is aligned with the parameter theta, but is none of the features x");
            Refuses<ArgumentException>(
                family with { Training = new SignalFamilyOptions { Aligned = [new("x", "mass")] } }, Sample,
                "aligned with 'mass', which is none of the parameters theta");
            Assert.That(() => family with { Parameters = [] }, Throws.ArgumentException);
            Assert.That(
                () => ResonanceSearch.Run(Data, Sample, Settings with { Inference = new SignalInferenceOptions { UsesMass = true } }),
                Throws.ArgumentException.With.Message.Contains("leave out either Family or Inference.UsesMass"));
            Assert.That(
                () => new BumpHuntOptions { Scan = new BumpScan(3, 4, 0.1, 0.1, 0.2, 2.5, 4.5), Search = Settings },
                Throws.ArgumentException.With.Message.Contains("A hunt counts"));
        });
    }

    private static void Refuses<TException>(FamilySearchOptions family, EventTable? sample, string sentence)
        where TException : Exception =>
        Assert.That(
            () => ResonanceSearch.Run(Data, sample, Settings with { Family = family }),
            Throws.TypeOf<TException>().With.Message.Contains(sentence));
}
