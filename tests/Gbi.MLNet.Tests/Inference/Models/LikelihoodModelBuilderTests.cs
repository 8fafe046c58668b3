using Gbi.Inference;

namespace Gbi.Tests.Inference.Models;

public sealed class LikelihoodModelBuilderTests
{
    [Test]
    public void Print()
    {
        Console.WriteLine(ExampleModel.Builder().ToJson());
        Console.WriteLine(ExampleModel.Builder().Build().Describe());
        Assert.That(LikelihoodModelBuilder.FromJson(ExampleModel.Builder().ToJson()).ToJson(), Is.EqualTo(ExampleModel.Builder().ToJson()));
    }
}
