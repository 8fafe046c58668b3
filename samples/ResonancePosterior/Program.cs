using Gbi.Events;
using Gbi.Infer;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

// A data set is 10,000 dijet events with a resonance of unknown mass (TeV), relative width and share of the events. What is kept of it:
// counts of 61 bins of the dijet mass, and mean and standard deviation of the masses.
const int Events = 10_000;
const int Bins = 61;
var simulator = new FunctionSimulator(
    ["mass", "width", "strength"],
    [.. Enumerable.Range(0, Bins).Select(bin => $"count_{bin}"), "mean", "deviation"],
    (theta, random, x) => Summarise(Simulate(theta, random), x));
Prior prior = Prior.Independent(
    Prior.Uniform("mass", 3.2, 3.8), Prior.Uniform("width", 0.02, 0.12), Prior.Uniform("strength", 0.05, 0.3));
InferredPosterior inferred = PosteriorInference.Infer(simulator, prior, 2_000, new Seed(1));
foreach (var verdict in inferred.Report.Verdicts)
{
    Console.WriteLine(verdict.Text);
}

// One data set with a resonance of 3.5 TeV, a width of 7 %, in 15 % of the events.
EventTable truth = EventTable.FromColumns(("mass", [3.5f]), ("width", [0.07f]), ("strength", [0.15f]));
Posterior posterior = inferred.Posterior.Given(simulator.Simulate(truth, new Seed(2)));
foreach (ParameterSummary parameter in posterior.Summarise(10_000, new Seed(3)).Parameters)
{
    CredibleInterval interval = parameter.Central[0];
    Console.WriteLine(
        $"{parameter.Name,-8} {parameter.Mean:F3} ± {parameter.StandardDeviation:F3}, 68 %: {interval.Low:F3} to {interval.High:F3}");
}

static float[] Simulate(ReadOnlySpan<double> theta, Random random)
{
    double strength = theta[2];
    int signal = Enumerable.Range(0, Events).Count(_ => random.NextDouble() < strength);
    var seed = new Seed((ulong)random.NextInt64());
    var resonance = new DijetSimulation { ResonanceMass = theta[0], DijetMassResolution = theta[1] };
    return
    [
        .. DijetSimulator.Signal(signal, seed.Child("signal"), resonance)[DijetSimulator.Mass],
        .. DijetSimulator.Background(Events - signal, seed.Child("background"))[DijetSimulator.Mass],
    ];
}

static void Summarise(float[] masses, Span<double> x)
{
    x.Clear();
    foreach (float mass in masses)
    {
        x[Math.Clamp((int)((mass - 2.6) / 0.04), 0, Bins - 1)]++;
    }

    double mean = masses.Average(mass => (double)mass);
    (x[Bins], x[Bins + 1]) = (mean, Math.Sqrt(masses.Average(mass => (mass - mean) * (mass - mean))));
}
