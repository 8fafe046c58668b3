using Gbi.Events;
using Gbi.Infer;
using Gbi.Numerics;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

// Two measurements of a mass with errors of 1 and 2: their posterior is normal, with the mean 90.8 and the width 0.89.
var simulator = new FunctionSimulator(["mass"], ["x1", "x2"], (theta, random, x) =>
    (x[0], x[1]) = (theta[0] + Gauss(random), theta[0] + (2 * Gauss(random))));
Prior prior = Prior.Uniform("mass", 80, 100);
InferredPosterior inferred = PosteriorInference.Infer(simulator, prior, 10_000, new Seed(1));
Posterior posterior = inferred.Posterior.Given(EventTable.FromColumns(("x1", [91]), ("x2", [90])));
ParameterSummary mass = posterior.Summarise(10_000, new Seed(2)).Parameters[0];
Console.WriteLine($"mass = {mass.Mean:F1} ± {mass.StandardDeviation:F1}; {inferred.Report.Verdicts[0].Text}");

// Here p(x|mass) can be computed: weights make the posterior exact and give the evidence, ln Z = -4.819.
CorrectedPosterior exact = posterior.CorrectedBy(prior, LogLikelihood, new Seed(3));
mass = exact.Summarise().Parameters[0];
Console.WriteLine($"mass = {mass.Mean:F2} ± {mass.StandardDeviation:F2}, ln Z = {exact.LogEvidence:F2}, efficiency {exact.Efficiency:F2}");

static double[] LogLikelihood(EventTable points) =>
    [.. points["mass"].ToArray().Select(mass => LogNormal(91 - mass, 1) + LogNormal(90 - mass, 2))];
static double LogNormal(double distance, double width) =>
    (-distance * distance / (2 * width * width)) - Math.Log(width * Math.Sqrt(Math.Tau));
static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
