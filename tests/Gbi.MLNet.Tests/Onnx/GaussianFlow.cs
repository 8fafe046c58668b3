namespace Gbi.Tests.Onnx;

/// <summary>
/// A conditional generator whose density is known: feature j is m aⱼ + bⱼ + sⱼ z with standard normal z, so that x given m is normal with
/// mean m a + b and standard deviations s.
/// </summary>
internal static class GaussianFlow
{
    /// <summary>The generator, without log density.</summary>
    public static NetworkFile Generator(string features, float[] slopes, float[] offsets, float[] widths)
    {
        var file = new NetworkFile { Metadata = { ["gbi.kind"] = "generator", ["gbi.features"] = features, ["gbi.mass"] = "mjj" } };
        return file.Input("noise", -1, slopes.Length).Input("mass", -1, 1)
            .Constant("slopes", slopes, 1, slopes.Length)
                .Constant("offsets", offsets, slopes.Length)
                .Constant("widths", widths, slopes.Length)
            .Node("MatMul", "moved", "mass", "slopes").Node("Add", "mean", "moved", "offsets").Node("Mul", "spread", "noise", "widths")
            .Node("Add", "features", "mean", "spread").Output("features", -1, slopes.Length);
    }

    /// <summary>Its log density of one feature, ln p(x | m) = −(x − m a − b)²/2s² − ln s − ½ ln 2π.</summary>
    public static NetworkFile Density(string feature, float slope, float offset, float width)
    {
        var file = new NetworkFile { Metadata = { ["gbi.kind"] = "density", ["gbi.features"] = feature, ["gbi.mass"] = "mjj" } };
        return WithDensity(file.Input("features", -1, 1).Input("mass", -1, 1), "features", slope, offset, width);
    }

    /// <summary>The generator of one feature with its log density.</summary>
    public static NetworkFile GeneratorWithDensity(string feature, float slope, float offset, float width) =>
        WithDensity(Generator(feature, [slope], [offset], [width]), "features", slope, offset, width);

    private static NetworkFile WithDensity(NetworkFile file, string features, float slope, float offset, float width) => file
        .Constant("a", [slope], 1).Constant("b", [offset], 1).Constant("s", [width], 1)
        .Constant("half", [-0.5f], 1).Constant("norm", [(float)(Math.Log(width) + (0.5 * Math.Log(2 * Math.PI)))], 1)
        .Node("Mul", "am", "mass", "a")
            .Node("Add", "centre", "am", "b")
            .Node("Sub", "off", features, "centre")
            .Node("Div", "pull", "off", "s")
        .Node("Mul", "squared", "pull", "pull").Node("Mul", "halved", "squared", "half").Node("Sub", "log_density", "halved", "norm")
        .Output("log_density", -1, 1);
}
