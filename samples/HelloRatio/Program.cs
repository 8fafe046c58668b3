using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

// Two samples: unit Gaussians at +1/2 and -1/2, for which ln p1(x)/p0(x) = x exactly.
var random = new Random(1);
EventTable numerator = Sample(0.5), denominator = Sample(-0.5);
RatioModel ratio = RatioTrainer.CrossFit(numerator, denominator, ["x"], new RatioOptions(), new Seed(1)).Model;
Console.WriteLine($"ln r(-1) = {ratio.LogRatio([-1]):F1}, ln r(0.5) = {ratio.LogRatio([0.5f]):F1}, ln r(1) = {ratio.LogRatio([1]):F1}");

EventTable Sample(double mean) => EventTable.FromColumns(("x", [.. Enumerable.Range(0, 50_000).Select(_ => (float)(mean + Gauss()))]));
double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
