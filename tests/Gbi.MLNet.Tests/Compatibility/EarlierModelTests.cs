using System.Globalization;
using System.Text.Json.Nodes;
using Gbi.Pipeline;
using Gbi.Tests.Pipeline;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Compatibility;

/// <summary>ML.NET models that version 0.2.0 saved load with plain Model.Load and compute the same.</summary>
public sealed class EarlierModelTests
{
    private static readonly JsonObject Expected = EarlierFile.Expected("models.json").AsObject();

    private static IEnumerable<string> Names => Expected.Select(model => model.Key);

    [Test]
    public void Every_file_has_a_test()
    {
        string[] files = Directory.GetFiles(EarlierFile.Path("Models"), "*.zip");
        Assert.That(files.Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(Names));
    }

    [TestCaseSource(nameof(Names))]
    public void A_model_of_the_version_before_scores_the_same(string name)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView events = mlContext.Data.LoadFromEnumerable(Events());
        ITransformer loaded = mlContext.Model.Load(EarlierFile.Path("Models", $"{name}.zip"), out _);
        ITransformer restored = mlContext.Gbi.Restore(loaded);

        foreach ((string output, JsonNode? values) in Expected[name]!.AsObject())
        {
            float[] expected = [.. values!.AsArray().Select(value => (float)value!)];
            foreach (ITransformer model in (ITransformer[])[loaded, restored])
            {
                // ONNX Runtime and the linear models sum in an order of the processor's.
                Assert.That(model.Transform(events).GetColumn<float>(output), Is.EqualTo(expected).Within(2e-6), output);
            }
        }
    }

    private static PipelineEvent[] Events() =>
    [
        .. File.ReadLines(EarlierFile.Path("Models", "events.csv")).Skip(1)
            .Select(line => (float[])[.. line.Split(',').Select(value => float.Parse(value, CultureInfo.InvariantCulture))])
            .Select(values => new PipelineEvent
            {
                Label = values[0] != 0,
                Weight = values[1],
                Mass = values[2],
                Nu = values[3],
                Mu = values[4],
                Score = values[5..7],
                Features = values[7..],
            }),
    ];
}
