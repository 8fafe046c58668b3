using Gbi.Events;
using Gbi.Infer;
using Gbi.Inference.Belts;
using Gbi.Numerics;
using Gbi.Posteriors.Ratios;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

// A mass is measured with an error of 1: the interval of 68.27 % of x = 91 is from 90 to 92, and ln p(91|91)/p(91|93) = 2.
var simulator = new FunctionSimulator(["mass"], ["x"], (theta, random, x) => x[0] = theta[0] + Gauss(random));
var options = new PosteriorInferenceOptions { Training = new() { MemberCount = 1 } };
InferredPosterior inferred = PosteriorInference.Infer(simulator, Prior.Uniform("mass", 80, 100), 4000, new Seed(1), options);
EventTable observation = EventTable.FromColumns(("x", [91]));
var ratio = new LearntLikelihoodRatio(inferred.Model);
double[][] logRatios = ratio.LogRatios(observation, Masses(91), Masses(93));
Console.WriteLine($"ln p(x|91)/p(x|93) = {logRatios[0][0]:F1}");

// The simulator gives the distribution of -2 ln λ at each mass of a grid: intervals cover, however wrong the ratio is.
EventTable grid = Masses([.. Enumerable.Range(0, 17).Select(i => 89 + (0.25f * i))]);
var belt = LikelihoodRatioBelt.Build(ratio, simulator, grid, new LikelihoodRatioBeltOptions { ToyCount = 400 }, new Seed(2));
BeltInterval interval = belt.Accept(observation, 0.6827).Interval();
(BeltEnd low, BeltEnd high) = (interval.Lower, interval.Upper);
Console.WriteLine($"mass from {low.Value:F2} ± {low.Error:F2} to {high.Value:F2} ± {high.Error:F2}");

static EventTable Masses(params float[] masses) => EventTable.FromColumns(("mass", masses));
static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
