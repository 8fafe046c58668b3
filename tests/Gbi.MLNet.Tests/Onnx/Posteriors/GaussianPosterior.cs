using System.Globalization;

namespace Gbi.Tests.Onnx.Posteriors;

/// <summary>
/// Networks whose densities are known: θ given x is normal with mean g x and standard deviation s in every parameter, or x given θ with
/// mean θ. Parameters a, b, …, as many features x0, x1, ….
/// </summary>
internal static class GaussianPosterior
{
    public static string Names(int width) => string.Join(',', "abcdef"[..width].ToCharArray());

    public static string Features(int width) => string.Join(',', Enumerable.Range(0, width).Select(k => $"x{k}"));

    /// <summary>A uniform prior of all parameters.</summary>
    public static string Box(int width, double low, double high) => Prior(
        width, string.Create(CultureInfo.InvariantCulture, $"\"uniform\": [{low}, {high}]"));

    /// <summary>A normal prior around 0 of all parameters.</summary>
    public static string Normal(int width, double deviation) => Prior(
        width, string.Create(CultureInfo.InvariantCulture, $"\"normal\": {{ \"mean\": 0, \"sd\": {deviation} }}"));

    /// <summary>θ = g x + s z with the first of the standard normal numbers z; further ones are taken and not used.</summary>
    public static NetworkFile Sampler(int width, float gain, float deviation, string prior, int noise = 0)
    {
        noise = noise == 0 ? width : noise;
        float[] first = new float[noise * width];
        for (int k = 0; k < Math.Min(noise, width); k++)
        {
            first[(k * width) + k] = 1;
        }

        NetworkFile file = File("posterior", width, prior).Input("noise", -1, noise).Input("features", -1, width)
            .Constant("first", first, noise, width).Constant("gain", [gain], 1).Constant("deviation", [deviation], 1)
            .Node("MatMul", "z", "noise", "first").Node("Mul", "mean", "features", "gain").Node("Mul", "spread", "z", "deviation")
            .Node("Add", "theta", "mean", "spread").Output("theta", -1, width);
        return WithDensity(file, "z", width, deviation);
    }

    /// <summary>ln N(θ; g x, s²).</summary>
    public static NetworkFile Density(int width, float gain, float deviation, string prior) => WithDensity(
        File("posterior_density", width, prior).Input("theta", -1, width).Input("features", -1, width)
            .Constant("gain", [gain], 1).Constant("deviation", [deviation], 1)
            .Node("Mul", "mean", "features", "gain").Node("Sub", "off", "theta", "mean").Node("Div", "z", "off", "deviation"),
        "z", width, deviation);

    /// <summary>ln N(x; θ, s²).</summary>
    public static NetworkFile Likelihood(int width, float deviation, string prior) => WithDensity(
        File("likelihood_density", width, prior).Input("features", -1, width).Input("theta", -1, width)
            .Constant("deviation", [deviation], 1).Node("Sub", "off", "features", "theta").Node("Div", "z", "off", "deviation"),
        "z", width, deviation);

    private static string Prior(int width, string density) =>
        $$"""{ "gbiPrior": "1", "parameters": [ {{string.Join(", ", Names(width).Split(',').Select(
            name => $"{{ \"name\": \"{name}\", {density} }}"))}} ] }""";

    private static NetworkFile File(string kind, int width, string prior) => new()
    {
        Metadata =
        {
            ["gbi.kind"] = kind, ["gbi.theta"] = Names(width), ["gbi.features"] = Features(width), ["gbi.prior"] = prior,
        },
    };

    /// <summary>log_density = −½ Σ z² − d ln s − ½ d ln 2π.</summary>
    private static NetworkFile WithDensity(NetworkFile file, string z, int width, float deviation)
    {
        float norm = (float)(width * (Math.Log(deviation) + (0.5 * Math.Log(2 * Math.PI))));
        return file.Constant("minus_half", [.. Enumerable.Repeat(-0.5f, width)], width, 1).Constant("norm", [norm], 1)
            .Node("Mul", "squares", z, z).Node("MatMul", "sum", "squares", "minus_half").Node("Sub", "log_density", "sum", "norm")
            .Output("log_density", -1, 1);
    }
}
