using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Csv;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Onnx.Posteriors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Onnx.Posteriors;

/// <summary>
/// The flows that src/training/train_posterior.py learnt: a, b ~ N(0, 0.1), x ~ N(a, 0.1), y ~ N(b, 0.1), so that a, b given x, y are
/// N(x/2, 0.05), N(y/2, 0.05); variances.
/// </summary>
[TestFixture]
internal sealed class TrainedFlowTests
{
    private static readonly double Width = Math.Sqrt(0.1);
    private static readonly double PosteriorWidth = Math.Sqrt(0.05);

    private static string Fixture(string name) => Checkout.File("tests", "Gbi.MLNet.Tests", "Onnx", "Fixtures", name);

    private static EventTable Parity(string name) => CsvEventReader.Read(Fixture(name), null, new EventReadOptions());

    [TestCase("posterior", 3), TestCase("posterior.density", 1), TestCase("likelihood", 1)]
    public void They_give_here_what_they_gave_in_PyTorch(string name, int outputs)
    {
        var parity = NetworkParity.Measure(Fixture(name + ".onnx"), Parity(name + ".parity.csv"));
        Assert.That(parity.Outputs, Has.Count.EqualTo(outputs));
        Assert.That(parity.MaxDifference, Is.LessThan(NetworkParity.FlowTolerance));
    }

    [Test]
    public void Their_densities_are_near_the_closed_form()
    {
        // Root mean square of the differences when they were learnt: 0.09 and 0.11.
        using var posterior = OnnxPosterior.Open(Fixture("posterior.onnx"));
        using var likelihood = OnnxLikelihood.Open(Fixture("likelihood.onnx"));
        EventTable pairs = Parity("likelihood.parity.csv");
        Near(posterior.LogDensity(pairs, pairs), row => Normal.PDFLn(pairs["x"][row] / 2.0, PosteriorWidth, pairs["a"][row])
            + Normal.PDFLn(pairs["y"][row] / 2.0, PosteriorWidth, pairs["b"][row]));
        Near(likelihood.LogDensity(pairs, pairs), row =>
            Normal.PDFLn(pairs["a"][row], Width, pairs["x"][row]) + Normal.PDFLn(pairs["b"][row], Width, pairs["y"][row]));

        static void Near(double[] found, Func<int, double> exact) => Assert.That(
            Math.Sqrt(found.Select((value, row) => value - exact(row)).Average(difference => difference * difference)),
            Is.LessThan(0.15));
    }

    [Test]
    public void Draws_of_the_posterior_are_calibrated_on_fresh_pairs()
    {
        using var posterior = OnnxPosterior.Open(Fixture("posterior.onnx"));
        const int Count = 400;
        EventTable theta = posterior.Prior.Draw(Count, new Seed(1));
        float[] Observed(string name) => [.. theta[name].ToArray().Select((value, row) =>
            value + (float)(Width * new Seed(2).Child(name).NormalPair(row).First))];
        EventTable x = EventTable.FromColumns(("x", Observed("a")), ("y", Observed("b")));

        var ranks = PosteriorRanks.Of(posterior, new TestPairs(theta, x, posterior.Prior), 199, new Seed(3));
        PosteriorReport report = PosteriorTests.Run(ranks, new PosteriorTestOptions(), new Seed(3));

        // Gain ln(σ_prior/σ_posterior) of each parameter.
        Assert.That(report.IsOverConfident, Is.False);
        Assert.That(ranks.InformationGains.Average(), Is.EqualTo(Math.Log(2)).Within(0.15));
        Assert.That(posterior.Given(x.Slice(0, 1)).Warnings, Is.Empty);
    }
}
