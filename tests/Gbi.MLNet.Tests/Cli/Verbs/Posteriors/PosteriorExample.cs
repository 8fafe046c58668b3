using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Cli.Verbs.Posteriors;

/// <summary>Files of a small inference: a is uniform in (0, 1), x = a + n with n normal, y is noise.</summary>
internal sealed class PosteriorExample : IDisposable
{
    public const double Width = 0.1;

    private readonly ScratchFolder _folder = new();

    public PosteriorExample()
    {
        File.WriteAllText(this["prior.json"], PriorOf(0, 1));
        File.WriteAllText(this["observed.csv"], "x,y\n0.5,0.1\n");
        File.WriteAllText(this["several.csv"], "y,x\n0.1,0.25\n0.2,0.5\n0.3,9\n");
    }

    public string this[string name] => _folder[name];

    public static string PriorOf(double low, double high) => FormattableString.Invariant(
        $$"""{ "gbiPrior": "1", "parameters": [ { "name": "a", "uniform": [{{low}}, {{high}}] } ] }""");

    /// <summary>Writes simulations; every n-th fails.</summary>
    public string Simulations(string name, int count, ulong seed, double width = Width, int failsEvery = 0)
    {
        var origin = new Seed(seed);
        EventTable points = Prior.Uniform("a", 0, 1).Draw(count, origin.Child("points"));
        float[] x = new float[count], y = new float[count], seeds = [.. Enumerable.Range(1, count)];
        for (int row = 0; row < count; row++)
        {
            (double first, double second) = origin.Child("noise").NormalPair(row);
            x[row] = failsEvery > 0 && row % failsEvery == 0 ? float.NaN : points["a"][row] + (float)(width * first);
            y[row] = (float)second;
        }

        ParquetEventWriter.Write(
            this[name], points.WithColumn("seed", seeds).WithColumn("x", x).WithColumn("y", y),
            new ParquetWriteOptions { Overwrite = true });
        return this[name];
    }

    /// <summary>A program that makes the same kind of simulations, each batch after a pause.</summary>
    public string Simulator(double seconds = 0)
    {
        File.WriteAllText(this["sim.awk"], """
            function u(k, v) { v = sin($2 % 1000003 * (k + 12.9898)) * 43758.5453; return v - int(v) + (v < 0) }
            NR == 1 { print "x"; next }
            { print $1 + 0.2 * (u(1) + u(2) + u(3) - 1.5) }
            """);
        return FormattableString.Invariant($"sh -c \"sleep {seconds}; awk -F, -f {this["sim.awk"]} {{in.csv}} > {{out.csv}}\"");
    }

    public string[] Infer(string output, params string[] others) =>
        ["infer", "--prior", this["prior.json"], "--members", "1", "--out", this[output], .. others];

    public void Dispose() => _folder.Dispose();
}
