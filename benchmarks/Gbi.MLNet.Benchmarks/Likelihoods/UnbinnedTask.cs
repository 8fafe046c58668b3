using System.Text.Json;
using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;

namespace Gbi.Benchmarks.Likelihoods;

/// <summary>
/// Task t3 (benchmarks/peers/t3): signal and background with five nuisance parameters that are quadratic in the exponents of yields and
/// densities; t3b is the same with up/down ratios, interpolated by the polynomial of code 4.
/// </summary>
internal sealed class UnbinnedTask
{
    private static readonly string[] Names = ["signal", "background"];

    private readonly float[] _ratio;
    private readonly float[] _linear;
    private readonly float[] _quadratic;
    private readonly double[] _yields;
    private readonly double[][] _yieldLinear;
    private readonly double[][] _yieldQuadratic;

    private UnbinnedTask(string folder)
    {
        using var model = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "model.json")));
        JsonElement root = model.RootElement;
        _ratio = RawFiles.Floats(folder, "g.f32");
        _linear = RawFiles.Floats(folder, "d1.f32");
        _quadratic = RawFiles.Floats(folder, "d2.f32");
        _yields = [root.GetProperty("S0").GetDouble(), root.GetProperty("B0").GetDouble()];
        _yieldLinear = root.GetProperty("a1").Deserialize<double[][]>()!;
        _yieldQuadratic = root.GetProperty("a2").Deserialize<double[][]>()!;
    }

    private int NuisanceCount => _yieldLinear[0].Length;

    public static UnbinnedTask Read(string folder) => new(folder);

    /// <summary>The exponents as they are.</summary>
    public Likelihood Exponents() => Build(
        (p, k) => YieldFactor.Exponential(Nuisance(k), _yieldLinear[p][k], _yieldQuadratic[p][k]),
        (p, k) => ExponentialVariation.Quadratic(Nuisance(k), Name("d1", p, k), Name("d2", p, k)),
        [.. Pairs("d1", (p, k) => Column(_linear, p, k)), .. Pairs("d2", (p, k) => Column(_quadratic, p, k))]);

    /// <summary>The same variations as ratios at one standard deviation up and down.</summary>
    public Likelihood UpDown() => Build(
        (p, k) => YieldFactor.Interpolated(
            Nuisance(k), Math.Exp(_yieldQuadratic[p][k] - _yieldLinear[p][k]), Math.Exp(_yieldQuadratic[p][k] + _yieldLinear[p][k])),
        (p, k) => new UpDownVariation(Nuisance(k), Name("down", p, k), Name("up", p, k)),
        [.. Pairs("down", (p, k) => Ratios(p, k, -1)), .. Pairs("up", (p, k) => Ratios(p, k, +1))]);

    private static string Nuisance(int k) => $"nu{k}";

    private static string Name(string kind, int p, int k) => $"{kind}_{Names[p]}_{k}";

    private Likelihood Build(
        Func<int, int, YieldFactor> yield, Func<int, int, ShapeVariation> shape,
        IEnumerable<KeyValuePair<string, ReadOnlyMemory<float>>> columns)
    {
        var channel = new UnbinnedChannel("events", [.. Names.Select((name, p) => new Process(name, _yields[p])
        {
            Ratio = p == 0 ? "g" : null,
            YieldFactors =
            [
                .. p == 0 ? [YieldFactor.Strength("mu")] : Array.Empty<YieldFactor>(),
                .. Enumerable.Range(0, NuisanceCount).Select(k => yield(p, k))
            ],
            ShapeVariations = [.. Enumerable.Range(0, NuisanceCount).Select(k => shape(p, k))],
        })]);
        var model = new LikelihoodModel(
            [
                new FitParameter { Name = "mu", Initial = 1 },
                .. Enumerable.Range(0, NuisanceCount).Select(k => new NuisanceParameter(Nuisance(k)))
            ],
            [channel], "mu");
        var events = new EventTable([KeyValuePair.Create("g", new ReadOnlyMemory<float>(_ratio)), .. columns], _ratio.Length);
        return new Likelihood(model, new ObservedData { Events = [events], Auxiliary = model.ObservedAuxiliary });
    }

    private IEnumerable<KeyValuePair<string, ReadOnlyMemory<float>>> Pairs(string kind, Func<int, int, ReadOnlyMemory<float>> column) =>
        from p in Enumerable.Range(0, Names.Length)
        from k in Enumerable.Range(0, NuisanceCount)
        select KeyValuePair.Create(
            Name(kind, p, k), column(p, k));

    private ReadOnlyMemory<float> Column(float[] all, int p, int k) =>
        all.AsMemory(((p * NuisanceCount) + k) * _ratio.Length, _ratio.Length);

    private ReadOnlyMemory<float> Ratios(int p, int k, int sign)
    {
        ReadOnlySpan<float> linear = Column(_linear, p, k).Span;
        ReadOnlySpan<float> quadratic = Column(_quadratic, p, k).Span;
        float[] ratios = new float[linear.Length];
        for (int i = 0; i < ratios.Length; i++)
        {
            ratios[i] = (float)Math.Exp((sign * (double)linear[i]) + quadratic[i]);
        }

        return ratios;
    }
}
