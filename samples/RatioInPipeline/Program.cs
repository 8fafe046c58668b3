using Gbi.Pipeline;
using Microsoft.ML;
using Microsoft.ML.Data;

// Two unit Gaussians at +1/2 and -1/2, so that ln p1(x)/p0(x) = x exactly; ten times as many events of the second.
var random = new Random(1);
Event[] events =
    [.. Enumerable.Range(0, 220_000).Select(i => new Event { Label = i % 11 == 0, Features = [Gauss(i % 11 == 0 ? 0.5 : -0.5)] })];
float Gauss(double mean) => (float)(mean + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble())));

var mlContext = new MLContext(seed: 1);
IDataView data = mlContext.Data.LoadFromEnumerable(events);
ITransformer trees = mlContext.Gbi.RatioTrees().Fit(data);
ITransformer logistic = mlContext.Gbi
    .LikelihoodRatio(mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression()).Fit(data);

mlContext.Model.Save(trees, data.Schema, "ratio.zip");
ITransformer loaded = mlContext.Gbi.Restore(mlContext.Model.Load("ratio.zip", out _));

var byTrees = mlContext.Model.CreatePredictionEngine<Event, Scored>(loaded);
var byLogistic = mlContext.Model.CreatePredictionEngine<Event, Scored>(logistic);
foreach (float x in (float[])[-1, 0.5f, 1])
{
    var at = new Event { Features = [x] };
    float tree = byTrees.Predict(at).LogRatio, logit = byLogistic.Predict(at).LogRatio;
    Console.WriteLine($"ln r({x,4:F1}) = {tree,5:F2} by trees, {logit,5:F2} by logistic regression");
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
