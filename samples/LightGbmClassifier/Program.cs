using Gbi.Pipeline;
using Microsoft.ML;
using Microsoft.ML.Data;

// Two unit Gaussians at +1/2 and -1/2, so that ln p1(x)/p0(x) = x exactly; twice as many events of the second.
var random = new Random(1);
Event[] events =
    [.. Enumerable.Range(0, 60_000).Select(i => new Event { Label = i % 3 == 0, Features = [Gauss(i % 3 == 0 ? 0.5 : -0.5)] })];
float Gauss(double mean) => (float)(mean + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble())));

// Any binary trainer of ML.NET that gives a probability can be the classifier.
var mlContext = new MLContext(seed: 1);
IDataView data = mlContext.Data.LoadFromEnumerable(events);
ITransformer ratio = mlContext.Gbi
    .LikelihoodRatio(mlContext.BinaryClassification.Trainers.LightGbm(numberOfLeaves: 8, numberOfIterations: 40)).Fit(data);

var scores = mlContext.Model.CreatePredictionEngine<Event, Scored>(ratio);
foreach (float x in (float[])[-1, 0, 1])
{
    Console.WriteLine($"ln r({x,2:F0}) = {scores.Predict(new Event { Features = [x] }).LogRatio,5:F1}");
}

internal sealed class Event
{
    public bool Label { get; set; }             // true: numerator

    [VectorType(1)]
    public float[] Features { get; set; } = [];
}

internal sealed class Scored
{
    public float LogRatio { get; set; }
}
