using System.Text.Json;
using Gbi.Inference;
using Gbi.Systematics;

namespace Gbi.Benchmarks;

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
    public UnbinnedLikelihood Exponents() => Build(
        (p, k) => YieldFactor.Exponential(Name(k), _yieldLinear[p][k], _yieldQuadratic[p][k]),
        (p, k) => ExponentialVariation.Quadratic(Name(k), Column(_linear, p, k), Column(_quadratic, p, k)));

    /// <summary>The same variations as ratios at one standard deviation up and down.</summary>
    public UnbinnedLikelihood UpDown() => Build(
        (p, k) => YieldFactor.Interpolated(
            Name(k), Math.Exp(_yieldQuadratic[p][k] - _yieldLinear[p][k]), Math.Exp(_yieldQuadratic[p][k] + _yieldLinear[p][k])),
        (p, k) => new UpDownVariation(Name(k), Ratios(p, k, -1), Ratios(p, k, +1)));

    private static string Name(int k) => $"nu{k}";

    private UnbinnedLikelihood Build(Func<int, int, YieldFactor> yield, Func<int, int, ShapeVariation> shape) => new(new UnbinnedModel
    {
        FreeParameters = ["mu"],
        Nuisances = [.. Enumerable.Range(0, NuisanceCount).Select(k => new NuisanceParameter(Name(k)))],
        Processes = [.. Names.Select((name, p) => new Process(name, _yields[p])
        {
            Ratio = p == 0 ? _ratio : default(ReadOnlyMemory<float>),
            YieldFactors = [.. p == 0 ? [YieldFactor.Strength("mu")] : Array.Empty<YieldFactor>(), .. Enumerable.Range(0, NuisanceCount).Select(k => yield(p, k))],
            ShapeVariations = [.. Enumerable.Range(0, NuisanceCount).Select(k => shape(p, k))],
        })],
    });

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
