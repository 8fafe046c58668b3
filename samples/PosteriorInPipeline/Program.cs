using Gbi.Pipeline;
using Gbi.Pipeline.Estimators.Posteriors;
using Gbi.Simulators.Priors;
using Microsoft.ML;

// A mass with a flat prior, measured with errors of 1 and 2: its posterior at 91 and 90 has the mean 90.8 and the width 0.89.
var (ml, random, noise) = (new MLContext(seed: 1), new Random(1), new MathNet.Numerics.Distributions.Normal(0, 1, new Random(2)));
Row[] rows = [.. Enumerable.Range(0, 10_000).Select(_ => (float)(80 + (20 * random.NextDouble())))
    .Select(mass => new Row(mass, mass + (float)noise.Sample(), mass + (2 * (float)noise.Sample())))];
var options = new PosteriorOptions { Prior = Prior.Uniform("Mass", 80, 100), FeatureColumns = ["X1", "X2"] };
ITransformer posterior = ml.Gbi.Posterior(options).Fit(ml.Data.LoadFromEnumerable(rows));
Found mass = ml.Model.CreatePredictionEngine<Row, Found>(posterior).Predict(new Row(Mass: 0, X1: 91, X2: 90));
Console.WriteLine($"mass = {mass.PosteriorMean[0]:F1} ± {mass.PosteriorDeviation[0]:F1}");
internal sealed record Row(float Mass, float X1, float X2);
internal sealed class Found { public float[] PosteriorMean = [], PosteriorDeviation = []; }
