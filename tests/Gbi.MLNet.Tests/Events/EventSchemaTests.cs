using Gbi.Events;

namespace Gbi.Tests.Events;

[TestFixture]
internal sealed class EventSchemaTests
{
    [Test]
    public void Observables_are_the_features_and_then_the_mass()
    {
        Assert.That(new EventSchema { Features = ["a", "b"] }.Observables, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(new EventSchema { Features = ["a", "b"], Mass = "m", Weight = "w" }.Observables, Is.EqualTo(new[] { "a", "b", "m" }));
        Assert.That(new EventSchema { Features = ["m", "b"], Mass = "m" }.Observables, Is.EqualTo(new[] { "m", "b" }));
    }

    [Test]
    public void A_schema_keeps_its_own_list_of_features()
    {
        var names = new List<string> { "a" };
        var schema = new EventSchema { Features = names };
        names.Add("a");
        Assert.That(schema.Features, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void No_features_and_a_feature_named_twice_are_refused()
    {
        Assert.That(() => new EventSchema { Features = [] }, Throws.ArgumentException.With.Message.Contains("There are no features"));
        Assert.That(
            () => new EventSchema { Features = ["a", "b", "a"] },
            Throws.ArgumentException.With.Message.Contains("Feature 'a' is named twice"));
        Assert.That(() => new EventSchema { Features = ["a", "A"] }, Throws.Nothing);
    }
}
