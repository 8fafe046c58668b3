using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;

// Signal is a unit Gaussian at +1/2, background one at -1/2, so that the log ratio of an event is x. Expected are 500 and 9,500 events.
var random = new Random(1);
EventTable events = EventTable.FromColumns(
    ("log_ratio", [.. Draw(0.5, 600), .. Draw(-0.5, 9_400)]));
IEnumerable<float> Draw(double mean, int count) => Enumerable.Range(0, count).Select(_ => (float)(mean + Gauss()));
double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());

// mu scales the signal; the background's rate is known to 2 %.
LikelihoodModel model = new LikelihoodModelBuilder()
    .AddParameter("mu", initial: 1, lower: 0, upper: 10)
    .AddNuisance("rate", Constraint.LogNormal(kappa: 1.02))
    .AddChannel(new UnbinnedChannel("sr",
    [
        new Process("signal", 500) { YieldFactors = [YieldFactor.Strength("mu")], LogRatio = "log_ratio" },
        new Process("background", 9_500) { YieldFactors = [YieldFactor.Strength("rate")] },
    ]))
    .WithParameterOfInterest("mu")
    .Build();

var fits = ProfileLikelihood.Of(new Likelihood(model, new ObservedData { Events = [events], Auxiliary = model.ObservedAuxiliary }));
FitResult fit = fits.Fit();
ConfidenceInterval interval = ProfileInterval.Of(fits, lower: 0);
Console.WriteLine($"mu = {fit.Parameters[0]:F3} ± {fit.Errors[0]:F3}, 68 % interval {interval.Lower:F3} to {interval.Upper:F3}");
Console.WriteLine($"rate = {fit.Parameters[1]:F4} ± {fit.Errors[1]:F4}");
