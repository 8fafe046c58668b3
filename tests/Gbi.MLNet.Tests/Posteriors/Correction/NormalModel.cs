using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Models;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Correction;

/// <summary>q(θ|x) = N(mean, σ² I), whatever x is; parameters t0, t1, …</summary>
internal sealed class NormalModel(int width, double sigma, double mean = 0) : IPosteriorModel
{
    public IReadOnlyList<string> Parameters { get; } = [.. Enumerable.Range(0, width).Select(k => $"t{k}")];

    public IReadOnlyList<string> Features => ["x"];

    public Posterior Posterior => new(this, EventTable.FromColumns(("x", [0])), []);

    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default) =>
        [.. Enumerable.Range(0, parameters.Count).Select(row =>
            Parameters.Sum(name => Normal.PDFLn(mean, sigma, parameters[name][row])))];

    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        EventTable table = EventTable.FromColumns([.. Parameters.Select((name, k) =>
        {
            Random random = seed.Child(k).CreateRandom();
            return (name, Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(mean, sigma)).ToArray());
        })]);
        return new PosteriorDraws(table, LogDensity(table, observations, cancellation), count);
    }
}
